# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from .collections_common import CollectionsCase


@tagged("post_install", "-at_install")
class TestAdjustmentProposal(CollectionsCase):
    """Policies propose; people request; nothing is written off by itself."""

    def _proposed(self, case):
        self.env.flush_all()
        proposals = self.env["hc.adjustment.proposal"]
        proposals.invalidate_model()
        return proposals.search([("case_id", "=", case.id)])

    def _state_first(self, case, days):
        case.sudo()._write_guarded({"first_statement_on": self._days_ago(days)})

    def test_the_rest_after_prompt_payment_is_proposed(self):
        case = self._bill_patient("AP-1")
        self._age(case, 20)
        self._state_first(case, 20)
        self.assertFalse(self._proposed(case))
        self._pay_amount(case, 134.99)
        self.assertFalse(self._proposed(case), "15.01 is more than ten percent of 150.00")
        self._pay_amount(case, 0.01)
        proposal = self._proposed(case)
        self.assertEqual((proposal.kind, proposal.amount), ("discount_prompt_pay", 15.0))
        self.assertEqual(proposal.amount_stated, 150.0)
        self._state_first(case, 31)
        self.assertFalse(self._proposed(case), "paid after the days of the policy")

    def test_small_balances_are_proposed_when_old(self):
        case = self._bill_patient("AP-2")
        self._age(case, 90)
        self._pay_amount(case, 139.99)
        self.assertFalse(self._proposed(case), "10.01 is above the largest balance")
        self._pay_amount(case, 0.01)
        self.assertEqual(self._proposed(case).mapped("kind"), ["small_balance"])
        self._overpay(case, 1.0)
        self.assertFalse(self._proposed(case), "money that is not applied comes first")

    def test_bad_debt_waits_for_the_notification_period_and_the_final_notice(self):
        case = self._bill_patient("AP-3")
        account = self._age(case, 130)
        self._state_first(case, 120)
        self.assertFalse(self._proposed(case), "the final notice was not given")
        account._transition("pre_collections")
        self.assertEqual(self._proposed(case).mapped("kind"), ["bad_debt"])
        hold = self.env["hc.collection.hold"]._place(account, "cease", "asked us to stop")
        self.assertFalse(self._proposed(case))
        hold._release("wrote to us again")
        self._state_first(case, 119)
        self.assertFalse(self._proposed(case))
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.CheckViolation):
            self.env["hc.adjustment.policy"].create(
                {"name": "Hasty", "kind": "bad_debt", "date_from": "2026-02-01", "days": 119}
            )

    def test_a_proposal_is_requested_once_as_a_controlled_action(self):
        case = self._bill_patient("AP-4")
        self._age(case, 100)
        self._pay_amount(case, 145.0)
        proposal = self._proposed(case).with_user(self.manager)
        action = proposal.action_open_request()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .with_context(**action["context"])
            .create(
                {
                    "reason_code_id": self._reason("write_off").id,
                    "justification": "Below the cost of another letter.",
                }
            )
        )
        self.assertEqual((wizard.amount, wizard.proposal_count), (5.0, 1))
        wizard.action_request()
        requested = wizard.action_ids.sudo()
        self.assertEqual((requested.kind, requested.amount), ("small_balance", 5.0))
        self.assertIn(requested.state, ("applied", "pending"))
        wizard.action_request()
        self.assertEqual(len(wizard.action_ids), 1)
        self.assertFalse(self._proposed(case), "what is requested is not proposed again")

    def test_a_plan_is_not_written_off(self):
        case = self._bill_patient("AP-5")
        account = self._age(case, 100)
        self._pay_amount(case, 141.0)
        self.assertTrue(self._proposed(case))
        plan = (
            self.env["hc.payment.plan"]
            .with_user(self.collector)
            ._propose(
                account.with_user(self.collector),
                case.with_user(self.collector),
                1,
                self.today + timedelta(days=5),
            )
        )
        self.assertEqual(plan.state, "active")
        self.assertFalse(self._proposed(case))
