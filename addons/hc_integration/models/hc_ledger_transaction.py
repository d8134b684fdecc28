# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models, tools
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.models.account_move import RESPONSIBILITIES


class HcLedgerTransaction(models.Model):
    """What changed the receivable of a case, line by line, for reporting platforms.

    A view over posted journal items, in the order of their last change; no names, and no second
    ledger: the sum of a case's amounts is what it owes.
    """

    _name = "hc.ledger.transaction"
    _description = "Ledger Transaction"
    _auto = False
    _order = "date desc, id desc"

    number = fields.Char(readonly=True)
    kind = fields.Selection(
        [
            ("charge", "Charge"),
            ("transfer", "Moved to Another Party"),
            ("credit", "Credit Note"),
            ("adjustment", "Adjustment"),
            ("payment", "Payment"),
            ("entry", "Other Entry"),
        ],
        readonly=True,
    )
    adjustment_kind = fields.Char("Kind of Adjustment", readonly=True)
    date = fields.Date("Accounting Date", readonly=True)
    case_id = fields.Many2one("hc.billing.case", readonly=True)
    facility_id = fields.Many2one("hc.facility", readonly=True)
    payer_id = fields.Many2one("hc.payer", readonly=True)
    responsibility = fields.Selection(RESPONSIBILITIES, readonly=True)
    amount = fields.Monetary(readonly=True, help="Above zero: more is owed.")
    amount_open = fields.Monetary("Open", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    def init(self):
        tools.drop_view_if_exists(self.env.cr, self._table)
        self.env.cr.execute(
            SQL("CREATE VIEW %s AS (%s)", SQL.identifier(self._table), self._get_view_query())
        )

    def _get_view_query(self):
        return SQL(
            """
            SELECT line.id, greatest(line.write_date, move.write_date) AS write_date,
                   move.name AS number,
                   CASE WHEN move.hc_action_id IS NOT NULL THEN 'adjustment'
                        WHEN move.hc_transfers_balance THEN 'transfer'
                        WHEN move.move_type = 'out_invoice' THEN 'charge'
                        WHEN move.move_type = 'out_refund' THEN 'credit'
                        WHEN move.origin_payment_id IS NOT NULL THEN 'payment'
                        ELSE 'entry' END AS kind,
                   action.kind AS adjustment_kind, line.date, line.hc_case_id AS case_id,
                   hc_case.facility_id, hc_case.payer_id,
                   line.hc_responsibility AS responsibility, line.balance AS amount,
                   line.amount_residual AS amount_open,
                   line.company_currency_id AS currency_id, line.company_id
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
              JOIN account_move move ON move.id = line.move_id
              JOIN hc_billing_case hc_case ON hc_case.id = line.hc_case_id
         LEFT JOIN hc_controlled_action action ON action.id = move.hc_action_id
             WHERE account.account_type = 'asset_receivable' AND line.parent_state = 'posted'
            """
        )
