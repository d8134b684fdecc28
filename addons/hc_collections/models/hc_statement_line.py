# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import date

from odoo import api, fields, models

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

REASONS = [
    ("self_pay", "No Insurance"),
    ("plan_share", "Share After Insurance"),
    ("plan_nothing", "Insurance Paid Nothing"),
]


class HcStatementLine(models.Model):
    """One visit on a statement, as it was told: never more of it than a bill needs.

    Charges less what insurance paid, less adjustments, less what the patient paid, less what is
    still open at insurance, is what the patient owes: to the cent.
    """

    _name = "hc.statement.line"
    _description = "Visit on a Statement"
    _inherit = ["hc.guarded.mixin"]
    _order = "statement_id, date_from, id"
    _guarded_fields = frozenset(
        {
            "statement_id",
            "case_id",
            "date_from",
            "date_to",
            "facility_name",
            "patient_name",
            "services",
            "reason",
            "is_first",
            "amount_charged",
            "amount_insurance",
            "amount_adjusted",
            "amount_paid",
            "amount_insurance_open",
            "amount_open",
            "amount_disputed",
        }
    )

    statement_id = fields.Many2one(
        "hc.statement", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="statement_id.company_id", store=True)
    currency_id = fields.Many2one(related="statement_id.currency_id", store=True)
    case_id = fields.Many2one(
        "hc.billing.case", required=True, readonly=True, index=True, ondelete="restrict"
    )
    date_from = fields.Date("First Service", readonly=True)
    date_to = fields.Date("Last Service", readonly=True)
    facility_name = fields.Char("Where", readonly=True)
    patient_name = fields.Char("Patient", readonly=True, groups=PHI_GROUP)
    services = fields.Json("Services Told", readonly=True, groups=PHI_GROUP)
    services_text = fields.Text(
        "Services", compute="_compute_services_text", groups=PHI_GROUP, compute_sudo=True
    )
    reason = fields.Selection(REASONS, "Why", required=True, readonly=True)
    is_first = fields.Boolean("First Time Told", readonly=True)
    amount_charged = fields.Monetary("Charges", readonly=True)
    amount_insurance = fields.Monetary("Insurance Paid", readonly=True)
    amount_adjusted = fields.Monetary("Adjusted", readonly=True)
    amount_paid = fields.Monetary("Paid by Patient", readonly=True)
    amount_insurance_open = fields.Monetary("Open at Insurance", readonly=True)
    amount_open = fields.Monetary("Owed", readonly=True)
    amount_disputed = fields.Monetary("In Dispute", readonly=True)

    _once = models.UniqueIndex("(statement_id, case_id)", "The visit is on the statement already.")

    @api.depends("services")
    def _compute_services_text(self):
        for line in self:
            line.services_text = "\n".join(
                f"{service['day']}  {service['label']}  {service['amount']}"
                for service in line.services or ()
            )

    def _prepare_visit(self, words, money, day):
        """One visit, ready to print."""
        if self.date_from and self.date_to and self.date_from != self.date_to:
            title = words["visit_days"].format(first=day(self.date_from), last=day(self.date_to))
        else:
            title = words["visit"].format(day=day(self.date_from)) if self.date_from else ""
        rows = [
            ("insurance_paid", -self.amount_insurance),
            ("adjusted", -self.amount_adjusted),
            ("patient_paid", -self.amount_paid),
            ("insurance_open", -self.amount_insurance_open),
        ]
        is_zero = self.currency_id.is_zero
        why = [words[f"why_{self.reason}"]]
        if not is_zero(self.amount_disputed):
            why.append(words["why_disputed"].format(amount=money(self.amount_disputed)))
        return {
            "title": f"{title} {words['at_facility'].format(facility=self.facility_name)}".strip(),
            "patient": words["for_patient"].format(name=self.patient_name or ""),
            "services": [
                (
                    service["label"] or words["service_other"],
                    day(date.fromisoformat(service["day"])),
                    money(float(service["amount"])),
                )
                for service in self.services or ()
            ],
            "rows": [(words[key], money(amount)) for key, amount in rows if not is_zero(amount)],
            "owed": money(self.amount_open),
            "why": " ".join(why),
        }
