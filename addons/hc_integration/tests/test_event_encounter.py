# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from itertools import permutations

from odoo.tests import tagged

from .event_common import EventCase

VISIT = {"facility_code": "RIV", "encounter_number": "V-1"}
COMPLETED = {
    **VISIT,
    "patient_mrn": "1000001",
    "started_at": "2026-03-02T14:00:00Z",
    "completed_at": "2026-03-02T15:00:00Z",
}


def charges(*ids, **extra):
    """Data of charge.posted with one visit each."""
    return {
        **VISIT,
        "patient_mrn": "1000001",
        "encounter_start": "2026-03-02T14:00:00Z",
        "charges": [
            {
                "external_id": each,
                "service_date": "2026-03-02",
                "procedure_code": "V1001",
                "diagnosis_codes": ["Z00.00"],
                "place_of_service": "11",
                "performer_npi": "1679576722",
                **extra,
            }
            for each in ids
        ],
    }


@tagged("post_install", "-at_install")
class TestEventEncounter(EventCase):
    """Visits are completed, coded and charged, in whatever order the three arrive."""

    def _visit(self):
        return self.env["hc.encounter"].search([("number", "=", "V-1")])

    def test_completed_coded_charged(self):
        done = self._send("encounter.completed", COMPLETED)
        charged = self._send("charge.posted", charges("C1", "C2"), 1)
        coded = self._send("coding.approved", VISIT, 2)
        self.assertEqual((done | charged | coded).mapped("state"), ["done"] * 3, done.error)
        visit = self._visit()
        self.assertEqual((visit.state, visit.coding_state), ("completed", "approved"))
        self.assertEqual(len(visit.service_line_ids), 2)
        self.assertEqual((done.event_res_model, done.event_res_id), ("hc.encounter", visit.id))
        self.assertIn("state", done.event_changes)

    def test_any_order_ends_the_same(self):
        """Waiting events go on by themselves when their subject arrives."""
        told = {
            "encounter.completed": {k: v for k, v in COMPLETED.items() if k != "started_at"},
            "coding.approved": VISIT,
            "charge.posted": charges("C1"),
        }
        for number, order in enumerate(permutations(told)):
            with self.subTest(order=order):
                name = f"V-P{number}"
                stored = [
                    self._store(
                        code,
                        {**told[code], "encounter_number": name}
                        | (
                            {"charges": [{**told[code]["charges"][0], "external_id": name}]}
                            if code == "charge.posted"
                            else {}
                        ),
                    )
                    for code in order
                ]
                for _again in range(3):
                    for event in stored:
                        if event.state == "received":
                            self._process(event)
                self.assertEqual([each.state for each in stored], ["done"] * 3)
                visit = self.env["hc.encounter"].search([("number", "=", name)])
                self.assertEqual((visit.state, visit.coding_state), ("completed", "approved"))
                self.assertEqual(len(visit.service_line_ids), 1)

    def test_a_charge_comes_in_once(self):
        self._send("charge.posted", charges("C1"))
        second = self._send("charge.posted", charges("C1", "C2"), 1)
        self.assertEqual(second.repeated_count, 1)
        self.assertEqual(len(self._visit().service_line_ids), 2)

    def test_a_charge_that_contradicts_is_refused_and_the_others_stand(self):
        self._send("charge.posted", charges("C1"))
        data = charges("C2")
        data["charges"].append({**charges("C1", units="3")["charges"][0]})
        partly = self._send("charge.posted", data, 1)
        self.assertEqual(partly.event_outcome, "partly")
        self.assertEqual((partly.failed_count, partly.imported_count), (1, 1))
        self.assertTrue(self._items("event", partly))
        self.assertEqual(sum(self._visit().service_line_ids.mapped("units")), 2)

    def test_a_cancelled_visit_is_not_completed(self):
        visit = self._create_encounter("V-1")
        visit._transition("cancelled")
        event = self._send("encounter.completed", COMPLETED)
        self.assertEqual((event.state, event.event_outcome), ("rejected", "refused"))
        self.assertEqual(visit.state, "cancelled")
        self.assertTrue(self._items("event", event))

    def test_an_older_end_does_not_undo_a_newer_one(self):
        self._send("encounter.completed", {**COMPLETED, "completed_at": "2026-03-02T16:00:00Z"}, 5)
        late = self._send("encounter.completed", COMPLETED, 1)
        self.assertEqual((late.state, late.event_outcome), ("done", "superseded"))
        self.assertEqual(self._visit().ended_at.hour, 16)

    def test_another_patients_visit_is_refused(self):
        self._create_encounter(
            "V-1", patient=self._create_patient("1000009"), coverage=self.coverage
        )
        event = self._send("encounter.completed", COMPLETED)
        self.assertEqual(event.event_result["code"], "patient_conflict")

    def test_a_visit_without_start_waits_and_becomes_a_work_item(self):
        self.source.patience_hours = 0
        data = {k: v for k, v in COMPLETED.items() if k != "started_at"}
        event = self._send("encounter.completed", data)
        self.assertEqual((event.state, event.event_outcome), ("waiting", "waiting"))
        item = self._items("event_waiting", event)
        self.assertTrue(item)
        self._create_encounter("V-1")
        event._try_again()
        self._process(event)
        self.assertEqual((event.state, item.state), ("done", "resolved"))
