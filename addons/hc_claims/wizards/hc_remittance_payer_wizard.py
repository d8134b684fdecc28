# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcRemittancePayerWizard(models.TransientModel):
    """Whose remittance it is, where no payer has the identifier that it gives."""

    _name = "hc.remittance.payer.wizard"
    _description = "Payer of a Remittance"
    _inherit = ["hc.guarded.mixin"]

    remittance_id = fields.Many2one("hc.remittance", required=True, readonly=True)
    company_id = fields.Many2one(related="remittance_id.company_id")
    payer_name = fields.Char(related="remittance_id.payer_name")
    payer_identifier = fields.Char(related="remittance_id.payer_identifier")
    payer_id = fields.Many2one(
        "hc.payer", required=True, domain="[('company_id', '=', company_id)]"
    )

    def action_confirm(self):
        """Set the payer and run the controls again."""
        self.ensure_one()
        self.remittance_id._pick_payer(self.payer_id)
        return {"type": "ir.actions.act_window_close"}
