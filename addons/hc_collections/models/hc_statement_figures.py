# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from dataclasses import dataclass, field

from odoo import api, models
from odoo.exceptions import UserError
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
    def _read_case_figures(self, case_ids, as_of):
        """How the balances of cases came about, each part from the postings of its kind.

        ``charged`` less ``insurance``, ``adjusted``, ``paid`` and ``insurance_open`` is
        ``patient_open``: the ledger says so of itself, and :meth:`_check_adds_up` asks it.

        :param date as_of: what was posted and settled until the end of this day
        :return: ``{case id: {part: amount}}``
        """
        self.env["account.move.line"].flush_model()
        self.env["account.partial.reconcile"].flush_model()
        self.env["hc.charge"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(_FIGURES_QUERY, case_ids=list(case_ids), as_of=as_of)
        )
        return {
            row.pop("case_id"): {part: float(amount) for part, amount in row.items()}
            for row in rows
        }

    @api.model
    def _check_adds_up(self, case, parts, amount_open):
        """Nobody is told figures that do not sum, or that the aging does not know.

        :raise UserError: they do not
        """
        taken = ("insurance", "adjusted", "paid", "insurance_open")
        told = parts["charged"] - sum(parts[name] for name in taken)
        compare = case.currency_id.compare_amounts
        if compare(told, amount_open):
            raise UserError(
                self.env._(
                    "%(case)s does not add up: its charges and postings leave %(told)s, and "
                    "%(open)s is open. Look at its journal items: a credit or an entry was made "
                    "by hand, or somebody else owes a part of it.",
                    case=case.name,
                    told=case.currency_id.format(told),
                    open=case.currency_id.format(amount_open),
                )
            )


# What entries take off a case's receivables and book as income or expense is an adjustment, a
# write-off or a discount; what they neither book so nor move to the patient by an invoice is the
# payer's money, recoupments taken off. Settled from outside the case: money of the one who owes,
# or another change that accounting made by hand.
_FIGURES_QUERY = """
    WITH item AS (
        SELECT line.id, line.hc_case_id AS case_id, line.balance,
               line.hc_responsibility IS NOT DISTINCT FROM 'patient' AS is_patients,
               move.move_type = 'entry' AS is_entry,
               (move.hc_transfers_balance OR origin.hc_transfers_balance) IS TRUE AS is_transfer
          FROM account_move_line line
          JOIN account_move move ON move.id = line.move_id
     LEFT JOIN account_move origin ON origin.id = move.reversed_entry_id
          JOIN account_account account
            ON account.id = line.account_id AND account.account_type = 'asset_receivable'
         WHERE line.hc_case_id = ANY(%(case_ids)s) AND line.parent_state = 'posted'
           AND line.date <= %(as_of)s
    ), part AS (
        SELECT debit_move_id AS item_id, credit_move_id AS other_id, amount
          FROM account_partial_reconcile WHERE max_date <= %(as_of)s
     UNION ALL
        SELECT credit_move_id, debit_move_id, -amount
          FROM account_partial_reconcile WHERE max_date <= %(as_of)s
    ), settled AS (
        SELECT item.case_id, item.is_patients, part.amount,
               other.hc_case_id IS NOT DISTINCT FROM item.case_id AS is_within,
               move.origin_payment_id IS NOT NULL OR other.statement_line_id IS NOT NULL
                   AS is_money
          FROM item
          JOIN part ON part.item_id = item.id
          JOIN account_move_line other ON other.id = part.other_id
          JOIN account_move move ON move.id = other.move_id
    ), ledger AS (
        SELECT case_id,
               sum(balance) FILTER (WHERE is_patients) AS patients,
               sum(balance) FILTER (WHERE NOT is_patients) AS payers,
               sum(balance) FILTER (WHERE is_entry OR is_transfer) AS moved
          FROM item GROUP BY case_id
    ), outside AS (
        SELECT case_id,
               sum(amount) FILTER (WHERE is_patients) AS patients,
               sum(amount) FILTER (WHERE NOT is_patients) AS payers,
               sum(amount) FILTER (WHERE is_patients AND is_money AND NOT is_within) AS paid,
               sum(amount) FILTER (WHERE NOT is_patients AND is_money AND NOT is_within)
                   AS payer_paid,
               sum(amount) FILTER (WHERE NOT is_money AND NOT is_within) AS changed
          FROM settled GROUP BY case_id
    ), booked AS (
        SELECT line.hc_case_id AS case_id, sum(line.balance) AS amount
          FROM account_move_line line
          JOIN account_move move ON move.id = line.move_id AND move.move_type = 'entry'
          JOIN account_account account ON account.id = line.account_id
         WHERE line.hc_case_id = ANY(%(case_ids)s) AND line.parent_state = 'posted'
           AND line.date <= %(as_of)s
           AND (account.account_type LIKE 'income%%' OR account.account_type LIKE 'expense%%')
      GROUP BY line.hc_case_id
    ), charged AS (
        SELECT case_id, sum(amount) AS amount
          FROM hc_charge WHERE state = 'billed' AND case_id = ANY(%(case_ids)s) GROUP BY case_id
    )
    SELECT hc_case.id AS case_id,
           coalesce(charged.amount, 0) AS charged,
           coalesce(booked.amount, 0) + coalesce(outside.changed, 0) AS adjusted,
           coalesce(outside.payer_paid, 0) - coalesce(ledger.moved, 0)
               - coalesce(booked.amount, 0) AS insurance,
           coalesce(outside.paid, 0) AS paid,
           coalesce(ledger.payers, 0) - coalesce(outside.payers, 0) AS insurance_open,
           coalesce(ledger.patients, 0) - coalesce(outside.patients, 0) AS patient_open
      FROM hc_billing_case hc_case
 LEFT JOIN ledger ON ledger.case_id = hc_case.id
 LEFT JOIN outside ON outside.case_id = hc_case.id
 LEFT JOIN booked ON booked.case_id = hc_case.id
 LEFT JOIN charged ON charged.case_id = hc_case.id
     WHERE hc_case.id = ANY(%(case_ids)s)
"""
