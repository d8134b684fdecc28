# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcCadenceExcludeWizard(models.TransientModel):
    """Why some of what a run proposed does not go out."""

    _name = "hc.cadence.exclude.wizard"
    _description = "Leave Out of a Run"
    _inherit = ["hc.guarded.mixin"]

    proposal_ids = fields.Many2many("hc.cadence.proposal", required=True, readonly=True)
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Leave them out."""
        self.proposal_ids.check_access("write")
        self.proposal_ids._exclude(self.reason)
        return {"type": "ir.actions.act_window_close"}
