# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from base64 import b64encode

from odoo import api, models
from odoo.tools import SQL

from ..hc_core.operations import OperationDefinition, OperationError
from ..hc_core.schema_parts import ID, optional, record, rows, text
from .hc_operation_submit import SUBMIT_SIZE_MAX
from .hc_patient import PHI_GROUP

_CARRIERS = ("hc_revenue_base.group_hc_integration",)
_NUMBERS_MAX = 500


class HcOperation(models.AbstractModel):
    """Documents that leave through another system, and those that it says it has sent."""

    _inherit = "hc.operation"

    @api.model
    def _get_operations(self):
        types = self.env["hc.exchange"]._fields["document_type"].get_values(self.env)
        return super()._get_operations() + [
            OperationDefinition(
                code="exchange.collect",
                version=1,
                summary=self.env._(
                    "Fetch a document that waits to leave; nothing where it has left already."
                ),
                schema_in=record(("exchange_id",), exchange_id=ID),
                schema_out=record(
                    ("document_type", "state", "content_base64"),
                    document_type=text(64),
                    external_id=text(128),
                    name=text(256),
                    state=text(32),
                    content_base64=optional(text(SUBMIT_SIZE_MAX)),
                ),
                groups=_CARRIERS,
                handler="_operation_collect",
                is_write=False,
            ),
            OperationDefinition(
                code="exchange.finish",
                version=1,
                summary=self.env._("Report that a document was handed over to who gets it."),
                schema_in=record(("exchange_id",), exchange_id=ID),
                schema_out=record(("state",), state=text(32)),
                groups=_CARRIERS,
                handler="_operation_finish",
            ),
            OperationDefinition(
                code="exchange.list_missing",
                version=1,
                summary=self.env._("Of documents that a system has sent, those that are not here."),
                schema_in=record(
                    ("document_type", "numbers"),
                    document_type={"type": "string", "enum": types},
                    numbers=rows(text(128, minLength=1), _NUMBERS_MAX),
                ),
                schema_out=record(("missing",), missing=rows(text(128), _NUMBERS_MAX)),
                groups=_CARRIERS,
                handler="_operation_list_missing",
                is_write=False,
            ),
        ]

    @api.model
    def _find_leaving(self, payload):
        """A document of the company that leaves, beyond the rights of the caller's user.

        Integration users see what they brought in; a carrier is told of what others wrote.
        """
        exchange_sudo = self.env["hc.exchange"].sudo().browse(payload["exchange_id"]).exists()
        if exchange_sudo.direction == "out" and exchange_sudo.company_id == self.env.company:
            return exchange_sudo
        what = "document of this id that leaves"
        self._check_not_hidden(exchange_sudo, what)
        raise OperationError("not_found", what=what)

    @api.model
    def _operation_collect(self, payload):
        exchange_sudo = self._find_leaving(payload)
        if not self.env.user.has_group(PHI_GROUP):
            raise OperationError("access_denied", subject=self.env._("documents with patient data"))
        content = None
        if exchange_sudo.state == "processing":
            content = b64encode(exchange_sudo.payload_attachment_id.raw or b"").decode()
            self.env["hc.transition"].sudo()._append(
                [{"record": exchange_sudo, "kind": "event", "facts": {"event": "collected"}}]
            )
        return {
            "document_type": exchange_sudo.document_type,
            "external_id": exchange_sudo.external_id,
            "name": exchange_sudo.name,
            "state": exchange_sudo.state,
            "content_base64": content,
        }

    @api.model
    def _operation_finish(self, payload):
        exchange_sudo = self._find_leaving(payload)
        if exchange_sudo.state not in ("processing", "done"):
            raise OperationError(
                "rejected", reason=self.env._("The document does not wait to leave any more.")
            )
        if exchange_sudo.state == "processing":
            exchange_sudo._finish_sending()
        return {"state": exchange_sudo.state}

    @api.model
    def _operation_list_missing(self, payload):
        """A document is here under its number, or as a file that is called after it."""
        held = self.env.execute_query(
            SQL(
                """SELECT wanted.number FROM unnest(%(numbers)s::varchar[]) AS wanted (number)
                    WHERE EXISTS (
                          SELECT 1 FROM hc_exchange held
                           WHERE held.company_id = %(company)s AND held.direction = 'in'
                             AND held.document_type = %(type)s
                             AND (held.external_id = wanted.number
                                  OR held.name = wanted.number
                                  OR regexp_replace(held.name, '\\.[^.]*$', '')
                                     = wanted.number))""",
                numbers=payload["numbers"],
                company=self.env.company.id,
                type=payload["document_type"],
            )
        )
        known = {number for (number,) in held}
        return {"missing": [each for each in payload["numbers"] if each not in known]}
