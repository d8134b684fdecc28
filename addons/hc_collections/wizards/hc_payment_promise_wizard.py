# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.hc_contact import CHANNELS


class HcPaymentPromiseWizard(models.TransientModel):
    """What a party promises on the phone or at the desk, or takes back."""

    _name = "hc.payment.promise.wizard"
    _description = "Take a Promise to Pay"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False

    account_id = fields.Many2one("hc.collection.account", required=True, readonly=True)
    currency_id = fields.Many2one(related="account_id.currency_id", store=True)
    amount_open = fields.Monetary("Owed", related="account_id.amount_open")
    policy_text = fields.Char("Policy", compute="_compute_policy_text")
    amount = fields.Monetary("Promised", compute="_compute_amount", store=True, readonly=False)
    due_on = fields.Date(
        "Until",
        default=lambda self: fields.Date.context_today(self) + timedelta(days=7),
    )
    follow_up_on = fields.Date(help="Empty: the day after the last one that still counts.")
    channel = fields.Selection([*CHANNELS, ("person", "In Person")], "Given By", default="call")
    note = fields.Char("What Was Said", groups="hc_revenue_base.group_hc_phi")
    promise_id = fields.Many2one("hc.payment.promise", readonly=True)
    reason = fields.Char("Why")

    @api.depends("account_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.account_id.amount_open

    @api.depends("account_id")
    def _compute_policy_text(self):
        today = fields.Date.context_today(self)
        policies = self.env["hc.promise.policy"]
        for wizard in self:
            policy = policies._get_in_force(wizard.account_id.company_id, today)
            wizard.policy_text = self.env._(
                "From %(amount)s, within %(days)s days, %(grace)s days of grace.",
                amount=wizard.currency_id.format(policy.amount_min),
                days=policy.days_max,
                grace=policy.grace_days,
            )

    def action_confirm(self):
        """Take the promise."""
        self.ensure_one()
        if not self.due_on or not self.channel:
            raise UserError(self.env._("Enter until when it is promised, and how."))
        self.env["hc.payment.promise"]._give(
            self.account_id,
            self.amount,
            self.due_on,
            self.channel,
            follow_up_on=self.follow_up_on,
            note=self.note,
        )
        return {"type": "ir.actions.act_window_close"}

    def action_withdraw(self):
        """Take the promise back."""
        self.ensure_one()
        self.promise_id._withdraw(self.reason)
        return {"type": "ir.actions.act_window_close"}
