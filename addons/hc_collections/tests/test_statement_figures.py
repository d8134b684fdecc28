# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import random

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from .statement_common import StatementCase

_ROUNDS = 6


@tagged("post_install", "-at_install")
class TestStatementFigures(StatementCase):
    """Each line of a statement is what was posted of its kind, and all of them sum."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        kinds = (("clearing", "asset_current"), ("transfer", "asset_current"))
        cls.accounts = {
            name: cls.env["account.account"].create(
                {"name": name, "code": f"1899{number}", "account_type": account_type}
            )
            for number, (name, account_type) in enumerate(kinds)
        }
        uses = cls.env["hc.ledger.account"]
        cls.accounts["allowance"] = uses._get_for(cls.company, "contractual_allowance").account_id
        cls.journal = uses._get_for(cls.company, "contractual_allowance").journal_id
        # Entries that forgive have a cause; which one is none of this story's.
        maker = cls("setUp")
        cls.cause = maker._write_off(maker._bill_patient("F-CAUSE"), 1.0)

    def _answer(self, case, *, cash, allowance, share):
        """What a remittance posts: money, an allowance, and the share that is the patient's."""
        owed = case._get_party_items("payer_1")
        rows = [("clearing", cash), ("allowance", allowance), ("transfer", share)]
        common = {"hc_case_id": case.id, "hc_responsibility": "payer_1"}
        lines = [
            {**common, "account_id": self.accounts[name].id, "balance": amount}
            for name, amount in rows
            if amount
        ]
        total = round(cash + allowance + share, 2)
        credit = {**common, "account_id": owed.account_id.id, "balance": -total}
        lines.append({**credit, "partner_id": owed.partner_id.id})
        entry = self.env["account.move"]._create_guarded(
            [
                {
                    "move_type": "entry",
                    "journal_id": self.journal.id,
                    "date": self.today,
                    "hc_action_id": self.cause.id,
                    "line_ids": [Command.create(line) for line in lines],
                }
            ]
        )
        entry._post(soft=False)
        self._settle(owed, entry)
        if share:
            self._transfer(case, share)

    def _settle(self, item, entry):
        same = entry.line_ids.filtered(lambda line: line.account_id == item.account_id)
        (item | same).reconcile()

    def _transfer(self, case, share):
        patient = case.patient_id.guarantor_id or case.patient_id
        invoice = self.env["account.move"]._create_guarded(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": patient.partner_id.id,
                    "invoice_date": self.today,
                    "hc_case_id": case.id,
                    "hc_responsibility": "patient",
                    "hc_transfers_balance": True,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Your share",
                                "account_id": self.accounts["transfer"].id,
                                "price_unit": share,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            ]
        )
        invoice._post(soft=False)
        return invoice

    def _pay_patient(self, case, amount):
        items = case._get_party_items("patient")
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=items.move_id[:1].ids
        ).create({"payment_date": self.today, "amount": amount})._create_payments()

    def _write_off(self, case, amount):
        action = self._adjust(case, "charity_care", amount, "patient")
        if action.state == "pending":
            action._settle(GateDecision("allow"))
        self.assertEqual(action.state, "applied")
        return action

    def _assert_told(self, line, **expected):
        for name, amount in expected.items():
            self.assertAlmostEqual(line[f"amount_{name}"], amount, 2, name)
        told = line.amount_charged - line.amount_insurance - line.amount_adjusted
        told -= line.amount_paid + line.amount_insurance_open
        self.assertAlmostEqual(told, line.amount_open, 2)

    def _tell(self, case):
        made, skipped = self.env["hc.statement"]._make(
            self._account_of(case), self.today, minimum=0.0, days=0
        )
        self.assertTrue(made, skipped)
        return made.line_ids.filtered(lambda line: line.case_id == case)

    def test_each_part_is_what_was_posted_of_its_kind(self):
        """Random stories, from a fixed seed; the expected parts are counted beside the ledger."""
        chance = random.Random(20260115)

        def some(most):
            return round(chance.uniform(0.05, 0.9) * most, 2)

        for number in range(_ROUNDS):
            patient = self._create_patient(f"20F-{number}")
            case = self._bill(
                f"F-{number}", patient=patient, coverage=self._create_coverage(patient)
            )
            charged = sum(case.charge_ids.mapped("amount"))
            share = some(charged)
            cash = chance.choice([0.0, some(charged - share)])
            allowance = chance.choice([0.0, some(charged - share - cash)])
            paid, forgiven = some(share / 2), some(share / 2)
            with self.subTest(cash=cash, allowance=allowance, share=share, paid=paid):
                self._answer(case, cash=cash, allowance=allowance, share=share)
                self._pay_patient(case, paid)
                self._write_off(case, forgiven)
                self._assert_told(
                    self._tell(case),
                    charged=charged,
                    insurance=cash,
                    adjusted=allowance + forgiven,
                    paid=paid,
                    insurance_open=charged - share - cash - allowance,
                    open=share - paid - forgiven,
                )

    def test_a_payment_of_the_payer_by_hand_is_the_insurances(self):
        patient = self._create_patient("20F-P")
        case = self._bill("F-P", patient=patient, coverage=self._create_coverage(patient))
        self._pay_amount(case, 40.0)
        self._answer(case, cash=0.0, allowance=0.0, share=60.0)
        self._assert_told(self._tell(case), insurance=40.0, insurance_open=50.0, open=60.0)

    def test_an_entry_by_hand_is_another_change_and_no_payment(self):
        case = self._bill_patient("F-H")
        item = case._get_party_items("patient")
        entry = self.env["account.move"]._create_guarded(
            [
                {
                    "move_type": "entry",
                    "journal_id": self.journal.id,
                    "hc_action_id": self.cause.id,
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": item.account_id.id,
                                "partner_id": item.partner_id.id,
                                "credit": 15.0,
                            }
                        ),
                        Command.create(
                            {"account_id": self.accounts["allowance"].id, "debit": 15.0}
                        ),
                    ],
                }
            ]
        )
        entry.action_post()
        self._settle(item, entry)
        self._assert_told(self._tell(case), adjusted=15.0, paid=0.0, insurance=0.0, open=135.0)

    def test_what_does_not_add_up_is_told_to_nobody(self):
        case = self._bill_patient("F-X")
        case.charge_ids.sudo()._write_guarded({"amount": 149.0})
        with self._refused("does not add up"):
            self._tell(case)
        self.assertFalse(self._account_of(case).statement_ids)
