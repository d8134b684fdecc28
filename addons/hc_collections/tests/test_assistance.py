# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from .collections_common import CollectionsCase


@tagged("post_install", "-at_install")
class TestAssistance(CollectionsCase):
    """An application stops the follow-up, is scored by policy and works back to its period."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.counselor = new_test_user(
            cls.env,
            "assistance.counselor",
            "hc_collections.group_hc_financial_counselor,hc_revenue_base.group_hc_all_facilities",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.level = (
            cls.env["hc.poverty.guideline"]
            .search([("region", "=", "contiguous"), ("effective_from", "<=", cls.today)], limit=1)
            .for_one
        )

    def setUp(self):
        super().setUp()
        self.case = self._bill_patient("F-1")
        self.account = self._account_of(self.case)

    def _apply(self, percent, user=None, complete=True):
        """An application of a single person with so many per cent of the poverty level."""
        user = user or self.counselor
        account = self.account.with_user(user)
        proof = (
            self.env["ir.attachment"]
            .with_user(user)
            .create({"name": "pay.txt", "raw": b"pay slip", "res_model": "hc.assistance.wizard"})
        )
        application = account.env["hc.assistance.application"]._receive(
            account,
            channel="letter",
            documents=proof,
            applied_on=self.today,
            owner_id=self.counselor.id,
            persons=1,
            income=round(self.level * percent / 100, 2),
        )
        if complete:
            application.action_complete()
        return application

    def _grant(self, application, user=None, key="grant"):
        actions = application.with_user(user or self.manager)._decide(
            "granted", reason="By the policy of the hospital.", idempotency_key=key
        )
        for action in actions.sudo():
            if action.state == "pending":
                action._settle(GateDecision("allow"))
        return actions.sudo()

    def test_nothing_is_followed_up_while_it_is_open(self):
        application = self._apply(150, complete=False)
        hold = self.account.hold_ids
        self.assertEqual((hold.kind, hold.state), ("assistance", "active"))
        with self._refused("has an open application"):
            self._apply(150)
        application._withdraw("They found another insurance.")
        self.assertEqual(hold.state, "released")

    def test_what_is_granted_is_forgiven(self):
        application = self._apply(260)
        self.assertEqual((application.discount_percent, application.amount_forgiven), (50, 75.0))
        self.assertIn("260.00 %", application.steps)
        self.assertTrue(application.needs_review)
        self._grant(application)
        self.assertEqual((application.state, application.outcome), ("decided", "granted"))
        self.assertEqual(self._open(self.case), 75.0)
        self.assertEqual(self.account.hold_ids.state, "released")
        self._assert_adds_up(self.case)

    def test_what_was_paid_above_what_is_left_is_refunded(self):
        self._pay_amount(self.case, 100.0)
        application = self._apply(260)
        line = application.line_ids
        self.assertEqual((line.amount_owed, line.amount_paid), (150.0, 100.0))
        self.assertEqual((line.amount_forgiven, line.amount_refund), (50.0, 25.0))
        self._grant(application)
        line = application.sudo().line_ids
        action = line.refund_action_id
        self.assertEqual((action.amount, action.requester_id), (25.0, self.manager))
        if action.state == "pending":
            item = self.env["hc.work.item"].search([("kind", "=", "assistance_refund")])
            self.assertEqual(item.case_id, self.case)
            action._settle(GateDecision("allow"))
        self.assertEqual(action.state, "applied")
        refund = self.env["account.payment"].search([("hc_action_id", "=", action.id)])
        self.assertEqual((refund.payment_type, refund.amount), ("outbound", 25.0))
        self.assertEqual(refund.partner_id, self.account.partner_id)
        self.assertEqual(self._open(self.case), 0.0)
        self.account._refresh()
        self.assertEqual((self.account.amount_open, self.account.amount_unapplied), (0.0, 0.0))
        self._assert_adds_up(self.case)
        self.assertFalse(
            self.env["hc.work.item"].search(
                [("dedup_key", "=", f"assistance_refund:{line.id}"), ("state", "=", "open")]
            )
        )

    def test_cases_whose_period_is_over_are_left_out(self):
        self.case.sudo()._write_guarded({"first_statement_on": self.today - timedelta(days=240)})
        self.assertEqual(self._apply(100, complete=True).line_ids.case_id, self.case)
        self.account.assistance_ids._withdraw("They apply again later.")
        self.case.sudo()._write_guarded({"first_statement_on": self.today - timedelta(days=241)})
        self.assertFalse(self._apply(100).line_ids)

    def test_above_the_scale_it_is_denied_with_a_reason(self):
        application = self._apply(401)
        self.assertEqual(application.amount_forgiven, 0.0)
        with self._refused("no discount"):
            self._grant(application)
        with self._refused("in a sentence"):
            application._decide("denied", reason="no", idempotency_key="k")
        application._decide("denied", reason="The income is above.", idempotency_key="k")
        self.assertEqual((application.state, application.outcome), ("decided", "denied"))
        self.assertEqual(self._open(self.case), 150.0)

    def test_a_reversal_opens_the_decision_again(self):
        application = self._apply(100)
        action = self._grant(application)
        reversal = self._reverse(action)
        if reversal.state == "pending":
            reversal._settle(GateDecision("allow"))
        self.assertEqual((application.state, application.outcome), ("complete", False))
        self.assertIn("active", self.account.hold_ids.mapped("state"))
        self.assertEqual(application.amount_forgiven, 150.0)

    def test_collectors_see_the_outcome_and_not_the_income(self):
        application = self._apply(260).with_user(self.collector)
        self.assertEqual(application.discount_percent, 50)
        for name in ("income", "persons", "steps", "income_percent", "document_ids"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                application.read([name])
        with self.assertRaises(AccessError):
            application.action_complete()
        proof = application.sudo().document_ids
        self.assertTrue(proof)
        self.assertTrue(proof.with_user(self.counselor).raw)
        with self.assertRaises(AccessError):
            proof.with_user(self.collector).read(["raw"])
        listed = proof.with_user(self.collector).search(
            [("res_model", "=", application._name), ("res_id", "=", application.id)]
        )
        self.assertFalse(listed)

    def test_an_incomplete_application_is_not_scored(self):
        application = self._apply(260, complete=False)
        application.persons = 0
        with self._refused("is not complete"):
            application.action_complete()
        application.persons = 2
        application.action_complete()
        with self._refused("Something Is Missing"):
            application.income = 1.0
        application.action_reopen()
        application.income = 1.0

    def test_a_scale_that_does_not_fall_is_refused(self):
        for slabs in ("200:50,300:75", "300:50,200:25", "x", "200:120", ""):
            with (
                self.subTest(slabs=slabs),
                self._refused("makes no scale|required|null", Exception),
            ):
                self.env["hc.assistance.policy"].create(
                    {
                        "name": "Odd",
                        "date_from": "2026-05-01",
                        "slabs": slabs,
                        "source": "test",
                    }
                )

    def test_a_collector_takes_an_application_in(self):
        action = self.account.with_user(self.collector).action_open_assistance()
        form = Form(
            self.env["hc.assistance.wizard"]
            .with_user(self.collector)
            .with_context(**action["context"])
        )
        opened = form.save().action_confirm()
        application = self.env["hc.assistance.application"].browse(opened["res_id"])
        self.assertEqual((application.state, application.income), ("received", 0.0))

    @mute_logger("odoo.addons.hc_revenue_base.models.hc_refused_attempt")
    def test_a_file_of_another_record_is_no_proof(self):
        application = self._apply(260, complete=False)
        files = self.env["ir.attachment"].with_user(self.counselor)
        own = files.create(
            {"name": "a", "raw": b"a", "res_model": application._name, "res_id": application.id}
        )
        application.document_ids += own
        self.assertEqual(own.sudo().res_field, "document_ids")
        case_file = files.sudo().create(
            {"name": "b", "raw": b"b", "res_model": "hc.patient", "res_id": self.case.patient_id.id}
        )
        loose = self.env["ir.attachment"].create({"name": "c", "raw": b"c"})
        for file in (case_file, loose):
            with self.subTest(file=file.name), self.assertRaises(AccessError):
                application.with_user(self.counselor).write({"document_ids": [(4, file.id)]})
        self.assertEqual(case_file.res_model, "hc.patient")

    def test_a_case_that_nobody_was_told_of_is_within_the_period(self):
        application = self._apply(260)
        self.assertTrue(application.line_ids.is_period_open)
        self.assertIn("No first statement is on record", application.steps)
        self.case.sudo()._write_guarded({"first_statement_on": self.today})
        application.action_score()
        self.assertFalse(application.line_ids.is_period_open)
        self.assertNotIn("No first statement", application.steps)

    def _get_refunds(self, action):
        if action.state == "pending":
            action._settle(GateDecision("allow"))
        return self.env["account.payment"].search(
            [("hc_action_id", "=", action.id), ("payment_type", "=", "outbound")]
        )

    def test_a_refund_is_paid_once_whatever_is_decided_again(self):
        self._pay_amount(self.case, 100.0)
        application = self._apply(260)
        action = self._grant(application)
        refund_action = application.sudo().line_ids.refund_action_id
        self.assertEqual(sum(self._get_refunds(refund_action).mapped("amount")), 25.0)
        with self._refused("is decided"):
            application.with_user(self.counselor).action_complete()
        reversal = self._reverse(action)
        if reversal.state == "pending":
            reversal._settle(GateDecision("allow"))
        self.assertEqual(application.state, "complete")
        self._grant(application, key="again")
        self.assertEqual(application.state, "decided")
        actions = self.env["hc.controlled.action"].search(
            [("kind", "=", "assistance_refund"), ("case_id", "=", self.case.id)]
        )
        self.assertEqual(actions, refund_action)
        self.assertEqual((application.line_ids.amount_refund, self._open(self.case)), (25.0, 0.0))
        self._assert_adds_up(self.case)

    def test_a_refund_that_was_refused_can_be_asked_for_again(self):
        self._pay_amount(self.case, 100.0)
        application = self._apply(260)
        clerk = self.collector
        application.sudo()._write_guarded({"decided_by_id": clerk.id, "decision_reason": "why"})
        line = application.sudo().line_ids
        first = line._request_refund()
        if first.state == "pending":
            first._settle(GateDecision("refuse", "not yet"))
        self.assertEqual(first.state, "rejected")
        line._write_guarded({"amount_refund": 20.0})
        second = line._request_refund()
        self.assertNotEqual(first, second)
        self.assertEqual(second.amount, 20.0)

    def _pay_by_bank(self, amount):
        """The patient's money in a line of a bank statement, matched with the case."""
        item = self.case._get_party_items("patient")
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        )
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "date": self.today,
                "payment_ref": "by transfer",
                "amount": amount,
                "partner_id": item.partner_id.id,
            }
        )
        suspense = line.move_id.line_ids.filtered(
            lambda each: each.account_id == journal.suspense_account_id
        )
        suspense.account_id = item.account_id
        (suspense | item).reconcile()

    def test_money_of_a_bank_statement_goes_back_too(self):
        self._pay_by_bank(100.0)
        application = self._apply(260)
        self.assertEqual(application.line_ids.amount_refund, 25.0)
        self._grant(application)
        self.assertEqual(application.state, "decided")
        refunds = self._get_refunds(application.sudo().line_ids.refund_action_id)
        self.assertEqual((refunds.amount, self._open(self.case)), (25.0, 0.0))
        self.account._refresh()
        self.assertEqual(self.account.amount_unapplied, 0.0)

    def test_a_refund_that_cannot_be_paid_leaves_its_work_item(self):
        self._pay_amount(self.case, 100.0)
        self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "in", ("bank", "cash"))]
        ).outbound_payment_method_line_ids.unlink()
        application = self._apply(260)
        self._grant(application)
        self.assertEqual((application.state, application.outcome), ("decided", "granted"))
        action = application.sudo().line_ids.refund_action_id
        if action.state != "pending":
            self.assertFalse(action)
            self.assertIn("could not be paid", application.sudo().message_ids[0].body)
        item = self.env["hc.work.item"].search([("kind", "=", "assistance_refund")])
        self.assertEqual((item.case_id, item.state), (self.case, "open"))

    def _grant_unpayable(self):
        """A granted application whose refund no journal can pay, and how to mend that."""
        self._pay_amount(self.case, 100.0)
        journals = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "in", ("bank", "cash"))]
        )
        methods = journals.outbound_payment_method_line_ids
        vals_list = [
            {
                "name": method.name,
                "journal_id": method.journal_id.id,
                "payment_method_id": method.payment_method_id.id,
                "payment_account_id": method.payment_account_id.id,
            }
            for method in methods
        ]
        methods.unlink()
        application = self._apply(260)
        self._grant(application)
        line = application.sudo().line_ids
        if line.refund_action_id.state == "pending":
            # Who agrees learns why; here nobody did, so that it is asked for anew.
            line.refund_action_id._settle(GateDecision("refuse", "no way to pay"))
        return application, line, vals_list

    def _retry(self, application, user=None):
        result = application.with_user(user or self.manager).action_retry_refunds()
        application.invalidate_recordset()
        application.line_ids.invalidate_recordset()
        return result["params"]

    def test_a_refund_that_could_not_be_paid_is_tried_again(self):
        application, line, vals_list = self._grant_unpayable()
        self.assertIn(line.refund_status, ("failed", "refused"))
        self.assertTrue(application.has_unpaid_refund)
        self.env["account.payment.method.line"].create(vals_list)
        self.assertEqual(self._retry(application)["type"], "success")
        action = line.refund_action_id
        if action.state == "pending":
            self.assertEqual(line.refund_status, "waiting")
            action._settle(GateDecision("allow"))
        self.assertEqual((line.refund_status, line.refund_error), ("refunded", False))
        self.assertEqual(action.requester_id, self.manager)
        # Once more pays nothing more.
        self._retry(application)
        self.assertEqual(line.refund_action_id, action)
        self.assertEqual(sum(self._get_refunds(action).mapped("amount")), 25.0)
        self.assertFalse(application.has_unpaid_refund)

    def test_one_that_fails_again_says_why_and_stays_open(self):
        application, line, _vals_list = self._grant_unpayable()
        told = self._retry(application)
        if line.refund_action_id.state != "pending":
            self.assertEqual((told["type"], line.refund_status), ("warning", "failed"))
            self.assertTrue(line.refund_error)
            self.assertIn(line.refund_error, told["message"])
        item = self.env["hc.work.item"].search([("kind", "=", "assistance_refund")])
        self.assertEqual((item.case_id, item.state), (self.case, "open"))

    @mute_logger("odoo.addons.hc_revenue_base.models.hc_refused_attempt")
    def test_managers_and_finance_alone_try_again(self):
        application, line, _vals_list = self._grant_unpayable()
        for user in (self.counselor, self.collector):
            with self.subTest(user=user.login), self.assertRaisesRegex(AccessError, "Managers"):
                self._retry(application, user)
        self.assertTrue(line._is_refund_unpaid())

    def test_each_payment_gets_its_own_part_back(self):
        for amount in (60.0, 80.0):
            self._pay_amount(self.case, amount)
        application = self._apply(100)
        self.assertEqual(application.line_ids.amount_refund, 140.0)
        self._grant(application)
        refunds = self._get_refunds(application.sudo().line_ids.refund_action_id)
        self.assertEqual(sorted(refunds.mapped("amount")), [60.0, 80.0])
        for refund in refunds:
            line = refund.move_id.line_ids.filtered("matched_credit_ids")
            paid = line.matched_credit_ids.credit_move_id.move_id.origin_payment_id
            self.assertEqual(paid.amount, refund.amount)
        self.account._refresh()
        self.assertEqual((self.account.amount_open, self.account.amount_unapplied), (0.0, 0.0))
        self._assert_adds_up(self.case)
