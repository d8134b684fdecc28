# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What is known of new credits, loaded for all of them at once, and the cause it speaks for."""

from collections import defaultdict

from odoo import api, models

from odoo.addons.hc_revenue_base.hc_core.money import to_decimal

from ..hc_claim_core import credits as rules
from ..hc_claim_core.credits import CreditFacts

_AS_PRIMARY = frozenset({"1", "19"})
_HERE = ("posted", "held")


class HcCreditBalance(models.Model):
    _inherit = "hc.credit.balance"

    @api.model
    def _propose_causes(self, vals_list):
        """``{source key: (cause, reason in words)}`` of credits that were found."""
        case_ids = {vals["case_id"] for vals in vals_list if vals["case_id"]}
        answers = self.env["hc.remittance.claim"].search(
            [
                ("case_id", "in", list(case_ids)),
                ("state", "in", _HERE),
                ("status_code", "!=", "22"),
            ]
        )
        by_case = answers.grouped("case_id")
        by_hand = self._get_hand_payments(case_ids)
        announced = self._get_announced(answers)
        reasons = self._get_cause_reasons()
        proposals = {}
        for vals in vals_list:
            case = self.env["hc.billing.case"].browse(vals["case_id"] or [])
            facts = self._get_cause_facts(
                vals, by_case.get(case, answers.browse()), by_hand, announced
            )
            cause = rules.propose_cause(facts)
            proposals[vals["source_key"]] = (cause, reasons[cause])
        return proposals

    @api.model
    def _get_cause_facts(self, vals, answers, by_hand, announced):
        party = vals["responsibility"]
        mine = answers.filtered(lambda answer: answer.claim_id._responsibility == party)
        others = answers - mine

        def decimals(amounts):
            places = self.env.company.currency_id.decimal_places
            return tuple(to_decimal(amount, places) for amount in amounts)

        return CreditFacts(
            amount=decimals([vals["amount"]])[0],
            is_patient=party == "patient",
            payments=decimals(
                [*mine.mapped("amount_paid"), *by_hand.get((vals["case_id"], party), ())]
            ),
            allowances=decimals(mine.mapped("amount_allowed_off")),
            other_payers_paid_as_primary=any(
                answer.status_code in _AS_PRIMARY and answer.amount_paid > 0 for answer in others
            )
            and any(answer.status_code in _AS_PRIMARY for answer in mine),
            takeback_announced=bool(mine & announced),
        )

    @api.model
    def _get_hand_payments(self, case_ids):
        """``{(case id, party): [amount]}`` of payments that people or the bank posted."""
        owed = self.env["account.move.line"].search(
            [
                ("hc_case_id", "in", list(case_ids)),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("debit", ">", 0),
            ]
        )
        payments = defaultdict(list)
        for partial in owed.matched_credit_ids:
            paid = partial.credit_move_id
            if paid.move_id.origin_payment_id or paid.statement_line_id:
                item = partial.debit_move_id
                payments[item.hc_case_id.id, item.hc_responsibility].append(partial.amount)
        return payments

    @api.model
    def _get_announced(self, answers):
        """Answers whose number the payer gave with a takeback that it has announced."""
        references = {
            number: answer
            for answer in answers
            for number in (answer.payer_claim_number, answer.patient_control_number)
            if number
        }
        takebacks = self.env["hc.takeback"].search(
            [("reference", "in", list(references)), ("balance", "<", 0)]
        )
        found = answers.browse()
        for takeback in takebacks:
            answer = references[takeback.reference]
            if answer.payer_id == takeback.payer_id:
                found |= answer
        return found

    @api.model
    def _get_cause_reasons(self):
        return {
            rules.TAKEBACK_PENDING: self.env._(
                "The payer has announced to take money of this claim back."
            ),
            rules.DUPLICATE: self.env._("The same amount was paid more than once on this case."),
            rules.BOTH_PRIMARY: self.env._(
                "Two payers answered as primary, and both have paid. Find out who comes first."
            ),
            rules.PATIENT_OVERPAID: self.env._(
                "The patient has paid more than the payers left to them."
            ),
            rules.ALLOWANCE_TWICE: self.env._("The same allowance was taken more than once."),
            rules.UNKNOWN: self.env._("No rule explains it. Look at the postings of the case."),
        }
