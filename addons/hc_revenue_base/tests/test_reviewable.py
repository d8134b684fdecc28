# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..hc_core.facts import FactSpec
from .readiness_common import ReadinessCommon

PANEL = '<div name="advice" class="alert alert-info">Advice for <field name="display_name"/></div>'


@tagged("post_install", "-at_install")
class TestReviewable(ReadinessCommon):
    """Advice knows no person, proposes what is declared, and is accepted by somebody's right."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._create_user("review.clerk", "clerk")
        cls.lead = cls._create_user("review.lead", "team_lead")
        cls.executive = cls._create_user("review.executive", "executive")
        cls.case = cls._create_case("REV-1")
        cls.encounter = cls.case.encounter_id
        cls.encounter.note_signed_on = False
        cls.case._run_readiness(cls.AS_OF)
        cls.item = cls.case.work_item_ids[:1]
        cls.records = (cls.case, cls.item)

    def test_facts_are_of_their_declared_types(self):
        for record in self.records:
            with self.subTest(record._name):
                facts = record.with_user(self.clerk)._get_review_facts()
                self.assertEqual(set(facts), {spec.name for spec in record._review_fact_specs()})
        self.assertEqual(self.case._get_review_facts()["open_rules"], ["DOC-04"])
        self.assertEqual(self.case._get_review_facts()["procedure_codes"], ["V1001"])
        self.assertEqual(self.item._get_review_facts()["rule"], "DOC-04")

    def test_facts_name_no_person_and_no_day(self):
        self.item.name = f"Call {self.patient.last_name}"
        patient = self.patient
        secrets = (patient.last_name, patient.first_name, patient.mrn, "2026-03", self.case.name)
        for record in self.records:
            shown = str(record._get_review_facts())
            self.assertFalse([secret for secret in secrets if secret in shown])
            self.assertNotIn("date", {spec.type for spec in record._review_fact_specs()})

    def test_what_similar_cases_lacked_is_likely_to_lack(self):
        for number in range(5):
            # The same patient on the same day would be told as a duplicate.
            patient = self._create_patient(f"30{number}", last_name=f"Roe{number}")
            coverage = self._create_coverage(patient)
            other = self._create_case(f"REV-S{number}", patient=patient, coverage=coverage)
            other.encounter_id.note_signed_on = False
            other._run_readiness(self.AS_OF)
            other.encounter_id.note_signed_on = self.AS_OF
            other._run_readiness(self.AS_OF)
            other._bill(raise_errors=True)
        fresh = self._create_case("REV-F")
        told = fresh._review_statements("missing_items")
        (unsigned,) = [each for each in told if each.weight == 100]
        self.assertIn("in 5 of 5 similar cases", unsigned.text)
        # The first case has that finding: it stands on its form.
        self.assertNotIn(
            unsigned.text, [s.text for s in self.case._review_statements("missing_items")]
        )

    def test_what_identifies_people_is_known_whoever_asks(self):
        told = self.case.with_user(self.executive)._review_identifiers()
        self.assertIn(("NAME", self.patient.last_name), told)
        self.assertIn(("ID", self.patient.mrn), told)
        self.assertIn(("ID", self.encounter.number), told)
        self.assertNotIn(False, [value for _kind, value in told])

    def test_an_undeclared_or_mistyped_fact_is_refused(self):
        cases = type(self.case)
        for facts in ({"surprise": 1}, {"stage": 1}):
            with (
                patch.object(cases, "_review_facts", lambda self, facts=facts: facts),
                self.assertRaises(ValueError),
            ):
                self.case._get_review_facts()

    def test_facts_follow_the_rights_of_who_asks(self):
        stranger = self._create_user("review.other", "clerk", facilities=self.other_facility)
        with self.assertRaises(AccessError):
            self.case.with_user(stranger)._get_review_facts()

    def test_an_accepted_value_is_written_by_the_reviewer_and_logged(self):
        case = self.case.with_user(self.clerk)
        case._review_apply({"priority": "1"}, case._get_review_token())
        self.assertEqual(self.case.priority, "1")
        entry = self.env["hc.transition"].search([("res_model", "=", case._name)], limit=1)
        self.assertEqual(entry.kind, "decision")
        self.assertEqual(entry.actor_id, self.clerk)
        self.assertEqual(entry.facts, {"accepted": ["priority"]})

    def test_stale_advice_is_refused(self):
        case = self.case.with_user(self.clerk)
        token = case._get_review_token()
        self.case.priority = "1"
        with self.assertRaisesRegex(UserError, "has changed since"):
            case._review_apply({"priority": "0"}, token)
        token = case._get_review_token()
        self.encounter.note_signed_on = self.AS_OF
        self.env.cr.precommit.clear()
        self.case._run_readiness(self.AS_OF)
        with self.assertRaisesRegex(UserError, "has changed since"):
            case._review_apply({"priority": "0"}, token)
        self.assertEqual(self.case.priority, "1")

    def test_what_is_not_declared_is_not_written(self):
        for record, values in (
            (self.case, {"stage": "ready"}),
            (self.case, {"priority": "1", "responsible_user_id": self.clerk.id}),
            (self.item, {"state": "resolved"}),
        ):
            own = record.with_user(self.clerk)
            with self.assertRaises(AccessError):
                own._review_apply(values, own._get_review_token())
        self.assertEqual(self.case.priority, "0")

    def test_a_value_out_of_bounds_is_not_written(self):
        item = self.item.with_user(self.lead)
        for values in ({"severity": "apocalyptic"}, {"severity": 1}, {"queue_id": 10**9}):
            with self.assertRaises(UserError):
                item._review_apply(values, item._get_review_token())

    def test_superuser_rights_are_not_lent(self):
        case = self.case.with_user(self.executive).sudo()
        with self.assertRaises(AccessError):
            case._review_apply({"priority": "1"}, self.case._get_review_token())

    def test_a_queue_is_changed_by_the_items_own_way(self):
        queue = self.env.ref("hc_revenue_base.work_queue_billing")
        item = self.item.with_user(self.clerk)
        with self.assertRaises(AccessError):
            item._review_apply({"queue_id": queue.id}, item._get_review_token())
        item = self.item.with_user(self.lead)
        item._review_apply({"queue_id": queue.id, "severity": "info"}, item._get_review_token())
        self.assertRecordValues(self.item, [{"queue_id": queue.id, "severity": "info"}])

    def test_a_module_that_extends_the_mixin_shows_its_panel_on_every_form(self):
        mixin = self.env.registry["hc.reviewable.mixin"]
        forms = {
            name: self.env[name].get_view(view_type="form")["arch"]
            for name in ("hc.billing.case", "hc.work.item")
        }
        for arch in forms.values():
            self.assertNotIn('name="advice"', arch)
        self.env.registry.clear_all_caches()
        self.addCleanup(self.env.registry.clear_all_caches)
        with patch.object(mixin, "_review_panel_arch", lambda self: PANEL):
            for name in forms:
                with self.subTest(name):
                    view = self.env[name].with_user(self.clerk).get_view(view_type="form")
                    self.assertIn('name="advice"', view["arch"])
                    self.assertLess(view["arch"].index("advice"), view["arch"].index("<sheet"))
                    self.assertIn("display_name", view["models"][name])
                    listed = self.env[name].get_view(view_type="list")["arch"]
                    self.assertNotIn("advice", listed)

    def test_a_sibling_adds_facts_by_super(self):
        cases = self.env.registry["hc.reviewable.mixin"]
        spec = FactSpec("risk", "integer", "Risk", False)
        with (
            patch.object(cases, "_review_fact_specs", lambda self: (spec,)),
            patch.object(cases, "_review_facts", lambda self: {"risk": 3}),
        ):
            self.assertEqual(self.case._get_review_facts()["risk"], 3)
