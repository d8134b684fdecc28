# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .event_common import START
from .proof_common import DAY, ProofCase
from .sample_records import create_source
from .test_event_encounter import COMPLETED


@tagged("post_install", "-at_install")
class TestProof(ProofCase):
    """What a system says that it sent is compared with what is held."""

    def test_a_day_that_agrees_is_proven(self):
        self._visit(1)
        proof = self._tell(self._visits("v1"))
        self.assertEqual((proof.state, proof.told_count, proof.held_count), ("proven", 1, 1))
        self.assertEqual(proof.told_by_id, self.source.user_id)
        self.assertFalse(self._get_items())

    def test_what_is_missing_is_work_until_it_comes_late(self):
        self._visit(1)
        proof = self._tell(self._visits("v1", "v2"))
        self.assertEqual(proof.state, "differs")
        difference = proof.difference_ids
        self.assertEqual((difference.kind, difference.reference), ("missing", "v2"))
        item = self._get_items()
        self.assertEqual((item.res_model, item.res_id), (difference._name, difference.id))
        proof._check()
        self.assertEqual(self._get_items(), item)
        self._visit(2)
        proof._check()
        self.assertEqual((difference.state, proof.state), ("arrived", "proven"))
        self.assertEqual((item.state, item.resolution_code), ("resolved", "fixed"))

    def test_what_is_missing_is_entered_by_hand_and_not_doubled_when_it_comes(self):
        proof = self._tell(self._visits("v2"))
        difference = proof.difference_ids
        context = difference.with_user(self.clerk).action_enter()["context"]
        entry = (
            self.env["hc.event.entry"]
            .with_user(self.clerk)
            .with_context(**context)
            .create({"occurred_at": START})
        )
        by_path = {line.path: line for line in entry.line_ids}
        for path, value in {**COMPLETED, "encounter_number": "V-2"}.items():
            by_path[path].value = value
        entry.action_enter()
        self.assertEqual((difference.state, proof.state), ("entered", "proven"))
        self.assertEqual(difference.entered_id.create_uid, self.clerk)
        self.assertFalse(self._get_items())
        late = self._visit(2, 30)
        self.assertEqual(late.event_outcome, "matched")
        proof._check()
        self.assertEqual(
            (proof.state, proof.held_count, difference.state), ("proven", 1, "entered")
        )

    def test_an_entry_makes_good_only_what_it_is_about(self):
        proof = self._tell(self._visits("v2"))
        entry = (
            self.env["hc.event.entry"]
            .with_user(self.clerk)
            .create(
                {
                    "source_id": self.source.id,
                    "event_type": "coding.approved.v1",
                    "difference_id": proof.difference_ids.id,
                }
            )
        )
        with self.assertRaisesRegex(UserError, "about other events"):
            entry.action_enter()

    def test_what_they_did_not_send_is_named(self):
        self._visit(1)
        proof = self._tell(self._visits())
        self.assertEqual(
            [(each.kind, each.reference) for each in proof.difference_ids], [("unknown", "v1")]
        )

    def test_types_that_were_not_told_differ_by_their_count(self):
        self._visit(1)
        proof = self._tell({"event_type": "claim.status", "count": 3})
        self.assertEqual(
            {(each.event_type, each.told, each.held) for each in proof.difference_ids},
            {("claim.status", "3", "0"), ("encounter.completed", "0", "1")},
        )

    def test_amounts_are_added_up_by_currency(self):
        paid = {"payment_source": "kiosk", "currency": "USD", "happened_on": DAY}
        for number, amount in enumerate(("10.10", "20.20")):
            told = {**paid, "reference": f"p{number}", "amount": amount}
            self._store("payment.confirmed", told, number)
        total = {"event_type": "payment.confirmed", "count": 2, "currency": "USD"}
        proof = self._tell({**total, "amount": "30.30"})
        line = proof.line_ids
        self.assertEqual((proof.state, line.held_amount), ("proven", 30.3), line.told_amount)
        proof = self._tell({**total, "amount": "30.31"}, minutes=700)
        difference = proof.difference_ids
        self.assertEqual(
            (difference.kind, difference.told, difference.held), ("amount", "30.31", "30.30")
        )
        self.assertEqual(proof.line_ids.amount_difference, -0.01)

    def test_a_body_that_cannot_be_read_does_not_stop_the_proof(self):
        exchange = self._store("payment.confirmed", {}, 1)
        exchange._write_guarded({"payload_body": b'{"data": {"amount": "1e999999", "currency": 3}'})
        proof = self._tell({"event_type": "payment.confirmed", "count": 1})
        self.assertEqual(proof.state, "proven")

    def test_numbers_that_are_left_out_are_found(self):
        for number in (1, 2, 5):
            self._store(
                "encounter.completed",
                COMPLETED,
                number,
                sequence_number=number,
                subject_key="V-1",
            )
        total = {"event_type": "encounter.completed", "count": 3}
        self.assertEqual(self._tell(total).state, "proven")
        self.source.has_gapless_numbers = True
        proof = self._tell(total, minutes=700)
        self.assertEqual(
            [(each.kind, each.reference) for each in proof.difference_ids], [("gap", "V-1 3–4")]
        )
        for number in (3, 4):
            self._store(
                "encounter.completed", COMPLETED, 10, sequence_number=number, subject_key="V-1"
            )
        proof._check()
        self.assertEqual(proof.difference_ids.filtered(lambda each: each.state == "open").kind,
                         "count")  # fmt: skip

    def test_people_settle_what_will_not_go_away_and_say_why(self):
        proof = self._tell({"event_type": "claim.status", "count": 3})
        difference = proof.difference_ids.with_user(self.operator)
        settle = self.env["hc.integration.difference.settle"].with_user(self.operator)
        with self.assertRaisesRegex(UserError, "Say why"):
            difference._settle(" ")
        context = difference.action_settle()["context"]
        settle.with_context(**context).create({"reason": "Tests of theirs"}).action_settle()
        self.assertEqual((difference.state, proof.state), ("settled", "settled"))
        self.assertFalse(self._get_items())
        proof._check()
        self.assertEqual(difference.state, "settled")
        proof = self._tell({"event_type": "claim.status", "count": 4}, minutes=700)
        self.assertEqual((difference.state, proof.state), ("open", "differs"))
        self.assertTrue(self._get_items())

    def test_what_is_told_later_replaces_what_was_told_before(self):
        self._visit(1)
        self.assertEqual(self._tell(self._visits("v1", "x")).state, "differs")
        self.assertEqual(self._tell(self._visits("v1"), minutes=700).state, "proven")
        self._tell(self._visits("y"), minutes=650)
        self.assertEqual(self.told_in.event_outcome, "superseded")

    def test_what_contradicts_itself_is_refused(self):
        for totals, place in (
            ([{**self._visits("a", "b"), "count": 3}], "message_ids"),
            ([{"event_type": "payment.confirmed", "count": 1, "amount": "2"}], "currency"),
            ([{"event_type": "payment.confirmed", "count": 1, "currency": "XXZ"}], "XXZ"),
            ([{"event_type": "claim.status", "count": -1}], "count"),
        ):
            with self.subTest(place=place):
                self.assertFalse(self._tell(*totals))
                self.assertEqual(self.told_in.event_outcome, "refused")
                self.assertIn(place, self.told_in.event_note)

    def test_nobody_proves_their_own_work(self):
        exchange = self.env["hc.exchange"].with_user(self.clerk)._enter_event(
            self.source.with_user(self.clerk),
            self._find_totals(),
            {"day": DAY, "totals": []},
            START,
        )  # fmt: skip
        self._process(exchange.sudo())
        self.assertEqual(exchange.sudo().event_outcome, "refused")
        entry = self.env["hc.integration.totals.entry"].with_user(self.clerk)
        with self.assertRaises(AccessError):
            entry.create({"source_id": self.source.id, "day": DAY})

    def _find_totals(self):
        from ..hc_webhook_core import events

        return events.find("source.totals", 1)

    def test_operations_tell_in_place_of_the_system(self):
        self._visit(1)
        entry = (
            self.env["hc.integration.totals.entry"]
            .with_user(self.operator)
            .create({"source_id": self.source.id, "day": DAY})
        )
        entry.line_ids = [
            (0, 0, {"event_type": "encounter.completed", "message_count": 1}),
            (0, 0, {"event_type": "claim.status", "message_count": 0}),
        ]
        action = entry.action_tell()
        proof = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((proof.state, proof.told_by_id), ("proven", self.operator))
        self.assertEqual(proof.with_user(self.operator).held_count, 1)

    def test_asking_again_is_an_event_and_sets_the_poll_back(self):
        self.source.write(
            {
                "fhir_base_url": "https://ehr.example",
                "fhir_cursor": "2026-03-09 00:00:00",
                "is_fhir_polled": True,
            }
        )
        difference = self._tell(self._visits("v9")).difference_ids
        difference.with_user(self.operator).action_ask_again()
        self.assertEqual((difference.asked_count, bool(difference.asked_at)), (1, True))
        self.assertEqual(str(self.source.fhir_cursor), "2026-03-03 00:00:00")
        logged = self.env["hc.transition"].search(
            [("res_model", "=", difference._name), ("res_id", "=", difference.id)], limit=1
        )
        self.assertEqual((logged.kind, logged.facts["event"]), ("event", "asked_again"))

    def test_a_system_asks_what_it_has_to_send_again(self):
        self._tell(self._visits("v1", "v2"))
        operations = self.env["hc.operation"].with_user(self.source.user_id)
        answer = operations.run("source.proof", {"source": self.source.code, "day": DAY})["result"]
        self.assertEqual(answer["state"], "differs")
        self.assertEqual({each["reference"] for each in answer["differences"]}, {"v1", "v2"})
        # Who orchestrates watches over the others of its company.
        watcher = create_source(self, "proof-watcher")
        watcher.kind = "orchestrator"
        asked = {"source": self.source.code, "day": DAY}
        told = operations.with_user(watcher.user_id).run("source.proof", asked)
        self.assertEqual(told["result"], answer)
        stranger = self._create_user("proof.stranger", "integration")
        refused = operations.with_user(stranger).run(
            "source.proof", {"source": self.source.code, "day": DAY}
        )
        self.assertEqual(refused["status"], "error")
