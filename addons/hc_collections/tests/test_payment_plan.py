# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from .collections_common import CollectionsCase


class PaymentPlanCase(CollectionsCase):
    """Accounts that pay in instalments."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plans = cls.env["hc.payment.plan"]

    def _plan(self, number, months=3, user=None, first=30, settle=True, **values):
        """A plan for the 150.00 of one case."""
        self.case = self._bill_patient(number)
        self.account = self._account_of(self.case)
        return self._propose(self.case, months, user, first, settle, **values)

    def _propose(self, cases, months=3, user=None, first=30, settle=True, **values):
        user = user or self.collector
        plan = self.plans.with_user(user)._propose(
            self.account.with_user(user),
            cases.with_user(user),
            months,
            self.today + timedelta(days=first),
            **values,
        )
        action = plan.sudo().action_id
        if settle and action.state == "pending":
            action._settle(GateDecision("allow"))
        return plan.sudo()

    def _let_pass(self, plan, days):
        """Let a plan have been agreed on some days earlier."""
        for part in plan.instalment_ids:
            part._write_guarded({"due_on": part.due_on - timedelta(days=days)})
        self.env.invalidate_all()

    def _hold_of(self, plan):
        return self.env["hc.collection.hold"].search(
            [("source_model", "=", plan._name), ("source_id", "=", plan.id)]
        )


@tagged("post_install", "-at_install")
class TestPaymentPlan(PaymentPlanCase):
    """A plan is an agreement about the ledger's balance: exact, decided, followed."""

    def test_a_decision_is_offered_to_who_may_open_it(self):
        plan = self._plan("PL-D")
        plan.action_id._write_guarded({"facility_id": self.other_facility.id})
        elsewhere = self._create_user("plan.elsewhere", "supervisor", facilities=self.facility)
        self.assertFalse(plan.with_user(elsewhere).is_decision_readable)
        with self.assertRaises(AccessError):
            plan.with_user(elsewhere).action_id.check_access("read")
        both = self.facility | self.other_facility
        there = self._create_user("plan.there", "supervisor", facilities=both)
        self.assertTrue(plan.with_user(there).is_decision_readable)

    def test_within_the_tier_a_plan_is_active_at_once(self):
        plan = self._plan("PL-1")
        self.assertEqual((plan.state, plan.is_within_tier), ("active", True))
        self.assertEqual(plan.instalment_ids.mapped("amount"), [50.0, 50.0, 50.0])
        self.assertEqual(plan.next_due_on, self.today + timedelta(days=30))
        self.assertEqual((self._hold_of(plan).kind, self._hold_of(plan).state), ("plan", "active"))
        self.assertEqual(plan.action_id.exception_category, "within_tier_table")
        self.assertEqual(self._open(self.case), 150.0, "the plan is no debt of its own")
        self.assertEqual(self.account.active_plan_id, plan)

    def test_payments_settle_instalments_in_order(self):
        plan = self._plan("PL-2")
        self._pay_amount(self.case, 70.0)
        self.assertEqual(plan.instalment_ids.mapped("amount_paid"), [50.0, 20.0, 0.0])
        self.assertEqual(plan.instalment_ids.mapped("amount_open"), [0.0, 30.0, 50.0])
        self.assertEqual((plan.amount_paid, plan.amount_left), (70.0, 80.0))
        payment = self._pay_amount(self.case, 80.0)
        plan._check()
        self.assertEqual((plan.state, self._hold_of(plan).state), ("completed", "released"))
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertEqual(plan.amount_left, 80.0)
        plan._check()
        self.assertEqual(plan.state, "active")
        self.assertIn("active", self._hold_of(plan).mapped("state"))

    def test_what_is_granted_shortens_the_plan_from_its_end(self):
        plan = self._plan("PL-3")
        action = self._adjust(self.case, "charity_care", 70.0, "patient")
        if action.state == "pending":
            action._settle(GateDecision("allow"))
        self.assertEqual((plan.amount_forgiven, plan.amount_paid), (70.0, 0.0))
        self.assertEqual(plan.instalment_ids.mapped("amount_open"), [50.0, 30.0, 0.0])
        self._pay_amount(self.case, 50.0)
        self.assertEqual(plan.instalment_ids.mapped("amount_paid"), [50.0, 0.0, 0.0])

    def test_after_two_missed_instalments_a_plan_has_failed(self):
        plan = self._plan("PL-4", first=0)
        self._pay_amount(self.case, 50.0)
        self._let_pass(plan, 50)
        plan._check()
        self.assertEqual((plan.state, plan.missed_count), ("active", 1))
        self._let_pass(plan, 30)
        plan._check()
        self.assertEqual((plan.state, self._hold_of(plan).state), ("defaulted", "released"))
        item = self.env["hc.work.item"].search([("dedup_key", "=", f"plan_defaulted:{plan.id}")])
        self.assertEqual((item.kind, item.res_id), ("plan_defaulted", plan.id))

    def test_outside_the_tier_somebody_decides(self):
        plan = self._plan("PL-5", months=7, settle=False)
        self.assertFalse(plan.is_within_tier)
        self.assertIn("below", plan.tier_note)
        action = plan.action_id
        self.assertEqual(action.exception_category, "outside_tier")
        self.assertEqual(action.amount, 150.0)
        if action.state == "pending":
            self.assertEqual(plan.state, "proposed")
            action._settle(GateDecision("refuse", "too long"))
        self.assertEqual((action.state, plan.state), ("rejected", "cancelled"))
        decided = self._propose(self.case, 7, user=self.manager)
        self.assertEqual(decided.state, "active")

    def test_parts_that_do_not_sum_make_no_plan(self):
        self.case = self._bill_patient("PL-6")
        self.account = self._account_of(self.case)
        day = self.today + timedelta(days=10)
        for parts in (
            [(day, 75.0), (day + timedelta(days=30), 74.99)],
            [(day, 75.0), (day, 75.0)],
            [(day, 160.0), (day + timedelta(days=30), -10.0)],
            [(day, 150.004), (day + timedelta(days=30), 25.0)],
        ):
            with self.subTest(parts=parts), self._refused("make no plan"):
                self._propose(self.case, instalments=parts)
        with self._refused("today or later"):
            self._propose(self.case, first=-1)
        with self._refused("make no plan"):
            self._propose(self.case, 0)

    def test_a_plan_of_few_parts_over_many_months_is_outside(self):
        day = self.today + timedelta(days=10)
        plan = self._plan(
            "PL-7",
            settle=False,
            instalments=[(day, 75.0), (day + timedelta(days=365), 75.0)],
        )
        self.assertFalse(plan.is_within_tier)
        late = self._policy_judges_late_start()
        self.assertEqual(late.code, "late_start")

    def _policy_judges_late_start(self):
        policy = self.env.ref("hc_collections.hc_payment_plan_policy_shipped")
        parts = self.plans._make_schedule(self.account, 150.0, 2, self.today + timedelta(days=46))
        return policy._judge(parts, self.today)

    def test_one_plan_for_a_balance(self):
        plan = self._plan("PL-8")
        with self._refused("covers this balance already"):
            self._propose(self.case)
        with self._refused("Nothing is open"):
            self._propose(self._bill_patient("PL-9"))
        plan.with_user(self.collector)._cancel("Pays the rest at once.")
        self.assertEqual((plan.state, self._hold_of(plan).state), ("cancelled", "released"))
        self.assertEqual(self._propose(self.case).state, "active")

    def test_a_balance_that_changed_before_the_decision_is_refused(self):
        plan = self._plan("PL-10", months=7, settle=False)
        if plan.action_id.state != "pending":
            plan = self._propose(self.case, 7, user=self.manager)
            self.assertEqual(plan.state, "active")
            return
        self._pay_amount(self.case, 10.0)
        with self._refused("is open now"):
            plan.action_id._settle(GateDecision("allow"))

    def test_a_new_version_replaces_the_plan(self):
        plan = self._plan("PL-11", first=0)
        self._pay_amount(self.case, 50.0)
        new = self._propose(self.case, 2, previous=plan.with_user(self.collector), reason="less")
        self.assertEqual((plan.state, new.state, new.version), ("cancelled", "active", 2))
        self.assertEqual((new.name, new.amount_total), (plan.name, 100.0))
        self.assertEqual(new.instalment_ids.mapped("amount"), [50.0, 50.0])
        self.assertEqual(self._hold_of(plan).state, "released")
        self.assertEqual(self._hold_of(new).state, "active")

    def test_a_balance_in_another_currency_is_refused(self):
        self.case = self._bill_patient("PL-12")
        self.account = self._account_of(self.case)
        items = self.account._search_plan_items([])
        foreign = self.env.ref("base.EUR")
        self.env.cr.execute(
            "UPDATE account_move_line SET currency_id = %s WHERE id = ANY(%s)",
            [foreign.id, items.ids],
        )
        self.env.invalidate_all()
        with self._refused("is billed in EUR"):
            self._propose(self.case)

    def test_nobody_writes_a_plan_or_sees_another_facilitys(self):
        plan = self._plan("PL-13").with_user(self.collector)
        for vals in ({"amount_total": 1.0}, {"state": "completed"}, {"amount_left": 0.0}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                plan.with_context(hc_force=True).write(vals)
        part = plan.instalment_ids[0]
        with self.assertRaises(AccessError):
            part.write({"due_on": self.today})
        stranger = self._create_user("pl.stranger", "collector", facilities=self.other_facility)
        self.assertFalse(plan.with_user(stranger).search([("id", "=", plan.id)]))
        with self.assertRaises(AccessError):
            plan.with_user(stranger)._cancel("I am somebody else.")

    def test_the_calculator_offers_and_agrees(self):
        case = self._bill_patient("PL-14")
        account = self._account_of(case).with_user(self.collector)
        action = account.action_open_plan_calculator()
        model = self.env[action["res_model"]].with_user(self.collector)
        with Form(model.with_context(**action["context"])) as form:
            self.assertEqual((form.amount, form.months), (150.0, 6))
            self.assertIn("6\N{NO-BREAK SPACE}×", form.offers_text)
            form.months = 4
            self.assertEqual(len(form.line_ids), 4)
            with form.line_ids.edit(0) as line:
                line.amount = 30.0
            self.assertEqual(form.difference, 7.5)
            with form.line_ids.edit(1) as line:
                line.amount = 45.0
            self.assertTrue(form.is_within_tier)
        wizard = form.record
        action = wizard.action_confirm()
        plan = self.plans.browse(action["res_id"])
        self.assertEqual(plan.instalment_ids.mapped("amount"), [30.0, 45.0, 37.5, 37.5])
        self.assertEqual(wizard.action_confirm()["res_id"], plan.id, "once, however often asked")

    def test_tiers_that_make_none_are_refused(self):
        for tiers in ("500", "500: 6, 400: 12", "500: 12, 1000: 6", "x: 1", "500: 0", ""):
            with self.subTest(tiers=tiers), self.assertRaises(ValidationError):
                self.env["hc.payment.plan.policy"].create(
                    {"name": "Odd", "date_from": "2026-02-01", "tiers": tiers or " "}
                )
