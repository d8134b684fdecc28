# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

from odoo.addons.hc_revenue_base.models.hc_adjustment_code import CATEGORIES


class HcDenialCategoryWizard(models.TransientModel):
    """Which category denials belong to, and why."""

    _name = "hc.denial.category.wizard"
    _description = "Change Category of Denials"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False

    denial_ids = fields.Many2many("hc.denial", required=True, readonly=True)
    category = fields.Selection(CATEGORIES, required=True)
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Change the category; chance and queue follow, the log keeps the reason."""
        self.ensure_one()
        self.denial_ids._recategorise(self.category, self.reason)
        return {"type": "ir.actions.act_window_close"}
