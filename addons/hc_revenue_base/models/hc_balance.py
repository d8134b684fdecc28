# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import SQL

from .account_move import RESPONSIBILITIES


class HcBalance(models.Model):
    """Open amount per case, responsible party and due date.

    A read model over posted receivable journal items; the general ledger is the truth.
    """

    _name = "hc.balance"
    _description = "Open Balance"
    _auto = False
    _order = "date_due, id"
    # What must be flushed before the query below is run.
    _depends = {
        "account.move.line": [
            "hc_case_id",
            "hc_responsibility",
            "partner_id",
            "date_maturity",
            "balance",
            "amount_residual",
            "account_id",
            "move_id",
            "parent_state",
            "company_id",
        ],
        "account.account": ["account_type"],
        "account.move": ["hc_action_id", "move_type"],
        "hc.billing.case": ["facility_id", "patient_id", "payer_id"],
    }

    case_id = fields.Many2one("hc.billing.case", readonly=True)
    responsibility = fields.Selection(RESPONSIBILITIES, readonly=True)
    partner_id = fields.Many2one("res.partner", "Responsible Party", readonly=True)
    date_due = fields.Date("Due", readonly=True)
    amount_invoiced = fields.Monetary("Invoiced", readonly=True)
    amount_adjusted = fields.Monetary(
        "Adjusted", readonly=True, help="Written off, discounted or conceded, without a payment."
    )
    amount_settled = fields.Monetary(
        "Settled",
        readonly=True,
        help="By entries: paid, allowed or moved on by a remittance; below zero: moved here.",
    )
    amount_open = fields.Monetary("Open", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    facility_id = fields.Many2one("hc.facility", readonly=True)
    patient_id = fields.Many2one("hc.patient", readonly=True)
    payer_id = fields.Many2one("hc.payer", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT min(line.id) AS id, line.hc_case_id AS case_id,
                   line.hc_responsibility AS responsibility, line.partner_id,
                   line.date_maturity AS date_due,
                   coalesce(sum(line.balance) FILTER (
                       WHERE move.hc_action_id IS NULL AND move.move_type != 'entry'), 0)
                       AS amount_invoiced,
                   coalesce(-sum(line.balance) FILTER (WHERE move.hc_action_id IS NOT NULL), 0)
                       AS amount_adjusted,
                   coalesce(-sum(line.balance) FILTER (
                       WHERE move.hc_action_id IS NULL AND move.move_type = 'entry'), 0)
                       AS amount_settled,
                   sum(line.amount_residual) AS amount_open,
                   line.company_currency_id AS currency_id, line.company_id,
                   hc_case.facility_id, hc_case.patient_id, hc_case.payer_id
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
              JOIN account_move move ON move.id = line.move_id
              JOIN hc_billing_case hc_case ON hc_case.id = line.hc_case_id
             WHERE account.account_type = 'asset_receivable'
               AND line.parent_state = 'posted'
          GROUP BY line.hc_case_id, line.hc_responsibility, line.partner_id, line.date_maturity,
                   line.company_currency_id, line.company_id,
                   hc_case.facility_id, hc_case.patient_id, hc_case.payer_id
            """
        )

    @api.model
    def _get_kept_credits(self, items):
        """Of credits, those that a module follows up by records of its own.

        Who sweeps credits leaves these out, so that no credit is two people's work.

        :param items: receivable items with a credit open
        :return: some of them
        """
        return items.browse()
