# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..hc_core import npi


class HcFacility(models.Model):
    """A place of care that bills: the unit of work queues, record access and billing policy."""

    _name = "hc.facility"
    _description = "Facility"
    _inherit = ["mail.thread"]
    _order = "name"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(required=True, tracking=True, help="Short code used in imports.")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    npi = fields.Char("Billing NPI", size=10, tracking=True, help="Organization NPI (type 2).")
    tax_identifier = fields.Char("Tax ID (EIN)", size=10, tracking=True)
    taxonomy_code = fields.Char("Taxonomy", size=10)
    clia_number = fields.Char("CLIA Number", size=10)
    street = fields.Char()
    city = fields.Char()
    state_id = fields.Many2one("res.country.state")
    zip = fields.Char("ZIP")
    timezone = fields.Selection(
        selection=lambda self: (
            self.env["res.partner"]._fields["tz"]._description_selection(self.env)
        ),
        default="America/New_York",
        required=True,
    )
    department_ids = fields.One2many("hc.department", "facility_id")
    specialty_ids = fields.Many2many("hc.specialty")
    resource_calendar_id = fields.Many2one(
        "resource.calendar",
        "Working Hours",
        check_company=True,
        default=lambda self: self.env.company.resource_calendar_id,
        help="Due dates of work items count these hours.",
    )
    billing_policy = fields.Selection(
        [
            ("straight_through", "Straight through: post the invoice"),
            ("review_first", "Review first: leave the invoice as draft"),
        ],
        default="straight_through",
        required=True,
        tracking=True,
    )
    bill_hold_days = fields.Integer(
        default=0, tracking=True, help="Days after the last service before a case may be billed."
    )
    charge_lag_days = fields.Integer(
        default=3,
        tracking=True,
        help="Days after the service within which it must be charged.",
    )
    stalled_days = fields.Integer(
        "Stalled After (days)",
        default=5,
        tracking=True,
        help="Days after which a case that does not move becomes a work item.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        "Invoice Journal",
        domain="[('type', '=', 'sale')]",
        check_company=True,
        default=lambda self: self.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.env.company.id)], limit=1
        ),
    )
    revenue_account_id = fields.Many2one(
        "account.account",
        "Patient Service Revenue",
        check_company=True,
        help="Empty: the journal's default account.",
    )
    self_pay_payment_term_id = fields.Many2one("account.payment.term", "Self-Pay Terms")

    _code_unique = models.UniqueIndex(
        "(company_id, code)", "Another facility of the company has this code."
    )
    _bill_hold_days_positive = models.Constraint(
        "CHECK (bill_hold_days BETWEEN 0 AND 60)", "Bill-hold days must be between 0 and 60."
    )
    _sweep_days_positive = models.Constraint(
        "CHECK (charge_lag_days BETWEEN 0 AND 365 AND stalled_days BETWEEN 1 AND 365)",
        "Charge-lag days must be between 0 and 365, stalled days between 1 and 365.",
    )

    @api.constrains("npi")
    def _check_npi(self):
        for facility in self.filtered("npi"):
            if not npi.is_valid(facility.npi):
                raise ValidationError(
                    self.env._(
                        "%(npi)s is not a valid NPI (10 digits with a check digit).",
                        npi=facility.npi,
                    )
                )

    def _get_sale_journal(self):
        """The journal of the facility's invoices: its own, or the company's first."""
        self.ensure_one()
        return self.journal_id or self.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.company_id.id)], limit=1
        )
