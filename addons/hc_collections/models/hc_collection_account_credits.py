# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Money of patients that nobody has applied: it is theirs, and goes to a person in time."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

_KIND = "credit_unapplied"


class HcCollectionAccount(models.Model):
    _inherit = "hc.collection.account"

    @api.model
    def _cron_sweep_credits(self):
        """Scheduled Action: give old credits to people, and close what is no credit any more."""
        asked = self.env["hc.work.item"].search(
            [("kind", "=", _KIND), ("state", "in", ("open", "in_progress"))]
        )
        credited = Domain("amount_unapplied", ">", 0) | Domain("id", "in", asked.mapped("res_id"))
        self._run_at_offices(
            lambda accounts: Domain("party", "=", "patient") & credited, "_sweep_credits"
        )

    def _sweep_credits(self):
        """Open one work item per account with an old credit; never apply or write off any."""
        old = self._find_old_credits(fields.Date.context_today(self))
        for account in self.filtered(lambda account: account in old):
            account._open_credit_item(old[account])
        keys = [account._get_credit_key() for account in self if account not in old]
        items = self.env["hc.work.item"].search(
            [("dedup_key", "in", keys), ("state", "in", ("open", "in_progress"))]
        )
        if items:
            items._resolve("fixed")

    def _get_credit_key(self):
        return f"{_KIND}:{self.id}"

    def _find_old_credits(self, as_of):
        """Credits older than their company's policy says: ``{account: ledger items}``.

        Those that another module follows up by its own records are left to it.
        """
        self.env.flush_all()
        self.env.cr.execute(self.env["hc.adjustment.policy"]._get_in_force_query(as_of))
        latest = {
            row["for_company_id"]: as_of - timedelta(days=row["days"])
            for row in self.env.cr.dictfetchall()
            if row["kind"] == "credit"
        }
        items = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("hc_collection_account_id", "in", self.ids),
                    ("parent_state", "=", "posted"),
                    ("amount_residual", "<", 0),
                ]
            )
        )
        items = items.filtered(
            lambda item: item.company_id.id in latest and item.date <= latest[item.company_id.id]
        )
        items -= self.env["hc.balance"]._get_kept_credits(items)
        return dict(items.grouped(lambda item: item.hc_collection_account_id.with_env(self.env)))

    def _open_credit_item(self, items):
        amount = -sum(items.mapped("amount_residual"))
        self._open_payment_item(
            _KIND,
            self._get_credit_key(),
            self.env._("%s is the patient's", self.currency_id.format(amount)),
            self.env._(
                "Since %(day)s nobody has applied it. Apply it to what is owed, or request the "
                "refund: open the case and press Adjust Balance. A credit is never written off.",
                day=fields.Date.to_string(min(items.mapped("date"))),
            ),
        )
