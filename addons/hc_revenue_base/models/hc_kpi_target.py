# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, fields, models


class HcKpiTarget(models.Model):
    """What a company wants of an indicator, from a day on.

    A target is never changed backwards: a new one has a date of its own, so that the figures of
    last year stay measured by the targets of last year.
    """

    _name = "hc.kpi.target"
    _description = "Indicator Target"
    _inherit = ["mail.thread"]
    _order = "code, date_from desc"
    _rec_name = "code"

    code = fields.Selection(
        selection="_get_codes", string="Indicator", required=True, index=True, tracking=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    date_from = fields.Date("From", required=True, default=fields.Date.context_today, tracking=True)
    target_value = fields.Float("Target", digits=(16, 2), required=True, tracking=True)
    unit = fields.Selection(
        [("days", "Days"), ("percent", "%"), ("count", "Records"), ("money", "Amount")],
        compute="_compute_definition",
    )
    formula = fields.Text(compute="_compute_definition")

    _one_per_day = models.UniqueIndex(
        "(company_id, code, date_from)", "The indicator has a target from this day already."
    )

    @api.model
    def _get_codes(self):
        registry = self.env["hc.kpi.provider"]._get_registry()
        return [(code, definition.name) for code, definition in registry.items()]

    @api.depends("code")
    def _compute_definition(self):
        registry = self.env["hc.kpi.provider"]._get_registry()
        for target in self:
            definition = registry.get(target.code)
            target.unit = definition.unit if definition else False
            target.formula = definition.formula if definition else False

    @api.model
    def _get_targets(self, company, as_of):
        """``{code: Decimal or None}``: the company's targets in force, else the defaults."""
        targets = {
            code: definition.default_target
            for code, definition in self.env["hc.kpi.provider"]._get_registry().items()
        }
        in_force = self.search(
            [("company_id", "=", company.id), ("date_from", "<=", as_of)], order="date_from"
        )
        for target in in_force:
            targets[target.code] = Decimal(str(round(target.target_value, 2)))
        return targets
