# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hmac
import json

from odoo import SUPERUSER_ID, http
from odoo.exceptions import UserError
from odoo.http import request

from ..hc_kpi_core import exposition

# Code of the secret that a monitoring system shows as its bearer token.
TOKEN_CODE = "monitoring_token"  # noqa: S105 - the name of a secret is none
_ROUTE = {"type": "http", "auth": "none", "methods": ["GET"], "csrf": False, "save_session": False}


class Health(http.Controller):
    """Addresses for load balancers and monitoring systems; without a token they tell no detail."""

    @http.route("/hc/v1/health/live", **_ROUTE)
    def live(self):
        """Whether this process answers at all."""
        return _answer({"status": "ok"})

    @http.route("/hc/v1/health/ready", readonly=True, **_ROUTE)
    def ready(self):
        """Whether this process reaches its database: only then send it visitors."""
        request.env.cr.execute("SELECT 1")
        return _answer({"status": "ok"})

    @http.route("/hc/v1/health", readonly=False, **_ROUTE)
    def details(self):
        """All checks with their status, behind the token; 503 where one fails."""
        refusal = _refuse_stranger()
        if refusal:
            return refusal
        report = request.env["hc.health.page"]._make_report()
        return _answer(report, 503 if report["status"] == "failing" else 200)

    @http.route("/hc/v1/metrics", readonly=False, **_ROUTE)
    def metrics(self):
        """The same as numbers, for a monitoring system; behind the token."""
        refusal = _refuse_stranger()
        if refusal:
            return refusal
        text = exposition.render(request.env["hc.health.page"]._make_families())
        return request.make_response(text, [("Content-Type", exposition.CONTENT_TYPE)])


def _answer(document, status=200):
    headers = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
    return request.make_response(json.dumps(document), headers, status=status)


def _refuse_stranger():
    """An answer for whoever does not show the token, else None; nobody is logged in here."""
    request.update_env(user=SUPERUSER_ID)
    scheme, _space, shown = request.httprequest.headers.get("Authorization", "").partition(" ")
    try:
        tokens = request.env["hc.secret"]._get_values(TOKEN_CODE)
    except UserError:
        tokens = []
    known = False
    for token in tokens:
        # All of them, so that the time tells nothing of which was nearly right
        known |= hmac.compare_digest(token.encode(), shown.encode("utf-8", "surrogateescape"))
    if scheme.lower() == "bearer" and known:
        return None
    response = _answer({"status": "unauthorized"}, 401)
    response.headers["WWW-Authenticate"] = 'Bearer realm="monitoring"'
    return response
