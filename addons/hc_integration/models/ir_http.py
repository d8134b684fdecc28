# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from werkzeug.exceptions import HTTPException

from odoo import models
from odoo.http import request

from ..hc_webhook_core.openapi import problem

# A key of this scope opens the operations and nothing else: neither the external interface nor
# a session.
OPERATION_SCOPE = "hc.operations"
_BEARER = "bearer "
_PAUSED_SECONDS = 300


class IrHttp(models.AbstractModel):
    """How a system proves who it is to the operations: by a key, never by a session."""

    _inherit = "ir.http"

    @classmethod
    def _auth_method_hc_key(cls):
        header = request.httprequest.headers.get("Authorization") or ""
        key = header[len(_BEARER) :].strip() if header.lower().startswith(_BEARER) else ""
        user_id = key and request.env["res.users.apikeys"]._check_credentials(
            scope=OPERATION_SCOPE, key=key
        )
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
        request.session.can_save = False
        # The browser's session, where one came along, gives no right and no company.
        request.update_env(user=user_id, context={}, su=False)
        request.update_context(allowed_company_ids=source.company_id.ids)


def _refuse(code, detail, headers):
    body = problem(code, detail)
    response = request.make_json_response(
        body,
        status=body["status"],
        headers={"Content-Type": "application/problem+json", **headers},
    )
    return HTTPException(response=response)
