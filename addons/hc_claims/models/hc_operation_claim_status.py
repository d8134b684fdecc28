# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.hc_core.operations import OperationDefinition, OperationError
from odoo.addons.hc_revenue_base.hc_core.schema_parts import FLAG, ID, record, rows, text

from .hc_claim_status import outcome_of
from .hc_exchange_acknowledgement import ANSWER_GROUPS, _note_payer_numbers

# Nobody outside can have an opinion about a claim that was not sent.
_UNSENT = ("draft", "held", "ready")
_STATUSES_MAX = 50


class HcClaimStatus(models.Model):
    """What another system said of a claim, not by a 277CA or 277 file."""

    _inherit = "hc.claim.status"

    origin = fields.Selection(
        selection_add=[("system", "Another System")], ondelete={"system": "cascade"}
    )


class HcOperation(models.AbstractModel):
    """Record what a clearinghouse or payer said of a claim; no money moves by it."""

    _inherit = "hc.operation"

    @api.model
    def _get_operations(self):
        return super()._get_operations() + [self._define_record_claim_status()]

    @api.model
    def _define_record_claim_status(self):
        status = record(
            ("category", "status_code"),
            category=text(3, minLength=2),
            status_code=text(8, minLength=1),
            entity_code=text(3, minLength=1),
            procedure_code=text(20, minLength=1),
        )
        return OperationDefinition(
            code="claim.record_status",
            version=1,
            summary=self.env._(
                "Record what a clearinghouse or payer said of a claim that was sent."
            ),
            schema_in=record(
                ("claim_number", "effective_on", "statuses"),
                claim_number=text(20, minLength=1),
                effective_on={"type": "string", "format": "date", "maxLength": 10},
                statuses=rows(status, _STATUSES_MAX),
                payer_claim_number=text(64, minLength=1),
                message=text(500, minLength=1),
                exchange_id=ID,
            ),
            schema_out=record(
                ("claim_number", "state", "is_new"),
                claim_number=text(20),
                state=text(32),
                is_new=FLAG,
            ),
            groups=ANSWER_GROUPS,
            handler="_operation_record_claim_status",
        )

    @api.model
    def _operation_record_claim_status(self, payload):
        if not payload["statuses"]:
            raise OperationError("payload_invalid", problems="/statuses is empty")
        claim = self._find_visible(
            "hc.claim", [("name", "=", payload["claim_number"])], "claim of this number"
        )
        facility = claim.sudo().facility_id
        if fields.Date.to_date(payload["effective_on"]) > self._get_latest_day(facility):
            raise OperationError("payload_invalid", problems="/effective_on lies ahead")
        if claim.state in _UNSENT:
            raise OperationError("rejected", reason=self.env._("The claim has not been sent."))
        # Who may bring answers in does so as a file does: beyond the rights to change a claim.
        claim_sudo = claim.sudo()
        statuses_sudo = (
            self.env["hc.claim.status"].sudo()._note(self._prepare_claim_statuses(payload, claim))
        )
        claim_sudo.invalidate_recordset(["status_ids"], flush=False)
        _note_payer_numbers(statuses_sudo)
        claim_sudo._follow_statuses(statuses_sudo)
        return {
            "claim_number": claim.name,
            "state": claim_sudo.state,
            "is_new": bool(statuses_sudo),
        }

    @api.model
    def _prepare_claim_statuses(self, payload, claim):
        common = {
            "claim_id": claim.id,
            "batch_id": claim.batch_id.id,
            "company_id": claim.company_id.id,
            "facility_id": claim.facility_id.id,
            "origin": "system",
            "effective_on": fields.Date.to_date(payload["effective_on"]),
            "payer_claim_number": payload.get("payer_claim_number"),
            "message": payload.get("message"),
        }
        if "exchange_id" in payload:
            common["exchange_id"] = self._find_visible(
                "hc.exchange", [("id", "=", payload["exchange_id"])], "exchange"
            ).id
        return [
            {
                **common,
                "outcome": outcome_of(status["category"]),
                "category": status["category"],
                "status_code": status["status_code"],
                "entity_code": status.get("entity_code"),
                "line_number": status.get("procedure_code"),
            }
            for status in payload["statuses"]
        ]
