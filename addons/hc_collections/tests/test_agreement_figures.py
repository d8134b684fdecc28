# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .payment_common import PaymentCase


@tagged("post_install", "-at_install")
class TestAgreementFigures(PaymentCase):
    """What advisers and dashboards learn of promises and plans."""

    def _figure(self, code):
        return self.env["hc.kpi.provider"]._compute_kpi(code, self.today).figure

    def test_advisers_know_the_plan_and_no_person(self):
        plan = self._plan("AG-1")
        facts = plan.with_user(self.collector)._get_review_facts()
        self.assertNotIn("AG-1", str(facts))
        self.assertEqual((facts["instalments"], str(facts["amount_left"])), (3, "150.00"))
        self.assertEqual((facts["missed"], facts["is_within_tier"]), (0, True))

    def test_an_accepted_step_is_written_by_who_may(self):
        plan = self._plan("AG-2").with_user(self.collector)
        with self._refused("is none of"):
            plan._review_apply({"next_step": "sue"}, plan._get_review_token())
        plan._review_apply({"next_step": "call"}, plan._get_review_token())
        self.assertEqual(plan.next_step, "call")
        stranger = self._create_user("ag.stranger", "collector", facilities=self.other_facility)
        with self.assertRaises(AccessError):
            plan.with_user(stranger)._review_apply({"next_step": "wait"}, "stale")

    def test_plans_that_failed_are_counted(self):
        before = self._figure("plan_default_rate").count
        failed = self._plan("AG-3", first=0)
        self._let_pass(failed, 90)
        failed._check()
        paid = self._plan("AG-4")
        self._pay_amount(self.case, 150.0)
        paid._check()
        self.assertEqual((failed.state, paid.state), ("defaulted", "completed"))
        figure = self._figure("plan_default_rate")
        self.assertEqual(figure.count - before, 2)
        if not before:
            self.assertEqual(figure.value, 50)
        behind = self.plans.search([("id", "in", (failed | paid).ids)])
        self.assertEqual(set(behind), {failed, paid})

    def test_promises_that_were_kept_are_counted(self):
        before = self._figure("promises_kept_rate").count
        promises = self.env["hc.payment.promise"]
        for number, is_paid in (("AG-5", True), ("AG-6", False)):
            case = self._bill_patient(number)
            promise = promises._give(self._account_of(case), 50.0, self.today, "call")
            if is_paid:
                self._pay_amount(case, 50.0)
            else:
                earlier = {
                    name: promise[name] - timedelta(days=9)
                    for name in ("made_on", "due_on", "grace_on")
                }
                promise.sudo()._write_guarded(earlier)
            promise.sudo()._judge()
        figure = self._figure("promises_kept_rate")
        self.assertEqual(figure.count - before, 2)
        if not before:
            self.assertEqual(figure.value, 50)


@tagged("post_install", "-at_install")
class TestPatientCredit(PaymentCase):
    """Money that nobody applied goes to a person in time, once."""

    def _credit(self, number, days):
        self.case = self._bill_patient(number)
        self.account = self._account_of(self.case)
        day = self.today - timedelta(days=days)
        self._report("confirmed", number, 180.0, account_number=self.account.name, happened_on=day)
        self.assertEqual(self.account.amount_unapplied, 30.0)

    def test_an_old_credit_is_work_until_it_is_gone(self):
        self._credit("CR-1", 31)
        self.account._sweep_credits()
        self.account._sweep_credits()
        item = self._item("credit_unapplied", self.account)
        self.assertEqual(len(item), 1)
        self.assertIn("$\N{NO-BREAK SPACE}30.00", item.name)
        self._report("refunded", "CR-1", 30.0)
        self.account._sweep_credits()
        self.assertEqual(item.state, "resolved")

    def test_a_young_credit_waits(self):
        self._credit("CR-2", 10)
        self.account._sweep_credits()
        self.assertFalse(self._item("credit_unapplied", self.account))

    def test_what_another_module_follows_up_is_left_to_it(self):
        self._credit("CR-3", 31)
        # As a sibling would; the suite's own tests try one that is installed beside.
        self.patch(self.env.registry["hc.balance"], "_get_kept_credits", lambda _self, items: items)
        self.account._sweep_credits()
        self.assertFalse(self._item("credit_unapplied", self.account))


@tagged("post_install", "-at_install")
class TestOtherCompanies(PaymentCase):
    """Agreements and payments stay within a company and its currency."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        euro = cls.env.ref("base.EUR")
        euro.active = True
        cls.abroad = cls.env["res.company"].create(
            {"name": "Clinic Abroad", "currency_id": euro.id}
        )
        patient = cls._create_patient("OC-1", company_id=cls.abroad.id)
        cls.account = cls.env["hc.collection.account"]._open_accounts(
            {(cls.abroad.id, patient.partner_id.id)}
        )

    def test_a_guarantor_of_another_company_is_nobody_here(self):
        self.assertEqual(self.account.company_id, self.abroad)
        theirs = self.account.with_user(self.collector)
        with self.assertRaises(AccessError):
            self.env["hc.payment.promise"].with_user(self.collector)._give(
                theirs, 10.0, self.today, "call"
            )
        with self.assertRaises(AccessError):
            self.plans.with_user(self.collector)._propose(
                theirs, self.env["hc.billing.case"], 3, self.today
            )
        report = self._report("confirmed", "A", 60.0, account_number=self.account.name)
        self.assertEqual((report.state, report.account_id.id), ("unmatched", False))
        with self._refused("patient's account in USD"):
            report._assign(self.account)

    def test_a_balance_abroad_has_no_policy_in_our_currency(self):
        with self._refused("No Promise Policy is in force"):
            self.env["hc.payment.promise"]._give(self.account, 10.0, self.today, "call")
        with self._refused("No Payment Plan Policy is in force"):
            self.env["hc.payment.plan.policy"]._get_in_force(self.abroad, self.today)

    def test_a_payment_in_another_currency_is_a_persons(self):
        case = self._bill_patient("OC-2")
        account = self._account_of(case)
        euro = self.env.ref("base.EUR")
        transaction = self._transaction(account, 150.0, currency_id=euro.id)
        self._finish(transaction)
        self.assertEqual((self._open(case), account.amount_open), (150.0, 150.0))
        item = self.env["hc.work.item"].search(
            [("dedup_key", "=", f"payment_unmatched:payment.transaction:{transaction.id}")]
        )
        self.assertEqual(item.kind, "payment_unmatched")
