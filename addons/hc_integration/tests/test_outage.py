# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json
import socket
from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import LockError
from odoo.tools import mute_logger

from odoo.addons.hc_revenue_base.tests.http_common import HOST, LOCALHOST, Authority, serving

from ..tools import event_sender
from .outbox_common import EventCase
from .sample_records import create_source

_TYPES = ("work_item.open", "work_item.in_progress")


class TestOutage(EventCase):
    """A receiver is away for a day and comes back: everything arrives once, each record's events
    in order, and nobody is asked any more.
    """

    def _get_own(self, subscription):
        """Deliveries about the items of the test; trouble is an event too."""
        return self._get_deliveries(subscription).filtered(lambda each: each.res_id in self.own)

    def _work_for_a_day(self):
        """Every two hours of a day something happens, and sending is tried."""
        self.own = set()
        for hour in range(0, 24, 2):
            item = self._open_item(f"at {hour}")
            item.action_take()
            self.own.add(item.id)
            if hour >= 6:
                earlier = self.env["hc.work.item"].browse(min(self.own))
                earlier.action_release()
                earlier.action_take()
            self._drain()
            self._let_pass(hours=2)

    def _send_until_done(self, subscription):
        for _turn in range(60):
            self._let_pass(hours=1)
            self._drain()
            if set(self._get_own(subscription).mapped("state")) == {"delivered"}:
                return
        self.fail("not everything was delivered")

    def _assert_each_once_and_in_order(self, bodies, subscription):
        arrived = [json.loads(body) for body in bodies]
        own = [each for each in arrived if int(each["subject"].rpartition("/")[2]) in self.own]
        ids = [each["id"] for each in own]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertEqual(set(ids), set(self._get_own(subscription).mapped("message")))
        by_record = {}
        for each in own:
            by_record.setdefault(each["subject"], []).append(int(each["sequence"]))
        for sequences in by_record.values():
            self.assertEqual(sequences, sorted(sequences))

    def test_a_receiver_that_refuses_for_a_day(self):
        source = create_source(self, "the-orchestrator")
        subscription = self._subscribe(_TYPES, path="health", source_id=source.id)
        self.server.health = 503
        self._work_for_a_day()
        self.assertNotEqual(subscription.endpoint_state, "closed")
        self.assertEqual(source.health, "red")
        down = self._get_items(subscription).filtered(lambda each: each.state == "open")
        self.assertIn(f"event_endpoint_down:{subscription.id}", down.mapped("dedup_key"))
        self.assertNotIn("delivered", self._get_own(subscription).mapped("state"))
        self.server.health = 200
        self.server.bodies.clear()
        self._send_until_done(subscription)
        self._assert_each_once_and_in_order(self.server.bodies, subscription)
        self.env.invalidate_all()
        self.assertEqual(set(down.mapped("state")), {"resolved"})
        self.assertEqual(subscription.endpoint_state, "closed")
        self.assertNotIn("red", source.health)
        self.assertTrue(source.last_success_out_at)

    def test_a_receiver_that_is_gone_for_a_day(self):
        with serving() as first:
            port = first.port
        url = f"http://{HOST}:{port}/ok"
        subscription = self._subscribe(_TYPES, url=url)
        self._work_for_a_day()
        self.assertEqual(
            set(self._get_own(subscription).filtered("attempts").mapped("error")),
            {"connection_failed"},
        )
        with serving(port=port) as again:
            self._send_until_done(subscription)
            self._assert_each_once_and_in_order(again.bodies, subscription)

    def test_a_dead_letter_asks_for_a_person_until_it_is_replayed(self):
        subscription = self._subscribe(_TYPES, path="health")
        self.own = {self._open_item("dies").id}
        self._get_deliveries(subscription)._write_guarded({"attempts": 10})
        self.server.health = 404
        self._drain()
        dead = self._get_items(subscription)
        self.assertEqual((dead.dedup_key, dead.state), (f"event_dead:{subscription.id}", "open"))
        self.server.health = 200
        subscription.with_user(self.operator).action_replay_dead()
        self._send_until_done(subscription)
        self.assertEqual(dead.state, "resolved")

    def test_an_item_that_somebody_holds_does_not_undo_what_was_sent(self):
        subscription = self._subscribe(_TYPES, path="health")
        self.own = {self._open_item("held").id}
        subscription._open_trouble_item("endpoint_down", "status_503")
        items = type(self.env["hc.work.item"])
        with patch.object(items, "_resolve", side_effect=LockError("held")):
            self._drain()
        self.assertEqual(set(self._get_own(subscription).mapped("state")), {"delivered"})
        self.assertEqual(self._get_items(subscription).state, "open")


class TestReceiverBehaves(EventCase):
    """Receivers that change their certificate, say nothing, or say 200 drop by drop."""

    @contextmanager
    def _patience(self, seconds):
        quick = event_sender.Limits(1, seconds, seconds, 1024)
        defaults = {**event_sender.send_all.__kwdefaults__, "limits": quick}
        with patch.object(event_sender.send_all, "__kwdefaults__", defaults):
            yield

    def _trust(self, port, authority, number):
        proposer, approver = (
            self._create_user(f"trust.{name}.{number}", "administrator")
            for name in ("asks", "agrees")
        )
        allowance = self.env["hc.http.allowance"].with_user(proposer)
        made = allowance.create(
            {
                "target": HOST,
                "port": port,
                "ca_certificates": authority.pem,
                "reason": "The receiver's authority",
                "expires_on": "2099-12-31",
            }
        )
        made.with_user(approver).action_approve()
        return made

    def test_a_changed_certificate_is_refused_until_people_agree(self):
        theirs, foreign = Authority(), Authority()
        with serving(theirs.context_for(HOST)) as server:
            port = server.port
            trusted = self._trust(port, theirs, 1)
            subscription = self._subscribe(_TYPES, url=f"https://{HOST}:{port}/ok")
            self._open_item("first")
            self._drain()
            self.assertEqual(self._get_deliveries(subscription).state, "delivered")
        # Renewed by the same authority: nobody notices.
        with serving(theirs.context_for(HOST), port) as server:
            self._open_item("renewed")
            self._drain()
            self.assertEqual(len(server.bodies), 1)
        # By somebody else's: nothing is sent, not a byte of the event.
        with serving(foreign.context_for(HOST), port) as server:
            self._open_item("other")
            self._drain()
            waiting = self._get_deliveries(subscription)[2]
            self.assertEqual((waiting.state, waiting.error), ("pending", "certificate_invalid"))
            self.assertEqual(server.bodies, [])
            trusted.action_revoke()
            self._trust(port, foreign, 2)
            self._let_pass(hours=1)
            self._drain()
            self.assertEqual(waiting.state, "delivered")

    def test_a_receiver_that_says_nothing_is_given_up_for_now(self):
        with socket.create_server((LOCALHOST, 0)) as listener:
            url = f"http://{HOST}:{listener.getsockname()[1]}/ok"
            subscription = self._subscribe(_TYPES, url=url)
            self._open_item("silence")
            with self._patience(0.3):
                self._drain()
        delivery = self._get_deliveries(subscription)
        self.assertEqual((delivery.state, delivery.error), ("pending", "timed_out"))

    def test_a_200_that_drips_holds_nobody_up(self):
        slow = self._subscribe(_TYPES, path="drip", name="Slow")
        quick = self._subscribe(_TYPES, name="Quick")
        self._open_item("dripping")
        with self._patience(0.4):
            self._drain()
        self.assertEqual(self._get_deliveries(quick).state, "delivered")
        delivery = self._get_deliveries(slow)
        self.assertLess(delivery.latency_ms, 5000)
        self.assertEqual((delivery.state, delivery.error), ("pending", "timed_out"))

    def test_plain_http_in_place_of_tls_is_refused(self):
        """The allowance for plain calls is withdrawn: https is not exchanged for http."""
        subscription = self._subscribe(_TYPES)
        self._open_item("downgraded")
        self.allowance.action_revoke()
        with mute_logger("odoo.addons.hc_integration.models.hc_event_delivery_send"):
            self._drain()
        self.assertEqual(self._get_deliveries(subscription)[:1].state, "pending")
        self.assertEqual(self.server.bodies, [])
