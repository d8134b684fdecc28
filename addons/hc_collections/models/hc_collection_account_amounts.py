# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import SQL

_NOTHING = {
    "amount_open": 0.0,
    "amount_unapplied": 0.0,
    "item_count": 0,
    "oldest_on": False,
}


class HcCollectionAccount(models.Model):
    """What the ledger says of an account."""

    _inherit = "hc.collection.account"

    @api.depends("item_ids.amount_residual", "item_ids.parent_state")
    def _compute_amounts(self):
        """Read from the one aging; a payer's, whose items follow no account, is asked nightly."""
        figures = self._read_figures(fields.Date.context_today(self))
        known, now = self._read_last_amounts(), self.env.cr.now().replace(microsecond=0)
        for account in self:
            values = figures.get(account.id, _NOTHING)
            amount, raised_at = known.get(account.id, (0.0, False))
            has_risen = account.currency_id.compare_amounts(values["amount_open"], amount) > 0
            account.update(values | {"amount_raised_at": now if has_risen else raised_at})

    def _read_last_amounts(self):
        """``{account id: (what was open, when that last rose)}``, as they are stored."""
        if not self.ids:
            return {}
        # Read past the cache, which asks for the very fields that are being computed.
        self.env.cr.execute(
            SQL(
                "SELECT id, coalesce(amount_open, 0)::float, amount_raised_at"
                " FROM hc_collection_account WHERE id = ANY(%s)",
                list(self.ids),
            )
        )
        return {
            account_id: (amount, raised_at or False)
            for account_id, amount, raised_at in self.env.cr.fetchall()
        }

    def _read_figures(self, as_of):
        """Open amounts of the accounts at the end of a day.

        :return: ``{account id: values of the amount fields}``; accounts without an item are left
            out
        """
        if not self.ids:
            return {}
        # The rows that are being recomputed are not flushed by the read model's own dependencies.
        self.env["account.move.line"].flush_model()
        self.env["account.partial.reconcile"].flush_model()
        of_these = SQL("hc_account.id = ANY(%s)", list(self.ids))
        self.env.cr.execute(
            SQL(
                """
                SELECT account_id, sum(amount_open) FILTER (WHERE amount_open > 0) AS amount_open,
                       -sum(amount_open) FILTER (WHERE amount_open < 0) AS amount_unapplied,
                       count(*) FILTER (WHERE amount_open > 0) AS item_count,
                       min(date_basis) FILTER (WHERE amount_open > 0) AS oldest_on
                  FROM (%s) item GROUP BY account_id
                """,
                self.env["hc.aging.item"]._get_query(as_of, of_these),
            )
        )
        return {
            row["account_id"]: {
                "amount_open": row["amount_open"] or 0.0,
                "amount_unapplied": row["amount_unapplied"] or 0.0,
                "item_count": row["item_count"],
                "oldest_on": row["oldest_on"],
            }
            for row in self.env.cr.dictfetchall()
        }

    @api.model
    def _cron_refresh(self):
        """Read amounts from the ledger, and follow up anew who has paid since the final notice."""
        if not self._cron_adopt_ledger():
            return
        self._run_at_offices(lambda accounts: [("party", "in", ("patient", "payer"))], "_refresh")

    def _refresh(self):
        self.env.add_to_compute(self._fields["amount_open"], self)
        self.flush_recordset()
        paid = self.filtered(lambda account: account.state != "active" and not account.amount_open)
        if paid:
            paid._transition("active", reason=self.env._("the ledger shows no open balance"))
