# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class HcCoverage(models.Model):
    """A patient's insurance with one payer: order, subscriber, dates, last eligibility answer."""

    _name = "hc.coverage"
    _description = "Coverage"
    _order = "patient_id, coverage_order, date_from desc, id"
    _check_company_auto = True

    patient_id = fields.Many2one("hc.patient", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="patient_id.company_id", store=True, index=True)
    payer_id = fields.Many2one("hc.payer", required=True, index=True, check_company=True)
    payer_type = fields.Selection(related="payer_id.payer_type")
    coverage_order = fields.Selection(
        [("1", "Primary"), ("2", "Secondary"), ("3", "Tertiary")], required=True, default="1"
    )
    member_id = fields.Char("Member ID", groups="hc_revenue_base.group_hc_phi")
    group_number = fields.Char(groups="hc_revenue_base.group_hc_phi")
    plan_name = fields.Char()
    subscriber_relation = fields.Selection(
        [("self", "Self"), ("spouse", "Spouse"), ("child", "Child"), ("other", "Other")],
        default="self",
    )
    subscriber_id = fields.Many2one(
        "hc.patient",
        groups="hc_revenue_base.group_hc_phi",
        ondelete="restrict",
        help="Empty where the patient is the subscriber.",
    )
    date_from = fields.Date("Effective From")
    date_to = fields.Date("Effective To")
    medicare_secondary_answered = fields.Boolean(
        "MSP Answered", help="The Medicare Secondary Payer questions have been answered."
    )
    eligibility_status = fields.Selection(
        [
            ("unknown", "Not Checked"),
            ("active", "Active"),
            ("inactive", "Inactive"),
            ("not_found", "Not Found"),
        ],
        default="unknown",
        required=True,
    )
    eligibility_checked_on = fields.Date()
    eligibility_note = fields.Char(help="Who confirmed it and how, for a manual check.")
    active = fields.Boolean(default=True)

    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
        "The coverage ends before it starts.",
    )

    @api.depends("payer_id", "coverage_order")
    def _compute_display_name(self):
        labels = dict(self._fields["coverage_order"]._description_selection(self.env))
        for coverage in self:
            coverage.display_name = (
                f"{coverage.payer_id.name or ''} ({labels.get(coverage.coverage_order, '')})"
            )

    def _is_effective(self, as_of):
        """Whether the coverage's dates span a day."""
        self.ensure_one()
        return (not self.date_from or self.date_from <= as_of) and (
            not self.date_to or as_of <= self.date_to
        )
