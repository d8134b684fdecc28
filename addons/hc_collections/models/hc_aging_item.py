# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

from .hc_aging_policy import PARTIES


class HcAgingItem(models.Model):
    """Open receivable items with their age: the one place that says how old a balance is.

    A read model over the ledger, at any day: ``hc_as_of`` in the context chooses it (reading
    alone; nothing is decided by it), today otherwise. What was open on a past day is what is open
    now and what was settled since. Items without a case are payments that nobody has assigned.
    """

    _name = "hc.aging.item"
    _description = "Aging"
    _auto = False
    _order = "days desc, id"
    # What must be flushed before the query below is run.
    _depends = {
        "account.move.line": [
            "hc_case_id",
            "hc_responsibility",
            "partner_id",
            "date",
            "date_maturity",
            "balance",
            "amount_residual",
            "account_id",
            "parent_state",
            "company_id",
        ],
        "account.partial.reconcile": [
            "debit_move_id",
            "credit_move_id",
            "amount",
            "max_date",
        ],
        "account.account": ["account_type"],
        "hc.billing.case": [
            "facility_id",
            "patient_id",
            "payer_id",
            "service_date_to",
            "first_statement_on",
        ],
        "hc.collection.account": ["partner_id", "company_id", "party"],
        "hc.aging.policy": ["party", "basis", "date_from", "company_id", "active"],
        "hc.aging.bucket": ["policy_id", "day_from", "day_to"],
    }

    account_id = fields.Many2one("hc.collection.account", readonly=True)
    party = fields.Selection(PARTIES, "Who Owes", readonly=True)
    case_id = fields.Many2one("hc.billing.case", readonly=True)
    facility_id = fields.Many2one("hc.facility", readonly=True)
    payer_id = fields.Many2one("hc.payer", "Payer of the Case", readonly=True)
    partner_id = fields.Many2one("res.partner", "Responsible Party", readonly=True)
    item_id = fields.Many2one("account.move.line", "Journal Item", readonly=True)
    date_basis = fields.Date("Counted From", readonly=True)
    date_due = fields.Date("Due", readonly=True)
    date_discharge = fields.Date("Discharge or Last Service", readonly=True)
    date_first_statement = fields.Date("First Statement", readonly=True)
    date_responsibility = fields.Date("Responsible Since", readonly=True)
    days = fields.Integer("Age (days)", readonly=True, aggregator="max")
    bucket_id = fields.Many2one("hc.aging.bucket", "Bucket (days)", readonly=True)
    amount_open = fields.Monetary("Open", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    @property
    def _table_query(self):
        return self._get_query(self._get_as_of())

    @api.model
    def _get_as_of(self):
        """The day that is looked at: never one to come."""
        today = fields.Date.context_today(self)
        asked = self.env.context.get("hc_as_of")
        try:
            return min(today, date.fromisoformat(asked)) if asked else today
        except (TypeError, ValueError):
            return today

    @api.model
    def _get_query(self, as_of, condition=None):
        """The rows of a day.

        :param date as_of: balances are those at the end of this day
        :param SQL condition: narrows the journal items, named ``line``
        """
        return SQL(
            """
            SELECT item.*, bucket.id AS bucket_id
              FROM (%(items)s) item
         LEFT JOIN hc_aging_bucket bucket
                ON bucket.policy_id = item.policy_id
               AND item.days BETWEEN bucket.day_from AND bucket.day_to
            """,
            items=self._get_items_query(as_of, condition),
        )

    @api.model
    def _get_items_query(self, as_of, condition):
        basis = SQL(
            """
            CASE policy.basis
                 WHEN 'discharge' THEN coalesce(hc_case.service_date_to, line.date)
                 WHEN 'first_statement' THEN CASE
                      WHEN hc_case.first_statement_on <= %(as_of)s
                      THEN hc_case.first_statement_on ELSE line.date END
                 ELSE line.date END
            """,
            as_of=as_of,
        )
        return SQL(
            """
            SELECT line.id, line.id AS item_id, hc_account.id AS account_id, hc_account.party,
                   line.hc_case_id AS case_id, hc_case.facility_id, hc_case.payer_id,
                   line.partner_id, line.date_maturity AS date_due,
                   hc_case.service_date_to AS date_discharge,
                   hc_case.first_statement_on AS date_first_statement,
                   line.date AS date_responsibility,
                   %(basis)s AS date_basis,
                   greatest(0, %(as_of)s - (%(basis)s)) AS days,
                   line.amount_residual + coalesce(later.amount, 0) AS amount_open,
                   line.company_currency_id AS currency_id, line.company_id,
                   policy.id AS policy_id
              FROM account_move_line line
              JOIN account_account account
                ON account.id = line.account_id AND account.account_type = 'asset_receivable'
              JOIN hc_collection_account hc_account
                ON hc_account.partner_id = line.partner_id
               AND hc_account.company_id = line.company_id
         LEFT JOIN hc_billing_case hc_case ON hc_case.id = line.hc_case_id
         LEFT JOIN (%(later)s) later ON later.item_id = line.id
         LEFT JOIN (%(policies)s) policy
                ON policy.party = hc_account.party AND policy.for_company_id = line.company_id
             WHERE line.parent_state = 'posted' AND line.date <= %(as_of)s
               AND (line.amount_residual != 0 OR later.amount != 0)
               AND line.amount_residual + coalesce(later.amount, 0) != 0
               %(condition)s
            """,
            basis=basis,
            as_of=as_of,
            later=self._get_later_query(as_of),
            policies=self.env["hc.aging.policy"]._get_in_force_query(as_of),
            condition=SQL("AND (%s)", condition) if condition else SQL(),
        )

    @api.model
    def _get_later_query(self, as_of):
        """What was settled after a day, per item, with the sign of the item."""
        return SQL(
            """
            SELECT side.item_id, sum(side.amount) AS amount
              FROM (SELECT debit_move_id AS item_id, amount
                      FROM account_partial_reconcile WHERE max_date > %(as_of)s
                 UNION ALL
                    SELECT credit_move_id, -amount
                      FROM account_partial_reconcile WHERE max_date > %(as_of)s) side
          GROUP BY side.item_id
            """,
            as_of=as_of,
        )
