# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime, timezone

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.models.hc_exchange_processing import MAX_ATTEMPTS

from ..hc_webhook_core import envelope, json_bounds
from .event_common import EventCase
from .inbound_common import event_body
from .test_event_encounter import COMPLETED


@tagged("post_install", "-at_install")
class TestHostileEvents(EventCase):
    """Events out of bounds, out of order, and in the place of others."""

    def _arrive(self, message_id, data, time, code="patient.updated"):
        """An event as the border stores it, applied."""
        body = event_body(message_id, data, type=f"{code}.v1", time=time)
        now = datetime.now(timezone.utc)
        event = envelope.read_event(json_bounds.parse(body, 32), now, message_id=message_id)
        border = self.env["hc.integration.source"]._get_borders()[self.source.code]
        exchanges_sudo = self.env(user=border.user_id, su=True)["hc.exchange"]
        receipt = exchanges_sudo._receive_event(border, event, body)
        exchange = self.env["hc.exchange"].browse(receipt.exchange_id)
        self._process(exchange)
        return exchange

    def test_of_two_events_of_one_second_the_later_one_counts(self):
        self._give_right("contact", "owner")
        for message_id, time, phone in (
            ("z-first", "2026-03-03T08:00:00.100Z", "555-0101"),
            ("a-second", "2026-03-03T08:00:00.900Z", "555-0102"),
        ):
            event = self._arrive(message_id, self._person(contact={"phone": phone}), time)
            self.assertEqual(event.event_outcome, "applied")
        self.assertEqual(self.patient.phone, "555-0102")
        late = self._arrive(
            "late", self._person(contact={"phone": "555-0103"}), "2026-03-03T08:00:00.500Z"
        )
        self.assertEqual(late.event_outcome, "superseded")
        self.assertEqual(self.patient.phone, "555-0102")

    def test_a_document_cannot_take_the_number_of_an_event(self):
        stranger = self._create_user("events.stranger", "integration")
        answer = (
            self.env["hc.operation"]
            .with_user(stranger)
            .run(
                "exchange.submit",
                {
                    "document_type": "event",
                    "source": self.source.code,
                    "external_id": "evt-next",
                    "content_base64": "e30=",
                },
                "hostile-0001",
            )
        )
        self.assertEqual(answer["error"]["code"], "payload_invalid")
        event = self._arrive("evt-next", COMPLETED, "2026-03-03T08:00:00Z", "encounter.completed")
        self.assertEqual(event.source_id, self.source)

    def test_an_event_without_facility_is_within_those_of_its_system(self):
        """A claim, payment or message is found within the user's rights: they must be no wider."""
        payment = {
            "reference": "PAY-1",
            "amount": "60.00",
            "currency": "USD",
            "happened_on": "2026-03-03",
        }
        self.source.facility_ids = self.facility
        user = self.source.user_id
        everywhere = self.env.ref("hc_revenue_base.group_hc_all_facilities")
        for facilities, groups in (
            (self.facility | self.other_facility, []),
            (self.facility, [Command.link(everywhere.id)]),
        ):
            user.write({"hc_facility_ids": facilities.ids, "group_ids": groups})
            event = self._send("payment.confirmed", payment)
            self.assertEqual((event.state, event.event_outcome), ("rejected", "refused"))
            self.assertEqual(event.event_result["code"], "user_too_wide")
        user.write(
            {"hc_facility_ids": self.facility.ids, "group_ids": [Command.unlink(everywhere.id)]}
        )
        event = self._send("payment.confirmed", payment)
        self.assertNotEqual((event.event_result or {}).get("code"), "user_too_wide")

    def test_what_waits_is_not_done_in_the_name_of_an_archived_user(self):
        """A user is archived because the key leaked: what was sent with it before may be forged."""
        event = self._store("patient.updated", self._person(contact={"phone": "555-0199"}))
        self.source.user_id.active = False
        self._process(event)
        self.assertEqual(event.state, "failed")
        self.assertIn("archived", event.error)
        self.assertNotEqual(self.patient.phone, "555-0199")

    def test_a_clerk_drops_nothing_that_a_system_told(self):
        clerk = self._create_user("events.dropper", "clerk", "phi", "all_facilities")
        told = self._send("encounter.completed", {**COMPLETED, "patient_mrn": "9"})
        with self.assertRaisesRegex(AccessError, "given up by Operations"):
            told.with_user(clerk).action_give_up_event()
        self.assertEqual(told.state, "waiting")
        operator = self._create_user("events.operator", "operations", "all_facilities")
        told.with_user(operator).action_give_up_event()
        self.assertEqual(told.state, "rejected")

    def test_what_was_given_up_takes_no_other_message_with_it(self):
        """The same fact by hand and by its system, both before the patient is there."""
        data = {**COMPLETED, "patient_mrn": "9"}
        by_hand = self._send("encounter.completed", data, is_manual=True)
        self.assertEqual(by_hand.state, "waiting")
        told = self._send("encounter.completed", data, minutes=1)
        self.assertEqual(told.state, "waiting")
        by_hand.action_give_up_event()
        self._create_patient("9")
        told._try_again()
        self._process(told)
        self.assertEqual((told.state, told.event_outcome), ("done", "applied"))

    def test_once_the_patient_is_there_both_are_one(self):
        data = {**COMPLETED, "patient_mrn": "9"}
        by_hand = self._send("encounter.completed", data, is_manual=True)
        told = self._send("encounter.completed", data, minutes=1)
        self._create_patient("9")
        for event in (by_hand, told):
            event._try_again()
        self._process(by_hand, told)
        self.assertEqual((by_hand.event_outcome, told.event_outcome), ("applied", "matched"))

    def test_a_thousand_events_refused_for_one_reason_are_one_piece_of_work(self):
        data = {"patient_mrn": "X"}
        events = [self._send("patient.updated", data, minutes=number) for number in range(20)]
        self.assertEqual({event.event_outcome for event in events}, {"refused"})
        items = self._items("event")
        self.assertEqual((len(items), items.res_id), (1, events[0].id))
        self.assertEqual(self.source.refused_event_count, 20)
        listed = self.env["hc.exchange"].search(self.source.action_open_refused_events()["domain"])
        self.assertEqual(set(listed.ids), {event.id for event in events})
        items.sudo()._resolve("fixed")
        again = self._send("patient.updated", data, minutes=99)
        self.assertEqual(self._items("event").res_id, again.id)

    def test_events_that_are_given_up_for_one_cause_end_together(self):
        data = self._person(facility_code="LATER", contact={"phone": "555-0109"})
        events = [self._send("patient.updated", data, minutes=number) for number in range(3)]
        for event in events:
            event._write_guarded({"attempts": MAX_ATTEMPTS - 1})
        self._process(*events)
        key = f"event_source:{self.source.id}:gave_up"
        item = self.env["hc.work.item"].search([("dedup_key", "=", key)])
        self.assertEqual((len(item), item.state), (1, "open"))
        self.assertEqual(self.source.refused_event_count, 3)
        self.facility.code = "LATER"
        self.env.flush_all()
        self._process(*events[:2])
        self.assertEqual(item.state, "open")
        self._process(events[2])
        self.assertEqual({event.state for event in events}, {"done"})
        self.assertEqual(item.state, "resolved")
