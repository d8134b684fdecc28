# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class HcOverpaymentRule(models.Model):
    """How many days a type of payer gives to report and return what it overpaid.

    Delivered with careful defaults (see ``hc_claim_core.credits`` for the sources); counsel
    reviews them. A credit keeps the days that were in force when it was found. A change takes
    effect when a second person agrees.
    """

    _name = "hc.overpayment.rule"
    _description = "Overpayment Rule"
    _inherit = ["hc.config.controlled.mixin", "mail.thread"]
    _order = "payer_type"
    _rec_name = "payer_type"
    _config_fields = (
        "return_days",
        "suspension_days",
        "warning_days",
        "source",
        "payer_type",
        "company_id",
        "active",
    )

    payer_type = fields.Selection(
        selection=lambda self: self.env["hc.payer"]._fields["payer_type"].selection,
        required=True,
        help="Self-pay stands for patients.",
    )
    active = fields.Boolean(default=True, tracking=True)
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

    @api.model_create_multi
    def create(self, vals_list):
        # A new rule would move the last day of credits: it rests until somebody else agrees.
        if not self._is_loading_registry():
            vals_list = [{**vals, "active": False} for vals in vals_list]
        return super().create(vals_list)

    @api.depends("payer_type", "company_id")
    def _compute_display_name(self):
        labels = dict(self._fields["payer_type"]._description_selection(self.env))
        for rule in self:
            name = labels.get(rule.payer_type, "")
            rule.display_name = f"{name} ({rule.company_id.name})" if rule.company_id else name

    @api.model
    def _get_by_type(self, company):
        """``{payer type: rule}`` of a company; its own rules before those of all companies."""
        rules = self.sudo().search([("company_id", "in", (False, company.id))])
        return {rule.payer_type: rule for rule in rules.sorted(lambda rule: bool(rule.company_id))}
