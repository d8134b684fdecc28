# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import SERVICE_DATE
from .readiness_common import ReadinessCommon


@tagged("post_install", "-at_install")
class TestCodingQuery(ReadinessCommon):
    """A coder asks, the clinician answers, and meanwhile the case waits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coder = cls._create_user("query.coder", "coder")
        cls.clinician = cls._create_user("query.clinician", "clinician")
        cls.other_clinician = cls._create_user("query.other", "clinician")
        cls.supervisor = cls._create_user("query.supervisor", "supervisor")
        cls.practitioner.user_id = cls.clinician
        cls.case = cls._create_case("CQ-1")
        cls.encounter = cls.case.encounter_id

    def _ask(self, **vals):
        query = (
            self.env["hc.coding.query"]
            .with_user(self.coder)
            .create(
                {
                    "encounter_id": self.encounter.id,
                    "question": "Please document the acuity, if known.",
                    "clinical_indicators": "Note of the visit: wheezing, oxygen saturation 91 %.",
                    **vals,
                }
            )
        )
        query.action_send()
        # Whether the case is checked at the end of the transaction is a test of its own.
        self.env.cr.precommit.clear()
        return query

    def _answer(self, query):
        query.with_user(self.clinician).answer = "Acute on chronic"
        query.with_user(self.clinician).action_answer()
        self.env.cr.precommit.clear()

    def test_a_template_fills_the_question(self):
        template = self.env.ref("hc_revenue_base.coding_query_template_specificity")
        with Form(
            self.env["hc.coding.query"]
            .with_user(self.coder)
            .with_context(default_encounter_id=self.encounter.id)
        ) as form:
            form.template_id = template
            form.clinical_indicators = "Wheezing"
            self.assertEqual(form.question, template.question)
        query = form.record
        self.assertEqual(query.practitioner_id, self.practitioner)
        self.assertEqual(query.category, "specificity")
        self.assertTrue(query.name.startswith("CQ/"))

    def test_templates_lead_to_no_answer(self):
        templates = self.env["hc.coding.query.template"].search([])
        self.assertGreaterEqual(len(templates), 7)
        for template in templates:
            with self.subTest(template.name):
                self.assertIn("other (please specify)", template.question)
                self.assertIn("unable to determine", template.question)
                self.assertNotRegex(template.question.lower(), r"payment|reimburs|drg|revenue")

    def test_nothing_is_asked_without_its_reason_in_the_record(self):
        with self.assertRaisesRegex(UserError, "what in the record raises it"):
            self._ask(clinical_indicators=" ")

    def test_sending_starts_the_clock_and_tells_the_clinician(self):
        query = self._ask()
        queue = self.env.ref("hc_revenue_base.work_queue_coding_query")
        expected = self.env["hc.work.item"]._get_due_at(queue, self.facility, "error")
        # In working hours the deadline has the microseconds of the transaction's start.
        self.assertEqual(query.due_at.replace(microsecond=0), expected.replace(microsecond=0))
        self.assertEqual(query.sent_at, self.env.cr.now().replace(microsecond=0))
        self.assertEqual(query.activity_ids.user_id, self.clinician)
        self.assertIn(query.name, query.activity_ids.summary)

    def test_a_clinician_without_a_user_gets_a_message_without_patient_data(self):
        self.practitioner.write({"user_id": False, "email": "ada@example.com"})
        query = self._ask()
        mail = self.env["mail.mail"].sudo().search([("model", "=", query._name)])
        self.assertEqual(mail.email_to, "ada@example.com")
        text = f"{mail.subject} {mail.body_html}"
        self.assertIn(query.name, text)
        secrets = (self.patient.last_name, self.patient.first_name, self.patient.mrn)
        for secret in (*secrets, "wheezing", "acuity", self.encounter.number):
            self.assertNotIn(secret, text)

    def test_what_was_asked_stays(self):
        query = self._ask()
        for vals in (
            {"question": "Other"},
            {"clinical_indicators": "Other"},
            {"practitioner_id": self.practitioner.copy({"npi": "1234567893"}).id},
        ):
            with self.assertRaisesRegex(UserError, "as it was asked"):
                query.write(vals)

    def test_only_the_clinician_answers_and_once(self):
        query = self._ask()
        for user in (self.coder, self.supervisor):
            with self.assertRaises(AccessError):
                query.with_user(user).write({"answer": "Chronic"})
        own = query.with_user(self.clinician)
        with self.assertRaisesRegex(UserError, "write the answer first"):
            own.action_answer()
        own.answer = "Acute on chronic"
        own.action_answer()
        self.assertRecordValues(query, [{"state": "answered", "answered_by_id": self.clinician.id}])
        with self.assertRaisesRegex(UserError, "the answer stays"):
            own.write({"answer": "Chronic"})
        with self.assertRaisesRegex(UserError, "the answer stays"):
            query.sudo().write({"answer": "Chronic"})

    def test_no_answer_comes_before_the_question(self):
        with self.assertRaises(ValidationError):
            self._ask(answer="Chronic")

    def test_another_clinician_sees_nothing(self):
        query = self._ask()
        self.assertTrue(query.with_user(self.clinician).has_access("read"))
        self.assertFalse(query.with_user(self.other_clinician).has_access("read"))

    def test_a_clinician_neither_closes_nor_cancels(self):
        query = self._ask()
        with self.assertRaisesRegex(UserError, "only coders"):
            query.with_user(self.clinician).action_cancel()

    def test_a_coder_records_the_answer_of_who_has_no_user(self):
        self.practitioner.user_id = False
        query = self._ask()
        query.answer = "By phone: acute"
        query.action_answer()
        entry = self.env["hc.transition"].search(
            [("res_model", "=", query._name), ("to_state", "=", "answered")]
        )
        self.assertEqual(entry.actor_id, self.coder)
        self.assertEqual(entry.facts, {"practitioner": self.practitioner.id})

    def test_the_log_holds_no_clinical_text(self):
        query = self._ask()
        self._answer(query)
        entries = self.env["hc.transition"].search([("res_model", "=", query._name)])
        text = str(entries.read(["reason", "facts"]))
        for secret in ("wheezing", "acuity", "chronic"):
            self.assertNotIn(secret, text)

    def test_an_open_query_holds_the_case(self):
        query = self._ask()
        self.assertEqual(self._run(self.case), "exception")
        self.assertEqual(self._open_codes(self.case), ["COD-15"])
        self._answer(query)
        self._run(self.case)
        self.assertEqual(self._open_codes(self.case), ["COD-16"])
        query.action_close()
        self.env.cr.precommit.clear()
        self.assertEqual(self._run(self.case), "ready")

    def test_every_step_checks_the_case_again(self):
        checked = []
        encounters = type(self.encounter)
        with patch.object(encounters, "_queue_billing", lambda self: checked.append(self.ids)):
            query = self._ask()
            self._answer(query)
            query.action_close()
        self.assertEqual(checked, [self.encounter.ids] * 3)

    def _remind_late(self, query):
        query.sudo()._write_guarded({"next_reminder_at": self.env.cr.now() - timedelta(hours=1)})
        self._run_cron()

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("hc_revenue_base.ir_cron_remind_clinicians").method_direct_trigger()
        self.env.invalidate_all()

    def test_late_answers_climb_the_ladder(self):
        query = self._ask()
        items = self.env["hc.work.item"]
        key = [("dedup_key", "=", f"coding_query:{query.id}")]
        self._remind_late(query)
        self.assertEqual(query.escalation_level, 1)
        self.assertEqual(query.activity_ids.user_id, self.clinician)
        self.assertEqual(len(query.activity_ids), 2)
        self.assertFalse(items.search(key))
        self._remind_late(query)
        self._run_cron()
        item = items.search(key)
        self.assertEqual(item.queue_id.code, "coding_query")
        self.assertEqual(query.escalation_level, 2)
        events = self.env["hc.transition"].search(
            [("res_model", "=", query._name), ("res_id", "=", query.id), ("kind", "=", "event")]
        )
        self.assertEqual(len(events), 2)
        self._answer(query)
        self.assertEqual(item.state, "resolved")
        self.assertEqual(query.activity_ids.user_id, self.coder)

    def test_nobody_is_reminded_before_it_is_due(self):
        query = self._ask()
        self._run_cron()
        self.assertEqual(query.escalation_level, 0)

    def test_counts_on_encounter_and_case(self):
        self._ask()
        self.assertEqual(self.encounter.with_user(self.coder).coding_query_count, 1)
        self.assertEqual(self.case.with_user(self.coder).coding_query_count, 1)

    def test_the_day_of_service_does_not_matter_to_queries_elsewhere(self):
        other = self._create_case("CQ-2")
        self._ask()
        self.assertEqual(self._run(other, SERVICE_DATE), "ready")
