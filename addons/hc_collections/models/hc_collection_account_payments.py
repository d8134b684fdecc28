# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

from .hc_payment_promise import JUDGED_STATES

# Card payments may be charged back for 540 days by the longest of the networks' rules.
_JUDGED_AGAIN_DAYS = 600


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

    def _get_last_payment_item_id(self):
        """The last ledger item of a payment: what comes after it has a higher id."""
        items = self.env["account.move.line"].sudo()
        return items.search(self._get_payments_domain(), order="id desc", limit=1).id or 0

    def _ask_promises_again(self):
        """Let promises that were judged by payments of these accounts be judged again soon."""
        since = fields.Date.context_today(self) - timedelta(days=_JUDGED_AGAIN_DAYS)
        promises = (
            self.env["hc.payment.promise"]
            .sudo()
            .search(
                [
                    ("account_id", "in", self.ids),
                    ("state", "in", JUDGED_STATES),
                    ("grace_on", ">=", since),
                    ("is_stale", "=", False),
                ]
            )
        )
        if promises:
            promises._write_guarded({"is_stale": True})
            self.env.ref("hc_collections.ir_cron_check_promises").sudo()._trigger()

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
