# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from base64 import b64decode

from odoo import api, models

from ..hc_core import csv_safe
from ..hc_core.operations import OperationDefinition, OperationError
from ..hc_core.schema_parts import ID, record, text
from .hc_exchange_processing import IMPORT_GROUPS

# Base64 of an eight-megabyte document, with room for the rest of the input.
SUBMIT_SIZE_MAX = 12_000_000


class HcOperation(models.AbstractModel):
    """Submit a document."""

    _inherit = "hc.operation"

    @api.model
    def _get_operations(self):
        return super()._get_operations() + [self._define_submit()]

    @api.model
    def _define_submit(self):
        types = self._get_submittable_types()
        return OperationDefinition(
            code="exchange.submit",
            version=1,
            summary=self.env._("Hand over a document; it is stored first and processed after."),
            schema_in=record(
                ("document_type", "source", "external_id", "content_base64"),
                document_type={"type": "string", "enum": types},
                source=text(64, minLength=1),
                external_id=text(128, minLength=1),
                name=text(128, minLength=1),
                encoding={"type": "string", "enum": ["utf-8", "cp1252"]},
                content_base64=text(SUBMIT_SIZE_MAX, minLength=1, format="base64"),
            ),
            schema_out=record(
                ("exchange_id", "verdict", "state"),
                exchange_id=ID,
                verdict={"type": "string", "enum": ["new", "duplicate", "conflict"]},
                state=text(32),
            ),
            groups=IMPORT_GROUPS,
            handler="_operation_submit",
            size_max=SUBMIT_SIZE_MAX,
        )

    @api.model
    def _get_submittable_types(self):
        """The types of document that may be handed over; what only leaves has no handler."""
        exchanges = self.env["hc.exchange"]
        return [
            value
            for value in exchanges._fields["document_type"].get_values(self.env)
            if hasattr(exchanges, f"_handle_{value}")
        ]

    @api.model
    def _operation_submit(self, payload):
        exchanges = self.env["hc.exchange"]
        exchanges._check_may_import()
        for name in ("source", "external_id", "name"):
            if csv_safe.is_dangerous(payload.get(name, "")):
                raise OperationError("payload_invalid", problems=f"/{name} begins like a formula")
        exchange, verdict = exchanges._receive(
            payload["document_type"],
            payload["source"],
            payload["external_id"],
            b64decode(payload["content_base64"], validate=True),
            payload.get("name") or payload["external_id"],
            payload.get("encoding", "utf-8"),
        )
        if verdict == "new":
            self.env.ref("hc_revenue_base.ir_cron_process_exchanges").sudo()._trigger()
        return {"exchange_id": exchange.id, "verdict": verdict, "state": exchange.sudo().state}
