# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .hc_adjustment_policy import KINDS


class HcAdjustmentProposal(models.Model):
    """Balances that a policy proposes to discount or to write off, as the ledger is now.

    A read model: nothing is stored, nothing is posted. Accounts with money that is not applied,
    on hold or in a running plan are not proposed, credit balances never.
    """

    _name = "hc.adjustment.proposal"
    _description = "Proposed Adjustment"
    _inherit = ["hc.phi.mixin"]
    _phi_patient_path = "account_id.patient_id"
    _auto = False
    _order = "kind, amount desc, id"
    _depends = {
        "account.move.line": ["hc_case_id", "hc_responsibility", "amount_residual", "balance"],
        "account.partial.reconcile": ["debit_move_id", "credit_move_id", "amount", "max_date"],
        "hc.billing.case": ["first_statement_on", "facility_id"],
        "hc.collection.account": ["amount_open", "amount_unapplied", "state", "party"],
        "hc.collection.hold": ["account_id", "state"],
        "hc.payment.plan": ["account_id", "state"],
        "hc.controlled.action": ["kind", "case_id", "state"],
        "hc.adjustment.policy": ["kind", "days", "percent", "amount_max", "date_from", "active"],
    }

    kind = fields.Selection(KINDS, "Proposed", readonly=True)
    policy_id = fields.Many2one("hc.adjustment.policy", "By Policy", readonly=True)
    account_id = fields.Many2one("hc.collection.account", readonly=True)
    case_id = fields.Many2one("hc.billing.case", readonly=True)
    facility_id = fields.Many2one("hc.facility", readonly=True)
    amount = fields.Monetary(readonly=True)
    amount_stated = fields.Monetary(
        "At First Statement", readonly=True, help="What was open when the patient was first told."
    )
    first_statement_on = fields.Date("First Statement", readonly=True)
    since_on = fields.Date("Responsible Since", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    @property
    def _table_query(self):
        return self._get_query(fields.Date.context_today(self))

    @api.model
    def _get_query(self, as_of):
        """The proposals of a day: one row per case and kind."""
        return SQL(
            """
            WITH balance AS (%(balances)s)
            SELECT balance.case_id * 4 + CASE policy.kind
                        WHEN 'small_balance' THEN 1 WHEN 'bad_debt' THEN 2 ELSE 0 END AS id,
                   policy.kind, policy.id AS policy_id, balance.account_id, balance.case_id,
                   balance.facility_id, balance.amount, balance.amount_stated,
                   balance.first_statement_on, balance.since_on, balance.currency_id,
                   balance.company_id
              FROM balance
              JOIN (%(policies)s) policy ON policy.for_company_id = balance.company_id
             WHERE (%(conditions)s)
               AND NOT EXISTS (
                   SELECT FROM hc_controlled_action action
                    WHERE action.case_id = balance.case_id AND action.kind = policy.kind
                      AND action.state = 'pending')
            """,
            balances=self._get_balances_query(),
            policies=self.env["hc.adjustment.policy"]._get_in_force_query(as_of),
            conditions=self._get_conditions(as_of),
        )

    @api.model
    def _get_balances_query(self):
        """What patients owe of each case, and what they owed when they were first told."""
        return SQL(
            """
            SELECT line.hc_case_id AS case_id, account.id AS account_id, hc_case.facility_id,
                   hc_case.first_statement_on, min(line.date) AS since_on,
                   sum(line.amount_residual) AS amount,
                   sum(line.amount_residual + coalesce(paid.amount, 0)) AS amount_stated,
                   max(paid.last_on) AS paid_on,
                   account.amount_open AS account_open, account.state AS account_state,
                   line.company_currency_id AS currency_id, line.company_id
              FROM hc_collection_account account
              JOIN account_move_line line
                ON line.hc_collection_account_id = account.id
               AND line.parent_state = 'posted' AND line.hc_responsibility = 'patient'
               AND line.balance > 0
              JOIN hc_billing_case hc_case ON hc_case.id = line.hc_case_id
         LEFT JOIN LATERAL (
                   SELECT sum(partial.amount) AS amount, max(payment.date) AS last_on
                     FROM account_partial_reconcile partial
                     JOIN account_move_line payment ON payment.id = partial.credit_move_id
                     JOIN account_move move
                       ON move.id = payment.move_id AND move.origin_payment_id IS NOT NULL
                    WHERE partial.debit_move_id = line.id
                      AND payment.date >= hc_case.first_statement_on) paid ON TRUE
             WHERE account.party = 'patient' AND account.amount_open > 0
               AND account.amount_unapplied = 0
               AND NOT EXISTS (
                   SELECT FROM hc_collection_hold hold
                    WHERE hold.account_id = account.id AND hold.state = 'active')
               AND NOT EXISTS (
                   SELECT FROM hc_payment_plan plan
                    WHERE plan.account_id = account.id AND plan.state IN ('proposed', 'active'))
          GROUP BY line.hc_case_id, account.id, hc_case.id, line.company_currency_id,
                   line.company_id
            HAVING sum(line.amount_residual) > 0
            """
        )

    @api.model
    def _get_conditions(self, as_of):
        """When each kind is proposed."""
        return SQL(
            """
               policy.kind = 'discount_prompt_pay'
               AND balance.paid_on <= balance.first_statement_on + policy.days
               AND balance.amount
                   <= round((balance.amount_stated * policy.percent / 100.0)::numeric, 2)
            OR policy.kind = 'small_balance'
               AND balance.account_open <= policy.amount_max
               AND balance.since_on <= %(as_of)s - policy.days
            OR policy.kind = 'bad_debt'
               AND balance.account_state = 'pre_collections'
               AND balance.first_statement_on <= %(as_of)s - policy.days
            """,
            as_of=as_of,
        )

    def _request(self, reason_code, justification, key):
        """Request what is proposed, one controlled action per case.

        :param reason_code: one that belongs to the kind
        :param str justification: read by whoever decides
        :param str key: of this request; the same one again changes nothing
        :return: the actions
        :raise UserError: something is not proposed any more
        """
        if len(set(self.mapped("kind"))) != 1:
            raise UserError(self.env._("Select proposals of one kind."))
        actions = self.env["hc.controlled.action"]
        for proposal in self:
            case = proposal.case_id
            actions |= case._request_adjustment(
                proposal.kind,
                "patient",
                proposal.amount,
                idempotency_key=f"{key}:{case.id}",
                reason_code_id=reason_code.id,
                justification=justification,
                parameters={"policy_id": proposal.policy_id.id},
                evidence=[{"evidence_type": "justification", "text": justification}],
            )
        return actions

    def action_open_request(self):
        """Ask for the reason of the selected proposals."""
        if len(set(self.mapped("kind"))) != 1:
            raise UserError(self.env._("Select proposals of one kind."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Request Adjustments"),
            "res_model": "hc.adjustment.proposal.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_kind": self[0].kind,
                "default_case_ids": self.case_id.ids,
            },
        }
