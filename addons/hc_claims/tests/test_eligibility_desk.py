# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import base64
from datetime import date, datetime, time, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.hc_core.operations import OperationError

from ..demo_data.eligibility_answers import active, eligibility_answers, plan
from .eligibility_common import EligibilityCase


@tagged("post_install", "-at_install")
class TestEligibilityFreshness(EligibilityCase):
    def test_what_a_check_is_worth_on_a_day(self):
        self.assertEqual(self.coverage._get_eligibility_check(self.today), "never")
        self.coverage.write(
            {"eligibility_status": "active", "eligibility_checked_on": "2026-03-10"}
        )
        for day, same_month, expected in (
            (date(2026, 3, 1), True, "fresh"),
            (date(2026, 3, 31), True, "fresh"),
            (date(2026, 4, 1), True, "stale"),
            (date(2026, 4, 9), False, "fresh"),
            (date(2026, 4, 10), False, "stale"),
        ):
            with self.subTest(day=day, same_month=same_month):
                self.payer.eligibility_same_month = same_month
                self.assertEqual(self.coverage._get_eligibility_check(day), expected)
        for status, expected in (("inactive", "inactive"), ("not_found", "rejected")):
            self.coverage.eligibility_status = status
            self.assertEqual(self.coverage._get_eligibility_check(date(2026, 3, 1)), expected)

    def test_lists_filter_by_what_the_check_is_worth_today(self):
        self.payer.eligibility_same_month = False
        wanted = {
            "never": ("unknown", False),
            "fresh": ("active", self._days(30)),
            "stale": ("active", self._days(31)),
            "inactive": ("inactive", self._days(99)),
            "rejected": ("not_found", self.today),
        }
        coverages = {}
        for number, (check, (status, day)) in enumerate(wanted.items()):
            coverages[check] = self._member(
                number, eligibility_status=status, eligibility_checked_on=day
            )
        mine = [("id", "in", [coverage.id for coverage in coverages.values()])]
        for check, coverage in coverages.items():
            with self.subTest(check):
                self.assertEqual(coverage.eligibility_check, check)
                found = coverage.search([*mine, ("eligibility_check", "=", check)])
                self.assertEqual(found, coverage)
        others = coverage.search([*mine, ("eligibility_check", "!=", "never")])
        self.assertEqual(len(others), 4)


@tagged("post_install", "-at_install")
class TestEligibilityManual(EligibilityCase):
    def _record(self, user=None, **vals):
        wizard = self.env["hc.eligibility.manual.wizard"].with_user(user or self.clerk)
        values = {"coverage_id": self.coverage.id, "channel": "phone", "reference": "4471-22"}
        record = wizard.create({**values, **vals})
        record.action_record()
        return self.coverage.eligibility_answer_ids[:1]

    def test_a_manual_check_counts_and_ends_the_question(self):
        inquiry = self._ask()
        inquiry._give_up()
        answer = self._record(
            has_copay=True, copay=25, has_coinsurance_percent=True, coinsurance_percent=20
        )
        self.assertEqual(self.coverage.eligibility_check, "fresh")
        self.assertEqual(self.coverage.eligibility_answer_id, answer)
        self.assertEqual((answer.channel, answer.recorded_by_id), ("phone", self.clerk))
        self.assertTrue(answer.received_at)
        self.assertEqual(inquiry.state, "answered")
        self.assertFalse(self._items("eligibility_no_answer", inquiry))
        card = self.coverage._prepare_eligibility_card(self.today)
        self.assertEqual((card["copay"], card["coinsurance"]), ("$\xa025.00", "20%"))
        self.assertEqual(card["deductible_left"], "–", "what was not told is not zero")
        self.assertIn("4471-22", self.coverage.eligibility_note)

    def test_a_check_without_evidence_is_refused(self):
        for vals in (
            {"reference": False},
            {"reference": "  "},
            {"channel": "portal", "reference": False},
            {"checked_on": self.today + timedelta(days=1)},
            {"plan_date_from": "2026-02-01", "plan_date_to": "2026-01-01"},
            {"channel": "portal", "evidence": base64.b64encode(b"MZ\x90\x00program")},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                self._record(**vals)
        self.assertFalse(self.coverage.eligibility_answer_ids)

    def test_the_page_of_a_portal_is_kept_as_evidence(self):
        page = base64.b64encode(b"%PDF-1.4 member is active")
        answer = self._record(
            channel="portal", reference=False, evidence=page, evidence_name="page.pdf"
        )
        attachment = answer.attachment_id
        self.assertEqual((attachment.res_field, attachment.name), ("attachment_id", "page.pdf"))
        outsider = self._create_user("elig.finance", "finance_manager")
        with self.assertRaises(AccessError):
            attachment.with_user(outsider).read(["raw"])

    def test_the_same_check_twice_is_one(self):
        self._record()
        with self.assertRaisesRegex(UserError, "on record already"):
            self._record()

    def test_an_older_manual_check_does_not_replace_a_newer_answer(self):
        self._take(self._answer(self._ask()))
        newest = self.coverage.eligibility_answer_id
        self._record(outcome="inactive", checked_on=self._days(2))
        self.assertEqual(self.coverage.eligibility_answer_id, newest)
        self.assertEqual(len(self.coverage.eligibility_answer_ids), 2)

    def test_who_may_not_register_records_nothing(self):
        for role in ("collector", "coder", "executive", "finance_manager"):
            user = self._create_user(f"elig.{role}", role)
            with self.subTest(role), self.assertRaises(AccessError):
                self._record(user=user)

    def test_a_guessed_coverage_of_another_facility_shows_nothing(self):
        """What the wizard shows of a coverage it reads as the system: it asks first."""
        elsewhere = self._create_user("elig.valley", "clerk", facilities=self.other_facility)
        wizard = self.env["hc.eligibility.manual.wizard"].with_user(elsewhere)
        values = {"coverage_id": self.coverage.id}
        with self.assertRaises(AccessError):
            wizard.create(values)
        with self.assertRaises(AccessError):
            wizard.onchange(values, ["coverage_id"], {"patient_id": {"fields": {}}})
        with self.assertRaises(AccessError):
            wizard.with_context(default_coverage_id=self.coverage.id).default_get(["coverage_id"])
        mine = wizard.with_user(self.clerk).create(values)
        self.assertEqual(mine.read(["patient_id"])[0]["patient_id"][0], self.coverage.patient_id.id)
        with self.assertRaises(AccessError):
            mine.with_user(elsewhere).read(["patient_id"])

    def test_every_wizard_asks_whether_its_user_may_read_what_it_points_at(self):
        unguarded, shared = [], []
        for name, model in self.env.registry.items():
            if not model._transient or model._original_module != "hc_claims":
                continue
            points = any(
                (field.comodel_name or "").startswith("hc.")
                and field.type == "many2one"
                and not field.related
                for field in model._fields.values()
            )
            if points and not issubclass(model, self.env.registry["hc.guarded.mixin"]):
                unguarded.append(name)
            rules = self.env["ir.rule"].search([("model_id.model", "=", name)])
            if not any("create_uid" in (rule.domain_force or "") for rule in rules):
                shared.append(name)
        self.assertEqual((unguarded, shared), ([], []))


@tagged("post_install", "-at_install")
class TestEligibilityRoles(EligibilityCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        inquiry = cls.env["hc.eligibility.inquiry"]._request(
            [{"coverage_id": cls.coverage.id, "service_date_from": cls.today}]
        )
        inquiry._submit()
        cls.inquiry = inquiry

    def test_benefits_are_for_who_may_see_patient_data(self):
        self._take(self._answer(self.inquiry, active("EB*B**98***27*25")))
        answer = self.coverage.eligibility_answer_id
        benefits = answer.benefit_ids
        for role, sees in (
            ("clerk", True),
            ("claims_specialist", True),
            ("compliance", True),
            ("finance_manager", False),
            ("operations", False),
            ("executive", False),
        ):
            user = self._create_user(f"benefit.{role}", role)
            with self.subTest(role):
                self.assertEqual(benefits.with_user(user).has_access("read"), sees)
                self.assertEqual(answer.with_user(user).read(["outcome"])[0]["outcome"], "active")
                for record, name in (
                    (answer, "member_id"),
                    (self.coverage, "eligibility_card"),
                    (self.coverage.patient_id, "eligibility_card"),
                    (self.inquiry, "content"),
                ):
                    if sees:
                        record.with_user(user).read([name])
                    else:
                        with self.assertRaises(AccessError):
                            record.with_user(user).read([name])

    def test_another_facility_or_company_sees_nothing(self):
        self._take(self._answer(self.inquiry))
        answer = self.coverage.eligibility_answer_id
        elsewhere = self._create_user("elig.hill", "clerk", facilities=self.other_facility)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._create_user("elig.else", "clerk", "all_facilities")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        for user in (elsewhere, stranger):
            for record in (answer, answer.benefit_ids, self.inquiry):
                with self.subTest(user=user.login, record=record), self.assertRaises(AccessError):
                    record.with_user(user).read(["display_name"])
        with self.assertRaises(AccessError):
            self.inquiry.batch_id.with_user(elsewhere)._read_file()
        with self.assertRaises(AccessError):
            self.coverage.with_user(elsewhere).action_check_eligibility()

    def test_who_asks_and_who_does_not(self):
        for role in ("collector", "coder", "finance_manager", "compliance"):
            user = self._create_user(f"ask.{role}", role)
            with self.subTest(role), self.assertRaises(AccessError):
                self.coverage.with_user(user).action_check_eligibility()
            with self.subTest(role), self.assertRaises(AccessError):
                self.inquiry.with_user(user).action_ask_again()
        specialist = self._create_user("ask.specialist", "claims_specialist")
        self.coverage.with_user(specialist).action_check_eligibility()

    def test_reading_benefits_is_on_record(self):
        self._take(self._answer(self.inquiry))
        self.assertIn("hc.phi.mixin", self.env["hc.coverage.benefit"]._inherit)
        self.assertIn("eligibility_card", self.env["hc.coverage"]._get_phi_fields())


@tagged("post_install", "-at_install")
class TestEligibilityVisits(EligibilityCase):
    def _visit(self, number, days, coverage=None, **vals):
        start = datetime.combine(self.today + timedelta(days=days), time(15))
        coverage = coverage or self.coverage
        return self._create_encounter(
            number,
            patient=coverage.patient_id,
            coverage=coverage,
            started_at=start,
            ended_at=start + timedelta(hours=1),
            **vals,
        )

    def test_coming_visits_with_a_stale_answer_are_asked_about_once(self):
        fresh = self._member("1", eligibility_status="active", eligibility_checked_on=self.today)
        self.payer.eligibility_same_month = False
        self._visit("V-1", 2)
        self._visit("V-2", 2, fresh)
        self._visit("V-3", 20, self._member("3"))
        denied = self._member("4", eligibility_status="inactive", eligibility_checked_on=self.today)
        self._visit("V-4", 1, denied)
        self._trigger("ir_cron_ask_eligibility")
        self._trigger("ir_cron_ask_eligibility")
        inquiry = self.env["hc.eligibility.inquiry"].search([("company_id", "=", self.company.id)])
        self.assertEqual(inquiry.coverage_id, self.coverage)
        self.assertEqual((inquiry.origin, inquiry.state), ("schedule", "draft"))
        self.assertEqual(inquiry.encounter_id.number, "V-1")
        self._trigger("ir_cron_submit_eligibility")
        self.assertEqual((inquiry.state, len(inquiry.batch_id)), ("sent", 1))

    def test_the_operation_asks_once_and_tells_no_patient_data(self):
        self._visit("V-9", 1)
        operations = self.env["hc.operation"].with_user(
            self._create_user("elig.robot", "integration")
        )
        payload = {"encounter_number": "V-9"}
        first = operations.run("eligibility.check", payload, "key-00001")
        self.assertEqual((first["status"], first["replayed"]), ("ok", False))
        result = first["result"]
        self.assertEqual((result["check"], result["is_asked"]), ("never", True))
        again = operations.run("eligibility.check", payload, "key-00001")
        self.assertTrue(again["replayed"])
        other = operations.run("eligibility.check", payload, "key-00002")
        self.assertEqual(other["result"]["trace_number"], result["trace_number"])
        inquiry = self.env["hc.eligibility.inquiry"].search([("name", "=", result["trace_number"])])
        inquiry._submit()
        self.payer.eligibility_same_month = False
        self._take(self._answer(inquiry))
        known = operations.run("eligibility.check", payload, "key-00003")["result"]
        self.assertEqual((known["check"], known["is_asked"]), ("fresh", False))
        self.assertEqual(known["outcome"], "active")
        self.assertNotIn("DOE", str(known))

    def test_the_operation_refuses_what_is_not_there_and_who_may_not(self):
        operations = self.env["hc.operation"]
        clerk = operations.with_user(self.clerk)
        with self.assertRaises(OperationError):
            clerk._run_operation("eligibility.check", {"encounter_number": "NONE"}, "key-00009")
        executive = operations.with_user(self._create_user("elig.exec", "executive"))
        with self.assertRaises(OperationError):
            executive._run_operation("eligibility.check", {"encounter_number": "V"}, "key-00008")

    def test_results_are_exported_without_patient_data(self):
        self._take(self._answer(self._ask()))
        robot = self._create_user("elig.export", "integration")
        resources = {each.name: each for each in self.env["hc.operation"]._get_resources()}
        resource = resources["eligibility_results"]
        answer = self.coverage.eligibility_answer_id.with_user(robot)
        served = self.env["hc.operation"].with_user(robot)._get_served_fields(resource)
        self.assertNotIn("member_id", served)
        values = {
            name: self.env["hc.operation"]._serve(answer, path) for name, path in served.items()
        }
        self.assertEqual((values["outcome"], values["channel"]), ("active", "x12"))

    def test_many_questions_are_written_and_answered_set_based(self):
        count = 200
        patients = self.env["hc.patient"].create(
            [
                {
                    "mrn": f"B{number}",
                    "last_name": "DOE",
                    "first_name": "ANN",
                    "birth_date": "1990-01-01",
                    "facility_ids": self.facility.ids,
                }
                for number in range(count)
            ]
        )
        coverages = self.env["hc.coverage"].create(
            [
                {"patient_id": patient.id, "payer_id": self.payer.id, "member_id": patient.mrn}
                for patient in patients
            ]
        )
        inquiries = self.env["hc.eligibility.inquiry"]._request(
            [{"coverage_id": each.id, "service_date_from": self.today} for each in coverages]
        )
        self.env.flush_all()
        with self.assertQueryCount(120):
            batches = inquiries._submit()
        self.assertEqual(sum(batches.mapped("inquiry_count")), count)
        exchange = self._receive_all(inquiries)
        with self.assertQueryCount(count):
            exchange._process(lambda done, left: True)
            self.env.flush_all()
            # The check of registrations at the end of the transaction is the base's.
            self.env.cr.precommit.clear()
        self.assertEqual(exchange.imported_count, count)
        self.assertEqual(set(inquiries.mapped("state")), {"answered"})
        self.assertEqual(set(coverages.mapped("eligibility_status")), {"active"})

    def _receive_all(self, inquiries):
        """A file that answers all of them, stored and not yet read."""
        segments = active("EB*C*IND*30***29*150", "EB*B**98***27*25", "EB*A**30*****.2")
        answers = [
            self._answer(
                inquiry,
                segments,
                member_id=inquiry.coverage_id.member_id,
                first_name="ANN",
                birth_date=date(1990, 1, 1),
            )
            for inquiry in inquiries
        ]
        exchange, _verdict = self.env["hc.exchange"]._receive_acknowledgement(
            eligibility_answers(answers, self.today), "COASTAL", "a.x12"
        )
        self.env.flush_all()
        self.env.invalidate_all()
        return exchange


@tagged("post_install", "-at_install")
class TestEligibilityFacts(EligibilityCase):
    def _case(self, **vals):
        encounter = self._create_encounter("F-1", **vals)
        encounter.action_complete()
        encounter.action_approve_coding()
        encounter._prepare_billing()
        return encounter.case_ids

    def test_facts_of_an_answer_at_the_day_of_service(self):
        inquiry = self._ask()
        inquiry._write_guarded({"sent_at": "2026-02-01 10:00:00"})
        segments = [*plan(end="20260228"), "EB*1**30", "EB*R**30", "LS*2120"]
        segments += ["NM1*PRP*2*OTHER PLAN*****PI*777", "LE*2120"]
        self._take(self._answer(inquiry, segments), sent_on=date(2026, 2, 20))
        facts = self._facts(self._case())
        self.assertEqual({name: facts[name] for name in facts if name in _EXPECTED}, _EXPECTED)

    def _facts(self, case):
        return case._load_readiness_facts(self.today)[case.id]

    def test_without_an_answer_the_facts_say_so(self):
        facts = self._facts(self._case())
        self.assertEqual(facts["eligibility_check"], "never")
        self.assertIsNone(facts["eligibility_age_days"])
        self.assertIsNone(facts["coverage_active_at_service"])
        self.assertFalse(facts["has_eligibility_answer"])

    def test_every_declared_fact_is_loaded_and_typed(self):
        case = self._case()
        facts = self._facts(case)
        for name, spec in case._get_readiness_register().items():
            with self.subTest(name):
                self.assertIn(name, facts)
                self.assertIsNone(spec.problem(facts[name]))

    def test_rules_on_these_facts_are_added_to_a_draft(self):
        administrator = self._create_user("elig.admin", "administrator")
        published = self.env.ref("hc_revenue_base.readiness_rule_set_initial")
        action = published.with_user(administrator).action_new_draft()
        draft = published.browse(action["res_id"]).with_user(administrator)
        draft.action_add_eligibility_rules()
        draft.action_add_eligibility_rules()
        codes = [rule.code for rule in draft.rule_ids if rule.active]
        for code in ("ELG-03", "ELG-04", "ELG-05", "AUT-04"):
            self.assertEqual(codes.count(code), 1)
        self.assertFalse(draft._get_problems())
        with self.assertRaises(UserError):
            published.with_user(administrator).action_add_eligibility_rules()
        with self.assertRaises(AccessError):
            draft.with_user(self.clerk).action_add_eligibility_rules()


_EXPECTED = {
    "eligibility_check": "stale",
    "eligibility_is_fresh": False,
    "eligibility_age_days": 10,
    "has_eligibility_answer": True,
    "coverage_active_at_service": False,
    "eligibility_names_other_payer": True,
    "benefit_limit_used_up": False,
}
