# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.tools import SQL

from ..hc_dunning_core.holds import AMOUNT, CONTACT, HOLD_KINDS


class HcCollectionHold(models.Model):
    """Which holds stop what, for many accounts at once."""

    _inherit = "hc.collection.hold"

    @api.model
    def _get_in_force(self, accounts, day, scope):
        """The holds that stop something on a day.

        :param str scope: one of ``hc_dunning_core.holds.SCOPES``
        """
        kinds = [kind.code for kind in HOLD_KINDS.values() if scope in kind.stops]
        return self.sudo().search(
            [
                ("account_id", "in", accounts.ids),
                ("state", "=", "active"),
                ("kind", "in", kinds),
                ("date_from", "<=", day),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", day),
            ]
        )

    @api.model
    def _get_stopping(self, accounts, day, scope=CONTACT):
        """Holds under which nothing of an account is followed up, ``{account id: holds}``.

        Holds of cases stop the account while nothing else is open on it.

        :param str scope: what must be stopped, of ``hc_dunning_core.holds.SCOPES``
        """
        found = self._get_in_force(accounts, day, scope).grouped("account_id")
        stopping, partly = {}, {}
        for account, holds in found.items():
            whole = holds.filtered(lambda hold: not hold.case_ids)
            if whole:
                stopping[account.id] = whole
            else:
                partly[account.id] = holds
        for account_id, case_ids in self._read_open_cases(list(partly), day).items():
            if case_ids <= set(partly[account_id].case_ids.ids):
                stopping[account_id] = partly[account_id]
        return stopping

    @api.model
    def _read_open_cases(self, account_ids, day):
        """``{account id: ids of the cases that are open}``; None stands for what has no case."""
        if not account_ids:
            return {}
        items = self.env["hc.aging.item"]
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account_id, array_agg(DISTINCT case_id) FROM (%s) item
                 WHERE amount_open > 0 GROUP BY account_id
                """,
                items._get_query(day, SQL("hc_account.id = ANY(%s)", account_ids)),
            )
        )
        return {account_id: set(case_ids) for account_id, case_ids in rows}

    @api.model
    def _get_stopped_cases(self, accounts, day, kinds=None):
        """Cases that nobody is written to about, as ids.

        :param kinds: only holds of these kinds; empty: all that stop contact
        """
        holds = self._get_in_force(accounts, day, CONTACT)
        if kinds is not None:
            holds = holds.filtered(lambda hold: hold.kind in kinds)
        return set(holds.case_ids.ids)

    @api.model
    def _get_disputed(self, accounts, day):
        """Disputed amounts, ``{(account id, case id or False): amount}``."""
        amounts = {}
        for hold in self._get_in_force(accounts, day, AMOUNT):
            place = (hold.account_id.id, hold.case_ids.id)
            amounts[place] = amounts.get(place, 0.0) + hold.amount
        return amounts
