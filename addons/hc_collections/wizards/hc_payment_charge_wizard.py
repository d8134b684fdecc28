# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.exceptions import UserError


class HcPaymentChargeWizard(models.TransientModel):
    """What a provider says of a charge whose answer was lost."""

    _name = "hc.payment.charge.wizard"
    _description = "Answer to a Charge"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False

    instalment_id = fields.Many2one("hc.payment.plan.instalment", required=True, readonly=True)
    currency_id = fields.Many2one(related="instalment_id.currency_id", store=True)
    amount = fields.Monetary("Charged", compute="_compute_charge", compute_sudo=True)
    reference = fields.Char("Our Reference", compute="_compute_charge", compute_sudo=True)
    provider_reference = fields.Char(help="What the provider calls the payment.")
    reason = fields.Char("Who Said So, and How")

    def _compute_charge(self):
        for wizard in self:
            charge = wizard.instalment_id._get_unanswered_charge()[:1]
            wizard.amount, wizard.reference = charge.amount, charge.reference

    def action_confirm_charged(self):
        """The provider took the money: the payment is booked."""
        return self._enter_answer(True)

    def action_confirm_unknown(self):
        """The provider does not know the charge: the instalment may be charged again."""
        return self._enter_answer(False)

    def _enter_answer(self, is_charged):
        self.ensure_one()
        charge = self.instalment_id._get_unanswered_charge()[:1]
        if not charge:
            raise UserError(self.env._("The answer has come meanwhile."))
        charge.sudo(False)._enter_answer(is_charged, self.reason, self.provider_reference)
        return {"type": "ir.actions.act_window_close"}
