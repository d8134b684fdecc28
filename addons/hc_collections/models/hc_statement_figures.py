# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections import defaultdict
from dataclasses import dataclass, field

from odoo import api, models
from odoo.tools import SQL


@dataclass
class OpenFigures:
    """What an account owes on a day, as a statement may tell it.

    ``cases`` is ``{case id: (open, disputed)}`` of the cases shown; ``credit`` is what the account
    has paid and nobody has assigned yet; ``held`` is open on cases that nobody is told about.
    """

    cases: dict = field(default_factory=dict)
    credit: float = 0.0
    held: float = 0.0
    disputed: float = 0.0

    @property
    def open(self):
        return sum(amount for amount, _disputed in self.cases.values())

    @property
    def due(self):
        return max(0.0, self.open - self.disputed - self.credit)


class HcStatement(models.Model):
    """The figures of statements, read from the ledger for many accounts at once."""

    _inherit = "hc.statement"

    @api.model
    def _read_open(self, accounts, as_of, hiding=None):
        """What accounts owe at the end of a day.

        The sum over all parts is the aging's, to the cent: open less credit, plus what is held.

        :param hiding: kinds of hold that hide their cases; empty: all that stop contact
        :return: ``{account id: OpenFigures}``
        """
        holds = self.env["hc.collection.hold"]
        stopped = holds._get_stopped_cases(accounts, as_of, hiding)
        disputed = holds._get_disputed(accounts, as_of)
        figures = {account.id: OpenFigures() for account in accounts}
        for account_id, case_id, amount in self._query_open(accounts, as_of):
            found = figures[account_id]
            if case_id and amount > 0 and case_id in stopped:
                found.held += amount
            elif case_id and amount > 0:
                in_dispute = min(amount, disputed.get((account_id, case_id), 0.0))
                found.cases[case_id] = (amount, in_dispute)
                found.disputed += in_dispute
            else:
                found.credit -= amount
        for account_id, found in figures.items():
            rest = found.open - found.disputed
            found.disputed += min(rest, disputed.get((account_id, False), 0.0))
        currencies = {account.id: account.currency_id for account in accounts}
        for account_id, found in figures.items():
            for name in ("credit", "held", "disputed"):
                setattr(found, name, currencies[account_id].round(getattr(found, name)))
        return figures

    @api.model
    def _query_open(self, accounts, as_of):
        """Rows ``(account id, case id or None, amount)``, from the one aging."""
        items = self.env["hc.aging.item"]
        items.flush_model()
        for model_name, names in items._depends.items():
            self.env[model_name].flush_model(names)
        of_these = SQL("hc_account.id = ANY(%s)", list(accounts.ids))
        self.env.cr.execute(
            SQL(
                """
                SELECT account_id, case_id, sum(amount_open) FROM (%s) item
              GROUP BY account_id, case_id ORDER BY account_id, case_id
                """,
                items._get_query(as_of, of_these),
            )
        )
        return [(account, case, float(amount)) for account, case, amount in self.env.cr.fetchall()]

    @api.model
    def _read_case_figures(self, case_ids):
        """How the balance of cases came about.

        What insurance paid is what is left of the charges by the parts that the ledger names, so
        that the parts always sum.

        :return: ``{case id: {"charged", "adjusted", "paid", "insurance_open"}}``
        """
        figures = defaultdict(lambda: dict.fromkeys(_PARTS, 0.0))
        for query in (_CHARGED, _ADJUSTED, _PAID, _INSURANCE_OPEN):
            self.env.cr.execute(SQL(query, case_ids=list(case_ids)))
            for part, case_id, amount in self.env.cr.fetchall():
                figures[case_id][part] = float(amount or 0.0)
        return figures


_PARTS = ("charged", "adjusted", "paid", "insurance_open")
_CHARGED = """
    SELECT 'charged', case_id, sum(amount) FROM hc_charge
     WHERE state = 'billed' AND case_id = ANY(%(case_ids)s) GROUP BY case_id
"""
# Allowances, write-offs and discounts: entries of the case on accounts of income or expense.
_ADJUSTED = """
    SELECT 'adjusted', line.hc_case_id, sum(line.balance)
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id AND move.move_type = 'entry'
      JOIN account_account account ON account.id = line.account_id
     WHERE line.hc_case_id = ANY(%(case_ids)s) AND line.parent_state = 'posted'
       AND (account.account_type LIKE 'income%%' OR account.account_type LIKE 'expense%%')
  GROUP BY line.hc_case_id
"""
# Payments that settle what the patient owes: money, not entries.
_PAID = """
    SELECT 'paid', line.hc_case_id, sum(part.amount)
      FROM account_move_line line
      JOIN account_partial_reconcile part ON part.debit_move_id = line.id
      JOIN account_move_line other ON other.id = part.credit_move_id
      JOIN account_move move ON move.id = other.move_id
     WHERE line.hc_case_id = ANY(%(case_ids)s) AND line.hc_responsibility = 'patient'
       AND line.parent_state = 'posted'
       AND (move.origin_payment_id IS NOT NULL OR other.statement_line_id IS NOT NULL)
  GROUP BY line.hc_case_id
"""
_INSURANCE_OPEN = """
    SELECT 'insurance_open', line.hc_case_id, sum(line.amount_residual)
      FROM account_move_line line
      JOIN account_account account
        ON account.id = line.account_id AND account.account_type = 'asset_receivable'
     WHERE line.hc_case_id = ANY(%(case_ids)s) AND line.hc_responsibility != 'patient'
       AND line.parent_state = 'posted'
  GROUP BY line.hc_case_id
"""
