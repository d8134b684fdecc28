# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcPaymentVarianceCloseWizard(models.TransientModel):
    """Asks why a difference that was found is none."""

    _name = "hc.payment.variance.close.wizard"
    _description = "No Payment Variance"
    _inherit = ["hc.guarded.mixin"]

    variance_id = fields.Many2one("hc.payment.variance", required=True, readonly=True)
    reason = fields.Text("Why", required=True)

    def action_confirm(self):
        """Close the variance for the reason that was given."""
        self.ensure_one()
        self.variance_id._close_as_none(self.reason)
        return {"type": "ir.actions.act_window_close"}
