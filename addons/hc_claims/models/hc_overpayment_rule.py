# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class HcOverpaymentRule(models.Model):
    """How many days a type of payer gives to report and return what it overpaid.

    Delivered with careful defaults (see ``hc_claim_core.credits`` for the sources); counsel
    reviews them. A credit keeps the days that were in force when it was found.
    """

    _name = "hc.overpayment.rule"
    _description = "Overpayment Rule"
    _inherit = ["mail.thread"]
    _order = "payer_type"
    _rec_name = "payer_type"

    payer_type = fields.Selection(
        selection=lambda self: self.env["hc.payer"]._fields["payer_type"].selection,
        required=True,
        help="Self-pay stands for patients.",
    )
    company_id = fields.Many2one("res.company", index=True, help="Empty: all companies.")
    return_days = fields.Integer(
        "Days to Return",
        tracking=True,
        help="From the day on which the credit is identified; 0: no deadline.",
    )
    suspension_days = fields.Integer(
        "Longest Suspension (days)",
        tracking=True,
        help="While a good-faith investigation runs; 0: the clock is never suspended.",
    )
    warning_days = fields.Integer(
        "Warn Before (days)", default=15, required=True, tracking=True, help="A work item opens."
    )
    source = fields.Char(tracking=True, help="Law, manual or contract that says so.")

    _type_unique = models.UniqueIndex(
        "(payer_type, coalesce(company_id, 0))", "This payer type has a rule already."
    )
    _days_in_bounds = models.Constraint(
        "CHECK (return_days BETWEEN 0 AND 3650 AND suspension_days BETWEEN 0 AND 365"
        " AND warning_days BETWEEN 0 AND 365)",
        "Days to return are 0 to 3650, days of suspension and warning 0 to 365.",
    )

    @api.depends("payer_type")
    def _compute_display_name(self):
        labels = dict(self._fields["payer_type"]._description_selection(self.env))
        for rule in self:
            rule.display_name = labels.get(rule.payer_type, "")

    @api.model
    def _get_by_type(self, company):
        """``{payer type: rule}`` of a company; its own rules before those of all companies."""
        rules = self.sudo().search([("company_id", "in", (False, company.id))])
        return {rule.payer_type: rule for rule in rules.sorted(lambda rule: bool(rule.company_id))}
