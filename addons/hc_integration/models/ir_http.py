# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from werkzeug.exceptions import Unauthorized

from odoo import models
from odoo.http import request

from ..hc_webhook_core.openapi import problem

# A key of this scope opens the operations and nothing else: neither the external interface nor
# a session.
OPERATION_SCOPE = "hc.operations"
_BEARER = "bearer "


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
        if not user_id:
            body = problem("unauthorized", "Send a valid key as Authorization: Bearer.")
            response = request.make_json_response(
                body,
                status=body["status"],
                headers={
                    "Content-Type": "application/problem+json",
                    "WWW-Authenticate": "Bearer",
                },
            )
            raise Unauthorized(response=response)
        request.session.can_save = False
        # The browser's session, where one came along, gives no right and no company.
        request.update_env(user=user_id, context={}, su=False)
        request.update_context(allowed_company_ids=request.env.user.company_id.ids)
