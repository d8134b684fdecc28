# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.hc_core.operations import (
    OperationDefinition,
    OperationError,
    ResourceDefinition,
)
from odoo.addons.hc_revenue_base.hc_core.schema_parts import DAY, FLAG, optional, record, text
from odoo.addons.hc_revenue_base.models.hc_operation_resource_base import RESOURCE_READERS
from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

ASKING_GROUPS = (
    "hc_revenue_base.group_hc_clerk",
    "hc_revenue_base.group_hc_claims_specialist",
    "hc_revenue_base.group_hc_integration",
)


class HcOperation(models.AbstractModel):
    """Ask a payer about a visit, and export what was answered."""

    _inherit = "hc.operation"

    @api.model
    def _get_operations(self):
        return super()._get_operations() + [self._define_check_eligibility()]

    @api.model
    def _define_check_eligibility(self):
        return OperationDefinition(
            code="eligibility.check",
            version=1,
            summary=self.env._(
                "Asks the payer of a visit unless a fresh answer is there; says what is known."
            ),
            schema_in=record(
                ("encounter_number",),
                encounter_number=text(64, minLength=1),
                facility_code=text(32),
                payer_order={"type": "string", "enum": ["1", "2"]},
                force=FLAG,
            ),
            schema_out=record(
                ("check", "is_asked"),
                check=text(16),
                is_asked=FLAG,
                trace_number=optional(text(32)),
                trace_state=optional(text(16)),
                checked_on=DAY,
                outcome=optional(text(16)),
                plan_date_from=DAY,
                plan_date_to=DAY,
            ),
            groups=ASKING_GROUPS,
            handler="_operation_check_eligibility",
        )

    @api.model
    def _operation_check_eligibility(self, payload):
        encounter = self._find_encounter(payload)
        second = payload.get("payer_order") == "2"
        coverage = encounter.secondary_coverage_id if second else encounter.primary_coverage_id
        if not coverage:
            raise OperationError("not_found", what="coverage of this visit")
        day = encounter._get_service_day()
        check = coverage._get_eligibility_check(day)
        inquiry = self.env["hc.eligibility.inquiry"]
        if check != "fresh" or payload.get("force"):
            inquiry.check_access("write")
            inquiry = inquiry._request(
                [
                    {
                        "coverage_id": coverage.id,
                        "encounter_id": encounter.id,
                        "service_date_from": day,
                    }
                ],
                origin="operation",
            )
        return self._describe_eligibility(coverage, check, inquiry)

    @api.model
    def _find_encounter(self, payload):
        domain = [
            ("number", "=", payload["encounter_number"]),
            ("company_id", "=", self.env.company.id),
        ]
        if "facility_code" in payload:
            domain.append(("facility_id", "=", self._find_facility(payload["facility_code"]).id))
        encounter = self.env["hc.encounter"].search(domain, order="id desc", limit=1)
        if not encounter:
            raise OperationError("not_found", what="visit of this number")
        return encounter

    @api.model
    def _describe_eligibility(self, coverage, check, inquiry):
        answer = coverage.eligibility_answer_id
        return {
            "check": check,
            "is_asked": bool(inquiry),
            "trace_number": inquiry.name or None,
            "trace_state": inquiry.state or None,
            "checked_on": _iso(coverage.eligibility_checked_on),
            "outcome": answer.outcome or None,
            "plan_date_from": _iso(answer.plan_date_from),
            "plan_date_to": _iso(answer.plan_date_to),
        }

    @api.model
    def _get_resources(self):
        return super()._get_resources() + [
            ResourceDefinition(
                name="eligibility_results",
                model="hc.eligibility.answer",
                summary=self.env._(
                    "What payers answered about coverages, and how it was found out."
                ),
                groups=RESOURCE_READERS,
                fields={
                    "trace_number": "inquiry_id.name",
                    "encounter_number": "inquiry_id.encounter_id.number",
                    "payer_code": "payer_id.code",
                    "channel": "channel",
                    "outcome": "outcome",
                    "checked_on": "checked_on",
                    "service_date": "service_date",
                    "plan_date_from": "plan_date_from",
                    "plan_date_to": "plan_date_to",
                    "reject_codes": "reject_codes",
                },
                private_group=PHI_GROUP,
                private_fields={
                    "medical_record_number": "patient_id.mrn",
                    "member_id": "member_id",
                    "other_payer": "other_payer",
                },
            )
        ]


def _iso(day):
    return fields.Date.to_string(day) or None
