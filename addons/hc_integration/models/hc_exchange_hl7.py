# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.hc_core.operations import OperationDefinition, OperationError
from odoo.addons.hc_revenue_base.hc_core.schema_parts import ID, optional, record, text
from odoo.addons.hc_revenue_base.models.hc_exchange_processing import IMPORT_GROUPS

from ..hc_fhir.findings import DocumentError, Finding
from ..hc_fhir.v2_ack import build_ack
from ..hc_fhir.v2_messages import read_hl7
from ..hc_fhir.v2_reader import read_message

_ANSWER_LENGTH_MAX = 20_000


class HcExchange(models.Model):
    """HL7 v2 messages: the same steps as FHIR, and the acknowledgement for the sender."""

    _inherit = "hc.exchange"

    document_type = fields.Selection(
        selection_add=[("hl7v2", "HL7 v2 (ADT, DFT)")], ondelete={"hl7v2": "cascade"}
    )

    def _handle_hl7v2(self, checkpoint):
        """Process an HL7 v2 message from where it stopped; see :meth:`_process`."""
        return self._handle_clinical(checkpoint)

    def _parse_clinical(self, content):
        if self.sudo().document_type != "hl7v2":
            return super()._parse_clinical(content)
        return read_hl7(content)

    def _get_hl7_answer(self):
        """The ACK of a message that was processed.

        AA: all of it was taken in; AE: some of it was refused, its fields are named; AR: it could
        not be read.

        :return: the text, or None while the message waits
        """
        self.ensure_one()
        self_sudo = self.sudo()
        if self_sudo.state not in ("done", "rejected"):
            return None
        try:
            with self_sudo._open_payload() as payload:
                message = read_message(payload.read())
        except DocumentError:
            message = None
        refused = self_sudo.row_ids.filtered(lambda row: row.result == "refused")
        findings = [_as_finding(row) for row in refused]
        code = "AR" if self_sudo.state == "rejected" else "AE" if findings else "AA"
        made_at = fields.Datetime.context_timestamp(self, self_sudo.finished_at)
        return build_ack(message, code, f"HC{self.id}", made_at, findings)


def _as_finding(row):
    path, _colon, reason = row.message.partition("\n")[0].partition(": ")
    return Finding(path, "", reason)


class HcOperation(models.AbstractModel):
    """Fetch the answer to an HL7 v2 message."""

    _inherit = "hc.operation"

    @api.model
    def _get_operations(self):
        return [*super()._get_operations(), self._define_hl7_answer()]

    @api.model
    def _define_hl7_answer(self):
        return OperationDefinition(
            code="hl7.fetch_answer",
            version=1,
            summary=self.env._(
                "The acknowledgement (ACK) of an HL7 v2 message handed over before."
            ),
            schema_in=record(("exchange_id",), exchange_id=ID),
            schema_out=record(
                ("state", "answer"), state=text(32), answer=optional(text(_ANSWER_LENGTH_MAX))
            ),
            groups=IMPORT_GROUPS,
            handler="_operation_fetch_hl7_answer",
            is_write=False,
        )

    @api.model
    def _operation_fetch_hl7_answer(self, payload):
        exchange = self.env["hc.exchange"].search(
            [("id", "=", payload["exchange_id"]), ("document_type", "=", "hl7v2")]
        )
        if not exchange:
            raise OperationError("not_found", what="HL7 v2 message of this number")
        return {"state": exchange.state, "answer": exchange._get_hl7_answer()}
