# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class HcCadenceLine(models.AbstractModel):
    """A line of a policy: changed with its draft, fixed with its publication."""

    _name = "hc.cadence.line.mixin"
    _description = "Line of a Cadence Policy"
    _inherit = ["hc.guarded.mixin"]

    policy_id = fields.Many2one("hc.cadence.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.policy_id._check_draft()
        return lines

    def write(self, vals):
        self.policy_id._check_draft()
        result = super().write(vals)
        self.policy_id._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.policy_id._check_draft()
