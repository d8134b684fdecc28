# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

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
    def _get_stopping(self, accounts, day):
        """Holds under which a whole account is not written to, ``{account id: holds}``."""
        holds = self._get_in_force(accounts, day, CONTACT)
        whole = holds.filtered(lambda hold: not hold.case_id)
        return {account.id: found for account, found in whole.grouped("account_id").items()}

    @api.model
    def _get_stopped_cases(self, accounts, day):
        """Cases that nobody is written to about, as ids."""
        return set(self._get_in_force(accounts, day, CONTACT).case_id.ids)

    @api.model
    def _get_disputed(self, accounts, day):
        """Disputed amounts, ``{(account id, case id or False): amount}``."""
        amounts = {}
        for hold in self._get_in_force(accounts, day, AMOUNT):
            place = (hold.account_id.id, hold.case_id.id)
            amounts[place] = amounts.get(place, 0.0) + hold.amount
        return amounts
