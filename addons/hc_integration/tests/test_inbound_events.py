# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import mute_logger, tagged

from odoo.addons.hc_revenue_base.models.hc_exchange_processing import MAX_ATTEMPTS

from .inbound_common import EventCase

QUIET = "odoo.addons.hc_revenue_base.models.hc_exchange_processing"
DRAIN = "odoo.addons.hc_integration.models.hc_exchange_event_drain"


@tagged("post_install", "-at_install")
class TestInboundEvents(EventCase):
    """Events are processed once, as their source, those about one subject in order."""

    def test_events_are_processed_as_their_source(self):
        event = self._receive("e-1")
        self.assertEqual(self._drain(), ["e-1"])
        self.assertEqual(self.handled[0][1:], (self.source.user_id, self.source.company_id))
        self.assertEqual(event.state, "done")
        self.assertEqual(self._drain(), [])

    def test_a_subject_goes_in_the_senders_order_whatever_came_first(self):
        self._receive("a-3", "A", sequence=3)
        self._receive("b-2", "B", minute=20)
        self._receive("a-1", "A", sequence=1)
        self._receive("b-1", "B", minute=10)
        self._receive("a-2", "A", sequence=2)
        order = self._drain()
        self.assertEqual([name for name in order if name[0] == "a"], ["a-1", "a-2", "a-3"])
        self.assertEqual([name for name in order if name[0] == "b"], ["b-1", "b-2"])

    @mute_logger(QUIET)
    def test_a_failed_event_holds_up_its_own_subject_only(self):
        self.failing = {"a-1"}
        first, second = self._receive("a-1", "A"), self._receive("a-2", "A")
        self._receive("b-1", "B")
        self._receive("c-1")
        self._receive("c-2")
        self.assertEqual(sorted(self._drain()), ["a-1", "b-1", "c-1", "c-2"])
        self.assertEqual((first.state, second.state), ("failed", "received"))
        self.assertFalse(first.event_result)  # what it had done is undone
        self.assertNotIn("a value", first.error)
        self.assertEqual(self._drain(), [])
        self.failing = set()
        first._write_guarded({"next_attempt_at": self.env.cr.now() - timedelta(seconds=1)})
        self.assertEqual(self._drain(), ["a-1", "a-2"])

    @mute_logger(QUIET)
    def test_what_is_given_up_holds_up_nobody(self):
        self.failing = {"a-1"}
        first = self._receive("a-1", "A")
        self._receive("a-2", "A")
        for attempt in range(MAX_ATTEMPTS):
            first._write_guarded({"next_attempt_at": self.env.cr.now() - timedelta(seconds=1)})
            self.assertEqual(self._drain()[0], "a-1", attempt)
        self.assertEqual(self.handled[-1][0], "a-2")
        item = self.env["hc.work.item"].search(
            [("res_model", "=", "hc.exchange"), ("res_id", "=", first.id)]
        )
        self.assertEqual(len(item), 1)
        self.failing = set()
        first.with_user(self._create_user("events.operations", "operations")).action_process_again()
        self.assertEqual(self._drain(), ["a-1"])

    @mute_logger(DRAIN, QUIET)
    def test_what_a_killed_process_left_goes_one_by_one_and_is_counted(self):
        events = self._receive("k-1") | self._receive("k-2") | self._receive("k-3")
        (events[0] | events[1]).sudo()._transition("processing")
        batch = events.sudo()._lease_events(lambda *_counts, **_options: 60, 0, 1, 1)
        self.assertEqual((len(batch), batch.attempts), (1, 1))
        self.assertEqual(sorted(self._drain()), ["k-1", "k-2", "k-3"])
        self.assertEqual(set(events.mapped("state")), {"done"})
        killer = self._receive("k-4")
        killer.sudo()._transition("processing")
        killer._write_guarded({"attempts": MAX_ATTEMPTS - 1})
        self.assertEqual(self._drain(), [])
        self.assertEqual(killer.state, "failed")

    def test_a_lost_conflict_is_not_counted_against_an_event(self):
        events = self._receive("c-1") | self._receive("c-2")
        model, run = self.env.registry["hc.exchange"], []

        def lose_first(event, _checkpoint):
            run.append(event.external_id)
            if run == ["c-1"]:
                raise LockError("locked by another process")
            event.sudo()._transition("done")

        self.patch(model, "_process", lose_first)
        batch = events.sudo()._lease_events(lambda *_counts, **_options: 60, 0, 1, 1)
        self.assertEqual(batch._work_events(), 1)
        self.assertEqual(events.mapped("state"), ["received", "done"])
        again = events.sudo()._lease_events(lambda *_counts, **_options: 60, 0, 1, 1)
        self.assertEqual(again._work_events(), 1)
        self.assertEqual(events.mapped("state"), ["done", "done"])
        self.assertEqual(events.mapped("attempts"), [0, 0])

    def test_the_documents_own_action_leaves_events_alone(self):
        event = self._receive("e-own")
        self.assertNotIn(
            event, self.env["hc.exchange"].search(self.env["hc.exchange"]._get_waiting_domain())
        )

    def test_a_batch_takes_one_event_of_a_subject_and_shards_share_the_rest(self):
        for number in range(6):
            self._receive(f"s-{number}", f"S{number}")
            self._receive(f"t-{number}", f"S{number}", sequence=1)
        events = self.env["hc.exchange"].sudo()
        picked = [events._pick_events(shard, 3) for shard in range(3)]
        events = (picked[0] + picked[1] + picked[2]).filtered(
            lambda event: event.source_id == self.source
        )
        names = events.mapped("external_id")
        self.assertEqual(sorted(names), [f"s-{number}" for number in range(6)])

    def test_a_conflict_is_one_work_item_and_changes_nothing(self):
        event = self._receive("e-conflict", body=b'{"a": 1}')
        for body in (b'{"a": 2}', b'{"a": 3}'):
            self.assertEqual(self._receive("e-conflict", body=body), event)
        self.assertEqual(bytes(event.payload_body), b'{"a": 1}')
        items = self.env["hc.work.item"].search([("res_id", "=", event.id)])
        self.assertEqual(len(items.filtered(lambda item: item.res_model == event._name)), 1)

    def test_the_body_is_closed_to_those_who_may_not_see_patients(self):
        event = self._receive("e-closed")
        operations = self._create_user("events.closed", "operations")
        closed = event.with_user(operations)
        self.assertEqual(closed.event_type, "encounter.completed")
        for name in ("payload_body", "payload_text"):
            with self.assertRaises(AccessError):
                closed.read([name])
        for name, value in (("payload_body", b"x"), ("source_id", False), ("subject_key", "x")):
            with self.assertRaises(UserError):
                event.sudo().write({name: value})

    def test_a_secret_that_is_no_key_connects_nothing(self):
        secret = self.env["hc.secret"].create(
            {"name": "Short", "code": "inbound.short", "value": "whsec_***"}
        )
        source = self.env["hc.integration.source"].create(
            {
                "name": "Short",
                "code": "short-secret",
                "user_id": self.source.user_id.id,
                "secret_id": secret.id,
            }
        )
        with self.assertRaisesRegex(UserError, "too short or malformed"):
            source.action_activate()
