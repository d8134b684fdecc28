# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.hc_revenue_base.tests.trail_common import TrailCommon

from ..hc_webhook_core.events import find
from .event_common import EventCase
from .test_event_encounter import COMPLETED

ERRORS = "odoo.addons.hc_revenue_base.models.hc_exchange_processing"


@tagged("post_install", "-at_install")
class TestEventBorder(EventCase, TrailCommon):
    """Hostile and mistaken events: refused, on record, and never half done."""

    def _attempts(self, reason):
        self.env.flush_all()
        return self.env["hc.refused.attempt"].sudo().search_count([("reason", "=", reason)])

    def test_another_facility_is_refused_and_put_on_record(self):
        before = self._attempts("facility_foreign")
        with self._request():
            event = self._send("encounter.completed", {**COMPLETED, "facility_code": "HIL"})
        self.assertEqual(
            (event.state, event.event_result["code"]), ("rejected", "facility_foreign")
        )
        self.assertTrue(self._items("event", event))
        self.assertGreater(self._attempts("facility_foreign"), before)

    def test_another_companys_facility_is_refused(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["hc.facility"].create(
            {
                "name": "Foreign",
                "code": "FOR",
                "company_id": company.id,
                "journal_id": False,
                "resource_calendar_id": False,
            }
        )
        event = self._send("patient.updated", {"facility_code": "FOR", "patient_mrn": "1000001"})
        self.assertEqual(event.event_result["code"], "facility_foreign")

    def test_the_sources_own_facilities_bound_it_too(self):
        self.source.user_id.hc_facility_ids = self.facility | self.other_facility
        self.source.facility_ids = self.other_facility
        event = self._send("encounter.completed", COMPLETED)
        self.assertEqual(event.state, "rejected")
        self.assertFalse(self.env["hc.encounter"].search([("number", "=", "V-1")]))

    def test_another_facilitys_patient_is_refused(self):
        stranger = self._create_patient("2000001", facility_ids=self.other_facility.ids)
        event = self._send(
            "patient.updated",
            {"facility_code": "RIV", "patient_mrn": stranger.mrn, "contact": {"phone": "1"}},
        )
        self.assertEqual(event.event_result["code"], "patient_foreign")
        self.assertFalse(stranger.phone)

    def test_data_that_does_not_fit_is_refused_with_its_path(self):
        for data, path in (
            ({**COMPLETED, "sudo": True}, "/sudo"),
            ({**COMPLETED, "completed_at": "yesterday"}, "/completed_at"),
            ({**COMPLETED, "facility_code": ["RIV"]}, "/facility_code"),
            ({**COMPLETED, "encounter_number": "x" * 65}, "/encounter_number"),
        ):
            with self.subTest(path=path):
                event = self._send("encounter.completed", data)
                self.assertEqual(event.state, "rejected")
                self.assertIn(path, event.event_note)

    def test_unreadable_bodies_are_refused(self):
        for body in (b"", b"\xff\xfe", b"[]", b"{}", b'{"data": 3}', b"[" * 100_000):
            with self.subTest(body=body[:20]):
                event = self._store("encounter.completed", COMPLETED, payload_body=body)
                self._process(event)
                self.assertEqual(event.state, "rejected", event.error)

    def test_an_unknown_version_is_refused(self):
        event = self._store("encounter.completed", COMPLETED, event_version=9)
        self._process(event)
        self.assertEqual(event.event_result["code"], "type_unknown")

    def test_a_clock_ahead_does_not_win_for_ever(self):
        minutes = 60 * 24 * 365 * 20
        event = self._send("encounter.completed", COMPLETED, minutes)
        self.assertEqual(event.event_result["code"], "time_ahead")

    def test_formula_text_is_refused(self):
        self._give_right("demographics", "owner")
        data = self._person(demographics={"last_name": "=HYPERLINK(1)"})
        event = self._send("patient.updated", data)
        self.assertEqual(event.event_result["code"], "formula_text")
        self.assertEqual(self.patient.last_name, "Doe")

    @mute_logger(ERRORS)
    def test_an_unknown_facility_fails_and_is_tried_again(self):
        event = self._send("encounter.completed", {**COMPLETED, "facility_code": "NEW"})
        self.assertEqual((event.state, event.attempts), ("failed", 1))
        self.assertFalse(self.env["hc.encounter"].search([("number", "=", "V-1")]))

    def test_processing_twice_changes_nothing(self):
        event = self._send("encounter.completed", COMPLETED)
        count = event.transition_count
        self._process(event)
        self.assertEqual(event.transition_count, count)

    def test_an_operation_that_is_not_installed_waits_and_names_the_module(self):
        installed = {each.code for each in self.env["hc.operation"]._get_operations()}
        for code, module, data in (
            (
                "claim.status",
                "Healthcare Claims and Remittances",
                {
                    "claim_number": "X1",
                    "effective_on": "2026-03-02",
                    "statuses": [{"category": "A2", "status_code": "20"}],
                },
            ),
            (
                "message.status",
                "Healthcare Collections",
                {"message_reference": "1", "status": "delivered"},
            ),
        ):
            with self.subTest(code=code):
                event = self._send(code, data)
                self.assertEqual(event.state, "waiting")
                if find(code, 1).operation not in installed:
                    self.assertIn(module, event.event_note)
                    self.assertTrue(self._items("event_waiting"))

    def test_a_waiting_event_can_be_given_up(self):
        event = self._send("coding.approved", {"facility_code": "RIV", "encounter_number": "NONE"})
        self.assertEqual(event.state, "waiting")
        event.action_give_up_event()
        self.assertEqual((event.state, event.event_outcome), ("rejected", "refused"))

    def test_the_scheduled_action_tries_again_what_is_due(self):
        due = self._send("coding.approved", {"facility_code": "RIV", "encounter_number": "N1"})
        due._write_guarded({"next_attempt_at": "2026-01-01 00:00:00"})
        later = self._send("coding.approved", {"facility_code": "RIV", "encounter_number": "N2"})
        with self.enter_registry_test_mode():
            self.env.ref("hc_integration.ir_cron_retry_waiting_events").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((due.state, later.state), ("received", "waiting"))

    def test_the_answer_for_the_sender_holds_codes_only(self):
        event = self._send("encounter.completed", COMPLETED)
        self.assertEqual(set(event.event_result), {"outcome", "changed"})
        self.assertNotIn("Doe", json.dumps(event.event_result))
