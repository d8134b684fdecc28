# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL, float_repr

from ..hc_dunning_core.cadence import AccountFacts
from ..hc_dunning_core.cadence_debts import CaseHold, Debt
from ..hc_dunning_core.cadence_policy import CHANNELS
from ..hc_dunning_core.holds import AMOUNT, HOLD_KINDS, Hold


class HcCadenceFacts(models.AbstractModel):
    """The same facts as objects of the pure package."""

    _inherit = "hc.cadence.facts"

    @api.model
    def _read_facts(self, policy, company, as_of, accounts):
        """``{account id: AccountFacts}`` of accounts that have an open item."""
        party = policy.party
        holds = self._read_holds(company, as_of, accounts)
        debts = self._read_debts(policy, company, as_of, accounts)
        cases = self._read_case_amounts(company, party, as_of, accounts)
        self.env.cr.execute(self._get_facts_query(company, party, as_of, accounts))
        return {
            row["account_id"]: AccountFacts(
                _get_exact(row["open_amount"], company),
                row["currency"],
                tuple(debts.get(row["account_id"], ())),
                tuple(cases.get(row["account_id"], ())),
                row["last_level_on"],
                row["is_waiting"],
                row["lawful_on"],
                *_split_holds(holds.get(row["account_id"], ())),
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
    def _read_debts(self, policy, company, as_of, accounts):
        """``{account id: [Debt]}``."""
        self.env.cr.execute(
            SQL(
                "WITH %s %s",
                self._get_sources(company, policy.party, as_of, accounts),
                self._get_debts_body(policy),
            )
        )
        found = {}
        for row in self.env.cr.dictfetchall():
            found.setdefault(row["account_id"], []).append(
                Debt(
                    row["item_id"],
                    _get_exact(row["amount_open"], company),
                    row["date_basis"],
                    row["case_id"],
                    row["last_level"] or "",
                    row["levels_told"],
                    row["told_on"],
                    frozenset(row["told_levels"] or ()),
                )
            )
        return found

    @api.model
    def _read_case_amounts(self, company, party, as_of, accounts):
        """``{account id: [(case id, open amount)]}``."""
        rows = self.env.execute_query(
            SQL(
                "SELECT account_id, case_id, sum(amount_open) FROM (%s) item"
                " WHERE case_id IS NOT NULL GROUP BY account_id, case_id",
                self._get_items_query(company, party, as_of, accounts),
            )
        )
        found = {}
        for account_id, case_id, amount in rows:
            found.setdefault(account_id, []).append((case_id, _get_exact(amount, company)))
        return found

    @api.model
    def _read_holds(self, company, as_of, accounts):
        """``{account id: [(Hold, case ids or None)]}``."""
        self.env.cr.execute(self._get_holds_query(company, as_of, self._get_choice(accounts)))
        found = {}
        for row in self.env.cr.dictfetchall():
            amount = _get_exact(row["amount"], company)
            stops_amount = AMOUNT in HOLD_KINDS[row["kind"]].stops
            if stops_amount and amount <= 0:
                continue
            hold = Hold(
                row["kind"],
                row["date_from"],
                row["date_to"],
                row["released_on"],
                amount if stops_amount else None,
            )
            found.setdefault(row["account_id"], []).append((hold, row["case_ids"]))
        return found


def _split_holds(holds):
    """Holds of the whole account, and those of some of its cases."""
    return (
        tuple(hold for hold, cases in holds if cases is None),
        tuple(CaseHold(hold, frozenset(cases)) for hold, cases in holds if cases is not None),
    )


def _get_exact(value, company):
    """An amount as the database has it; the driver made a float of it."""
    return Decimal(float_repr(value or 0.0, company.currency_id.decimal_places))
