# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Eligibility where people look for it: on the case and on the patient."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP


class HcBillingCase(models.Model):
    _inherit = "hc.billing.case"

    eligibility_card = fields.Html(
        "Eligibility", compute="_compute_eligibility_card", sanitize=False, groups=PHI_GROUP
    )

    @api.depends(
        "encounter_id.primary_coverage_id.eligibility_answer_id",
        "encounter_id.primary_coverage_id.eligibility_status",
        "service_date_from",
    )
    def _compute_eligibility_card(self):
        for case in self:
            coverages = case.encounter_id.primary_coverage_id
            coverages |= case.encounter_id.secondary_coverage_id
            case.eligibility_card = coverages._render_eligibility_card(case._get_eligibility_day())

    def _get_eligibility_day(self):
        """The day for which coverage matters: that of the first service."""
        self.ensure_one()
        encounter = self.encounter_id
        return (
            self.service_date_from
            or (encounter.started_at and encounter._get_service_day())
            or fields.Date.context_today(self)
        )

    def _get_primary_coverage(self):
        self.ensure_one()
        coverage = self.encounter_id.primary_coverage_id
        if not coverage:
            raise UserError(self.env._("The case is billed to the patient: there is no payer."))
        return coverage

    def action_check_eligibility(self):
        """Ask the primary payer about the day of service."""
        return self._get_primary_coverage()._ask_now(
            {
                "encounter_id": self.encounter_id.id,
                "service_date_from": self._get_eligibility_day(),
            }
        )

    def action_open_manual_check(self):
        """Record what was found out about the primary coverage by portal or phone."""
        return self._get_primary_coverage().action_open_manual_check()


class HcPatient(models.Model):
    _inherit = "hc.patient"

    eligibility_card = fields.Html(
        "Eligibility", compute="_compute_eligibility_card", sanitize=False, groups=PHI_GROUP
    )

    @api.depends(
        "coverage_ids.eligibility_answer_id",
        "coverage_ids.eligibility_status",
        "coverage_ids.eligibility_checked_on",
    )
    def _compute_eligibility_card(self):
        today = fields.Date.context_today(self)
        for patient in self:
            current = patient.coverage_ids.filtered(
                lambda coverage: coverage.active and coverage._is_effective(today)
            )
            patient.eligibility_card = current._render_eligibility_card(today)
