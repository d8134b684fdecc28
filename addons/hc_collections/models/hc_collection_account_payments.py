# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.hc_revenue_base.hc_core.money import to_decimal

from ..hc_dunning_core.plan_state import Payment


class HcCollectionAccount(models.Model):
    """What an account promised, agreed to and paid."""

    _inherit = "hc.collection.account"

    promise_ids = fields.One2many("hc.payment.promise", "account_id", "Promises", readonly=True)
    open_promise_id = fields.Many2one(
        "hc.payment.promise", "Promise", compute="_compute_open_promise"
    )

    def _compute_open_promise(self):
        promises = self.env["hc.payment.promise"].search(
            [("account_id", "in", self.ids), ("state", "=", "open")]
        )
        by_account = {promise.account_id: promise for promise in promises}
        for account in self:
            account.open_promise_id = by_account.get(account)

    def _get_payments_domain(self):
        """Receivable items that say what was paid, or paid back: payments and bank lines."""
        return Domain(
            [
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ]
        ) & (
            Domain("move_id.origin_payment_id", "!=", False)
            | Domain("statement_line_id", "!=", False)
        )

    def _get_payments(self, date_from):
        """What the party paid since a day, as the pure core reads it; below zero: paid back."""
        self.ensure_one()
        places = self.currency_id.decimal_places
        items = (
            self.env["account.move.line"]
            .sudo()
            .search(self._get_payments_domain() & Domain("date", ">=", date_from))
        )
        return [Payment(item.date, to_decimal(-item.balance, places)) for item in items]

    def _get_supervisors(self):
        """Supervisors who see the account."""
        self.ensure_one()
        supervisors = self.env.ref("hc_revenue_base.group_hc_supervisor").sudo().all_user_ids
        return supervisors.filtered(
            lambda user: (
                user.active
                and self.company_id in user.company_ids
                and self.with_user(user).has_access("read")
            )
        )

    def action_open_promise(self):
        """Ask what was promised."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Promise to Pay"),
            "res_model": "hc.payment.promise.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_account_id": self.id},
        }

    def action_open_promises(self):
        """Open the promises of the account."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_collections.hc_payment_promise_action"
        )
        action["domain"] = [("account_id", "=", self.id)]
        action["context"] = {}
        return action
