# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL, float_repr

from ..hc_dunning_core.cadence import AccountFacts
from ..hc_dunning_core.cadence_policy import CHANNELS
from ..hc_dunning_core.holds import AMOUNT, HOLD_KINDS, Hold


class HcCadenceFacts(models.AbstractModel):
    """The same facts as objects of the pure package."""

    _inherit = "hc.cadence.facts"

    @api.model
    def _read_facts(self, company, party, as_of, accounts):
        """``{account id: AccountFacts}`` of accounts that have an open item."""
        holds = self._read_holds(company, party, as_of, accounts)
        self.env.cr.execute(self._get_facts_query(company, party, as_of, accounts))
        return {
            row["account_id"]: AccountFacts(
                _get_exact(row["open_amount"], company),
                row["currency"],
                row["basis_on"],
                row["last_level"] or "",
                row["last_level_on"],
                row["renewed_on"],
                tuple(holds.get(row["account_id"], ())),
                tuple(
                    (channel, row[f"{channel}_on"]) for channel in CHANNELS if row[f"{channel}_on"]
                ),
                frozenset(row["reachable"]),
                frozenset(row["opted_in"]),
                frozenset(row["opted_out"]),
            )
            for row in self.env.cr.dictfetchall()
        }

    @api.model
    def _read_holds(self, company, party, as_of, accounts):
        """``{account id: [Hold]}``; a hold of some cases disputes what is open of them."""
        query = SQL(
            """
            SELECT hold.*, case_open.amount AS case_amount FROM (%s) hold
         LEFT JOIN (%s) case_open ON case_open.hold_id = hold.id
             WHERE hold.account_id = ANY(%s)
            """,
            self._get_holds_query(company, as_of),
            self._get_held_cases_query(
                SQL("(%s)", self._get_items_query(company, party, as_of, accounts))
            ),
            accounts.ids,
        )
        self.env.cr.execute(query)
        found = {}
        for row in self.env.cr.dictfetchall():
            hold = self._make_hold(row, company)
            if hold:
                found.setdefault(row["account_id"], []).append(hold)
        return found

    @api.model
    def _make_hold(self, row, company):
        amount = _get_exact(row["amount"], company)
        kind = row["kind"]
        stops_amount = AMOUNT in HOLD_KINDS[kind].stops
        if row["case_key"] and not stops_amount:
            kind, amount, stops_amount = "dispute", _get_exact(row["case_amount"], company), True
        if stops_amount and amount <= 0:
            return None
        return Hold(
            kind,
            row["date_from"],
            row["date_to"],
            row["released_on"],
            amount if stops_amount else None,
        )


def _get_exact(value, company):
    """An amount as the database has it; the driver made a float of it."""
    return Decimal(float_repr(value or 0.0, company.currency_id.decimal_places))
