# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import re
from functools import partial

from werkzeug.exceptions import HTTPException

from odoo import models
from odoo.http import request

from ..hc_webhook_core.openapi import problem
from ..tools.border_memory import MEMORY

# A key of this scope opens the operations and nothing else: neither the external interface nor
# a session.
OPERATION_SCOPE = "hc.operations"
# Everything of the border, while there is no database to ask.
STANDBY_PATH = "/hc/v1/<path:rest>"
_BEARER = "bearer "
_KEY = re.compile(r"[0-9a-f]{40}")
_PAUSED_SECONDS = 300


class IrHttp(models.AbstractModel):
    """How a system proves who it is to the operations: by a key, never by a session."""

    _inherit = "ir.http"

    def _generate_routing_rules(self, modules, converters):
        """With a database the border's own addresses answer; see the standby for without."""
        for url, endpoint in super()._generate_routing_rules(modules, converters):
            if url != STANDBY_PATH:
                yield url, endpoint

    @classmethod
    def _auth_method_hc_key(cls):
        header = request.httprequest.headers.get("Authorization") or ""
        key = header[len(_BEARER) :].strip() if header.lower().startswith(_BEARER) else ""
        # What is no key at all, a NUL among it that no database keeps, is not looked up.
        user_id = bool(_KEY.fullmatch(key)) and request.env["res.users.apikeys"]._check_credentials(
            scope=OPERATION_SCOPE, key=key
        )
        # The browser's session, where one came along, gives no right and no company.
        request.session.can_save = False
        request.update_env(user=user_id or None, context={}, su=False)
        source = request.env["hc.integration.key"]._find_source(user_id, key) if user_id else None
        if not source:
            raise _refuse(
                "unauthorized",
                "Send a valid key as Authorization: Bearer.",
                {"WWW-Authenticate": "Bearer"},
            )
        if source.state == "paused":
            raise _refuse(
                "source_paused",
                "This system is paused. Call again later.",
                {"Retry-After": str(_PAUSED_SECONDS)},
            )
        _spend_token(source)
        # For this request: what the key opens is its system's business as well as its user's.
        request.hc_source_id = source.id
        request.update_context(allowed_company_ids=source.company_id.ids)


def _spend_token(source):
    """Count the call against the rate of its system, messages included."""
    rates = request.env["hc.integration.rate"]
    take = partial(rates._take_block, source.id, source.rate_per_minute)
    wait_seconds = MEMORY.spend((request.db, source.id), take)
    if wait_seconds:
        raise _refuse(
            "rate_exceeded",
            f"More than {source.rate_per_minute} messages and calls a minute.",
            {"Retry-After": str(wait_seconds)},
        )


def _refuse(code, detail, headers):
    body = problem(code, detail)
    response = request.make_json_response(
        body,
        status=body["status"],
        headers={"Content-Type": "application/problem+json", **headers},
    )
    return HTTPException(response=response)
