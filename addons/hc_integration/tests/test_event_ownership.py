# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from itertools import permutations

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .event_common import EventCase
from .sample_records import create_source


@tagged("post_install", "-at_install")
class TestEventOwnership(EventCase):
    """Who may overwrite master data, and what happens to what may not be written."""

    def _proposal(self, state="open"):
        return self.env["hc.data.proposal"].search(
            [("res_id", "=", self.patient.id), ("state", "=", state)]
        )

    def test_without_a_right_the_empty_is_filled_and_the_rest_proposed(self):
        event = self._send(
            "patient.updated",
            self._person(address={"street": "1 New Road", "street2": "Flat 2"}),
        )
        self.assertEqual(event.event_outcome, "proposed")
        self.assertEqual(self.patient.street2, "Flat 2")
        self.assertEqual(self.patient.street, "9 Elm Street")
        line = self._proposal().line_ids
        self.assertEqual(
            (line.field_name, line.value_now, line.value_proposed),
            ("street", "9 Elm Street", "1 New Road"),
        )
        self.assertTrue(self._items("data_conflict", self._proposal()))

    def test_nothing_of_the_values_is_in_log_or_notes(self):
        event = self._send("patient.updated", self._person(address={"street": "1 New Road"}))
        log = self.env["hc.transition"].search(
            [("res_model", "in", ("hc.exchange", "hc.data.proposal"))]
        )
        text = f"{event.event_note} {event.event_changes} {event.event_result} "
        text += " ".join(f"{row.facts} {row.reason}" for row in log)
        text += " ".join(item.description or "" for item in self._items("data_conflict"))
        self.assertNotIn("New Road", text)
        self.assertNotIn("Elm", text)

    def test_an_owner_overwrites_and_clears(self):
        self._give_right("address", "owner")
        event = self._send(
            "patient.updated", self._person(address={"street": "1 New Road", "zip": None})
        )
        self.assertEqual(event.event_outcome, "applied")
        self.assertEqual((self.patient.street, self.patient.zip), ("1 New Road", False))
        self.assertFalse(self._proposal())

    def test_whoever_may_look_at_a_system_sees_its_rights(self):
        self._give_right("address", "owner")
        finance = self._create_user("event.finance", "finance_manager")
        self.env.invalidate_all()
        system = self.source.with_user(finance)
        self.assertEqual((system.right_address, system.right_contact), ("owner", "fill"))

    def test_a_state_is_found_by_its_code(self):
        self._give_right("address", "owner")
        self._send("patient.updated", self._person(address={"state_code": "CA"}))
        self.assertEqual(self.patient.state_id.code, "CA")

    def test_any_order_and_repetition_ends_the_same(self):
        expected = {"owner": ("2", False), "fill": ("555", True), "propose": ("555", True)}
        for right in expected:
            source = create_source(self, f"sample-{right}")
            source.user_id.hc_facility_ids = self.facility
            self._give_right("contact", right, source)
            phone, is_proposed = expected[right]
            ends = set()
            told = [
                (1, {"phone": "1"}),
                (2, {"phone": "2", "email": "a@b.example"}),
                (3, {"email": None}),
            ]
            for number, order in enumerate(permutations(told)):
                patient = self._create_patient(f"P-{right}-{number}", phone="555")
                for minutes, contact in (*order, order[0]):
                    event = self._send(
                        "patient.updated",
                        {
                            "facility_code": "RIV",
                            "patient_mrn": patient.mrn,
                            "contact": contact,
                        },
                        minutes,
                        source=source,
                    )
                    self.assertEqual(event.state, "done", event.error)
                open_lines = (
                    self.env["hc.data.proposal"]
                    .search([("patient_id", "=", patient.id), ("state", "=", "open")])
                    .line_ids
                )
                ends.add(
                    (
                        patient.phone,
                        patient.email,
                        tuple(sorted((x.field_name, x.value_proposed) for x in open_lines)),
                    )
                )
            with self.subTest(right=right):
                self.assertEqual(len(ends), 1, ends)
                self.assertEqual(ends.pop()[:2], (phone, False))
                self.assertEqual(bool(open_lines), is_proposed)

    def test_accepting_takes_the_marked_values_over_and_logs_who(self):
        self._send(
            "patient.updated",
            self._person(demographics={"first_name": "Janet"}, address={"street": "1 New Road"}),
        )
        proposal = self._proposal()
        item = self._items("data_conflict", proposal)
        proposal.line_ids.filtered(lambda x: x.field_name == "street").with_user(
            self.clerk
        ).is_taken = False
        proposal.with_user(self.clerk).action_accept()
        self.assertEqual((self.patient.first_name, self.patient.street), ("Janet", "9 Elm Street"))
        self.assertEqual((proposal.state, proposal.decided_by_id), ("accepted", self.clerk))
        self.assertEqual(item.state, "resolved")
        with self.assertRaises(UserError):
            proposal.line_ids[0].with_user(self.clerk).is_taken = False

    def test_what_was_rejected_is_not_asked_again(self):
        data = self._person(address={"street": "1 New Road"})
        self._send("patient.updated", data)
        self._proposal().with_user(self.clerk).action_reject()
        self._send("patient.updated", data, 5)
        self.assertFalse(self._proposal())
        self._send("patient.updated", self._person(address={"street": "2 New Road"}), 6)
        self.assertEqual(self._proposal().line_ids.value_proposed, "2 New Road")

    def test_a_newer_word_replaces_the_open_proposal(self):
        self._send("patient.updated", self._person(address={"street": "1 New Road"}))
        self._send("patient.updated", self._person(address={"street": "2 New Road"}), 1)
        self.assertEqual(self._proposal().line_ids.value_proposed, "2 New Road")
        self._send("patient.updated", self._person(address={"street": "9 Elm Street"}), 2)
        self.assertFalse(self._proposal())
        self.assertFalse(self._items("data_conflict"))

    def test_only_who_may_change_patients_decides(self):
        self._send("patient.updated", self._person(address={"street": "1 New Road"}))
        for role in ("compliance", "administrator", "coder", "integration"):
            user = self._create_user(f"event.{role}", role)
            for name in ("action_accept", "action_reject"):
                with self.subTest(role=role, name=name), self.assertRaises(AccessError):
                    getattr(self._proposal().with_user(user), name)()
        self.assertEqual(self.patient.street, "9 Elm Street")

    def test_other_facilities_do_not_see_the_proposal(self):
        self._send("patient.updated", self._person(address={"street": "1 New Road"}))
        elsewhere = self._create_user(
            "event.elsewhere", "clerk", "phi", facilities=self.other_facility
        )
        proposals = self.env["hc.data.proposal"].with_user(elsewhere)
        self.assertFalse(proposals.search([("id", "=", self._proposal().id)]))
        with self.assertRaises(AccessError):
            self._proposal().with_user(elsewhere).action_accept()

    def test_a_part_has_one_owner(self):
        self._give_right("address", "owner")
        other = create_source(self, "other-ehr")
        with self.assertRaises(ValidationError):
            self._give_right("address", "owner", other)
        self.source.facility_ids = self.facility
        other.facility_ids = self.other_facility
        self.assertTrue(self._give_right("contact", "owner", other))

    def test_a_new_right_rests_until_a_second_person_agrees(self):
        owner = self.env["hc.data.owner"].create(
            {"source_id": self.source.id, "field_group": "address", "right": "owner"}
        )
        self.assertFalse(owner.active)
        with self.assertRaises(AccessError):
            owner.active = True
        self.assertEqual(self.source.right_address, "fill")
        self._send("patient.updated", self._person(address={"street": "1 New Road"}))
        self.assertEqual(self.patient.street, "9 Elm Street")

    def test_who_knows_the_person_opens_another_facilitys_patient(self):
        stranger = self._create_patient("2000001", facility_ids=self.other_facility.ids)
        person = {"last_name": "doe", "birth_date": "1980-05-17"}
        data = {"facility_code": "RIV", "patient_mrn": stranger.mrn}
        wrong = self._send(
            "patient.updated", {**data, "demographics": {**person, "birth_date": "1980-05-18"}}
        )
        self.assertEqual(wrong.state, "rejected")
        right = self._send("patient.updated", {**data, "demographics": person}, 1)
        self.assertEqual(right.state, "done")
        self.assertIn(self.facility, stranger.facility_ids)

    def test_an_unknown_patient_is_registered_only_with_name_and_birth(self):
        data = {"facility_code": "RIV", "patient_mrn": "NEW-1", "contact": {"phone": "1"}}
        waiting = self._send("patient.updated", data)
        self.assertEqual(waiting.state, "waiting")
        person = {"last_name": "Roe", "birth_date": "1990-02-03"}
        self._send("patient.updated", {**data, "demographics": person}, 1)
        patient = self.env["hc.patient"].search([("mrn", "=", "NEW-1")])
        self.assertEqual((patient.last_name, patient.phone), ("Roe", "1"))
        self.assertEqual(waiting.state, "received")
