# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import date
from random import Random

from odoo import fields
from odoo.modules.module import get_manifest
from odoo.tests import TransactionCase, tagged
from odoo.tools import convert_file

from ..demo_data.people import invent_people
from ..demo_data.plan import FAULTS, OUTCOMES, plan_visits
from ..hc_core import npi

_GENERATING_FILE = "demo/hc_demo_patients.xml"


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """The demonstration group as it was installed; a small one is built where it was not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env.ref("hc_revenue_base.demo_company", raise_if_not_found=False):
            for path in get_manifest("hc_revenue_base")["demo"]:
                if path != _GENERATING_FILE:
                    convert_file(cls.env, "hc_revenue_base", path, {}, mode="init", noupdate=True)
            cls.env["hc.demo"]._enroll_practitioners()
            cls.env["hc.demo"]._generate(patients=45, encounters=70)
        cls.company = cls.env.ref("hc_revenue_base.demo_company")
        cls.cases = cls.env["hc.billing.case"].search([("company_id", "=", cls.company.id)])

    def test_its_day_is_that_of_its_people(self):
        installer = self.env["hc.demo"].with_context(tz="Pacific/Kiritimati")
        self.env.ref("hc_revenue_base.demo_user_clerk_a").tz = "Pacific/Pago_Pago"
        clerk = installer.with_context(tz="Pacific/Pago_Pago")
        self.assertNotEqual(fields.Date.context_today(installer), fields.Date.context_today(clerk))
        self.assertEqual(installer._get_office_day(), fields.Date.context_today(clerk))

    def test_every_stage_has_cases(self):
        stages = {code for code, _label in self.cases._get_lifecycle("stage").selection()}
        self.assertEqual(set(self.cases.mapped("stage")), stages)

    def test_every_encounter_and_work_item_state_occurs(self):
        own = [("company_id", "=", self.company.id)]
        states = set(self.env["hc.encounter"].search(own).mapped("state"))
        self.assertEqual(states, {"planned", "in_progress", "completed", "cancelled"})
        items = self.env["hc.work.item"].search(own)
        self.assertLessEqual({"open", "in_progress", "resolved"}, set(items.mapped("state")))
        self.assertTrue(items.filtered("assignee_id"))

    def test_decisions_occur(self):
        actions = self.env["hc.controlled.action"].search([("company_id", "=", self.company.id)])
        self.assertEqual(
            set(actions.mapped("kind")),
            {"billing_override", "configuration_change", "credit_note", "not_billable"},
        )
        self.assertTrue(self.cases.filtered("origin_case_id"), "a void and rebill")

    def test_clinicians_are_asked_and_configuration_changes(self):
        queries = self.env["hc.coding.query"].search([("company_id", "=", self.company.id)])
        self.assertIn("sent", queries.mapped("state"))
        changes = self.env["hc.config.change"].search([])
        self.assertLessEqual({"submitted", "effective"}, set(changes.mapped("state")))

    def test_cases_are_held_for_many_reasons(self):
        findings = self.env["hc.readiness.finding"].search(
            [("case_id", "in", self.cases.ids), ("is_blocking", "=", True)]
        )
        self.assertGreaterEqual(len(set(findings.mapped("rule_code"))), 12)
        self.assertGreaterEqual(len(findings.queue_id), 5)

    def test_the_ledger_agrees_with_the_charges(self):
        for case in self.cases:
            items = self.env["account.move.line"].search(
                [
                    ("hc_case_id", "=", case.id),
                    ("account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                ]
            )
            billed = sum(
                case.charge_ids.filtered(lambda charge: charge.state == "billed").mapped("amount")
            )
            self.assertEqual(
                case.currency_id.compare_amounts(sum(items.mapped("balance")), billed),
                0,
                f"{case.name}: {items.mapped('balance')} for {billed}",
            )
            if case.stage == "closed":
                self.assertTrue(case.currency_id.is_zero(sum(items.mapped("amount_residual"))))

    def test_open_balances_have_different_ages(self):
        balances = self.env["hc.balance"].search(
            [("company_id", "=", self.company.id), ("amount_open", ">", 0)]
        )
        today = fields.Date.context_today(self.env.user)
        days = [(today - due).days for due in balances.mapped("date_due")]
        self.assertLess(min(days), 0, "something is not due yet")
        self.assertGreater(max(days), 30, "something is overdue for a month")

    def test_the_log_of_all_steps_is_unbroken(self):
        self.assertIsNone(self.env["hc.transition.seal"]._verify_record_chains())
        actors = (
            self.env["hc.transition"]
            .search([("res_model", "=", "hc.billing.case"), ("company_id", "=", self.company.id)])
            .actor_id
        )
        self.assertGreaterEqual(len(actors), 3, "people worked on the cases, not the system")

    def test_there_is_a_user_for_each_role(self):
        for role, group in (
            ("clerk_a", "clerk"),
            ("clerk_b", "clerk"),
            ("coder", "coder"),
            ("collector", "collector"),
            ("claims_specialist", "claims_specialist"),
            ("team_lead", "team_lead"),
            ("supervisor", "supervisor"),
            ("manager", "manager"),
            ("finance_manager", "finance_manager"),
            ("director", "director"),
            ("cfo", "cfo"),
            ("operations", "operations"),
            ("compliance", "compliance"),
            ("executive", "executive"),
            ("administrator", "administrator"),
            ("integration", "integration"),
        ):
            user = self.env.ref(f"hc_revenue_base.demo_user_{role}")
            self.assertTrue(user.has_group(f"hc_revenue_base.group_hc_{group}"), role)

    def test_identifiers_are_valid(self):
        own = [("company_id", "=", self.company.id)]
        for number in self.env["hc.practitioner"].search(own).mapped("npi"):
            self.assertTrue(npi.is_valid(number), number)
        for coverage in self.env["hc.coverage"].search(own):
            self.assertTrue(coverage.member_id)


@tagged("post_install", "-at_install")
class TestDemoPlan(TransactionCase):
    def test_a_seed_gives_the_same_people_and_visits_again(self):
        as_of = date(2026, 3, 2)
        first, second = (
            (people := invent_people(rng, as_of, 60), plan_visits(rng, as_of, people, 120))
            for rng in (Random(7), Random(7))
        )
        self.assertEqual(first, second)

    def test_every_outcome_and_fault_is_planned_however_few_visits(self):
        as_of = date(2026, 3, 2)
        rng = Random(3)
        planned = plan_visits(rng, as_of, invent_people(rng, as_of, 60), 1)
        self.assertEqual({visit.outcome for visit in planned}, {o for o, _s, _f in OUTCOMES})
        self.assertEqual({visit.fault for visit in planned} - {None}, set(FAULTS))

    def test_children_have_a_guarantor_of_age_and_a_number_of_their_own(self):
        as_of = date(2026, 3, 2)
        people = invent_people(Random(5), as_of, 120)
        self.assertEqual(len({person.mrn for person in people}), 120)
        children = [person for person in people if person.age_years(as_of) < 18]
        self.assertTrue(children)
        for child in children:
            self.assertGreaterEqual(people[child.guarantor].age_years(as_of), 25)
