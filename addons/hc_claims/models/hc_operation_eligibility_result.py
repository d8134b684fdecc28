# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib

from odoo import api, fields, models

from odoo.addons.hc_revenue_base.hc_core.operations import OperationDefinition, OperationError
from odoo.addons.hc_revenue_base.hc_core.schema_parts import DAY, FLAG, ID, record, text

from .hc_operation_eligibility import ASKING_GROUPS

# The words of the base's coverage in those of an answer.
_OUTCOMES = {"active": "active", "inactive": "inactive", "not_found": "rejected"}


class HcOperation(models.AbstractModel):
    """Record what another system found out about a coverage."""

    _inherit = "hc.operation"

    @api.model
    def _get_operations(self):
        return super()._get_operations() + [self._define_record_eligibility()]

    @api.model
    def _define_record_eligibility(self):
        day = {"type": "string", "format": "date", "maxLength": 10}
        return OperationDefinition(
            code="eligibility.record_result",
            version=1,
            summary=self.env._(
                "Record a payer's answer about a coverage that was found out elsewhere."
            ),
            schema_in=record(
                (
                    "facility_code",
                    "patient_mrn",
                    "payer_code",
                    "outcome",
                    "checked_on",
                    "reference",
                ),
                facility_code=text(32, minLength=1),
                patient_mrn=text(64, minLength=1),
                payer_code=text(32, minLength=1),
                member_id=text(64, minLength=1),
                outcome={"type": "string", "enum": list(_OUTCOMES)},
                checked_on=day,
                reference=text(64, minLength=3),
                channel={"type": "string", "enum": ["portal", "phone"]},
                plan_name=text(120, minLength=1),
                plan_date_from=day,
                plan_date_to=day,
                exchange_id=ID,
            ),
            schema_out=record(
                ("coverage_id", "is_new", "is_in_force"),
                coverage_id=ID,
                is_new=FLAG,
                is_in_force=FLAG,
                checked_on=DAY,
            ),
            groups=ASKING_GROUPS,
            handler="_operation_record_eligibility",
        )

    @api.model
    def _operation_record_eligibility(self, payload):
        self.env["hc.eligibility.inquiry"].check_access("write")
        facility = self._find_own_facility(payload["facility_code"])
        if fields.Date.to_date(payload["checked_on"]) > self._get_latest_day(facility):
            raise OperationError("payload_invalid", problems="/checked_on lies ahead")
        first, last = payload.get("plan_date_from"), payload.get("plan_date_to")
        if first and last and last < first:
            raise OperationError("payload_invalid", problems="/plan_date_to is before its begin")
        coverage = self._find_named_coverage(payload, facility)
        answer_sudo = (
            self.env["hc.eligibility.answer"]
            .sudo()
            ._note([self._prepare_recorded_answer(payload, coverage)])
        )
        coverage_sudo = coverage.sudo()
        return {
            "coverage_id": coverage.id,
            "is_new": bool(answer_sudo),
            "is_in_force": bool(answer_sudo) and coverage_sudo.eligibility_answer_id == answer_sudo,
            "checked_on": fields.Date.to_string(coverage_sudo.eligibility_checked_on) or None,
        }

    @api.model
    def _find_named_coverage(self, payload, facility):
        """The patient's coverage with a payer; the member id tells several apart."""
        patient = self._find_own_patient(payload["patient_mrn"], facility)
        coverages_sudo = patient.sudo().coverage_ids.filtered(
            lambda coverage: coverage.payer_id.code == payload["payer_code"]
        )
        member_id = payload.get("member_id")
        if member_id and len(coverages_sudo) > 1:
            coverages_sudo = coverages_sudo.filtered(lambda each: each.member_id == member_id)
        if not coverages_sudo:
            raise OperationError("not_found", what="coverage of this patient with this payer")
        return coverages_sudo[0].sudo(False)

    @api.model
    def _prepare_recorded_answer(self, payload, coverage):
        waiting = coverage.eligibility_inquiry_ids.filtered(
            lambda inquiry: inquiry.state in ("sent", "no_answer")
        )[:1]
        said = [payload.get(name) for name in sorted(payload) if name != "exchange_id"]
        vals = {
            "coverage_id": coverage.id,
            "inquiry_id": waiting.id,
            "payer_id": coverage.payer_id.id,
            "channel": payload.get("channel", "portal"),
            "outcome": _OUTCOMES[payload["outcome"]],
            "checked_on": payload["checked_on"],
            "service_date": waiting.service_date_from or payload["checked_on"],
            "reference": payload["reference"],
            "recorded_by_id": self.env.uid,
            "digest": hashlib.sha256(repr((coverage.id, said)).encode()).hexdigest(),
        }
        for name in ("plan_name", "plan_date_from", "plan_date_to", "member_id"):
            if name in payload:
                vals[name] = payload[name]
        if "exchange_id" in payload:
            vals["exchange_id"] = self._find_visible(
                "hc.exchange", [("id", "=", payload["exchange_id"])], "exchange"
            ).id
        return vals
