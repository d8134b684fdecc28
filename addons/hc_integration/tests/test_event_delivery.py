# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json
from datetime import timedelta
from unittest.mock import patch

from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import mute_logger

from odoo.addons.hc_revenue_base.tests.http_common import HOST, serving

from ..hc_webhook_core.signing import sign
from ..models import hc_event_delivery_drain
from ..tools import event_sender
from .outbox_common import SECRET, EventCase

_DRAIN = "odoo.addons.hc_integration.models.hc_event_delivery_drain"


class TestEventDelivery(EventCase):
    """Deliveries against a receiver of this machine: nothing of the way is replaced."""

    def _get_arrived(self):
        return [json.loads(body)["id"] for body in self.server.bodies]

    def test_what_arrives_is_signed_and_says_who_it_is(self):
        subscription = self._subscribe(("work_item.open",))
        item = self._open_item("arrives")
        self._drain()
        delivery = self._get_deliveries(subscription)
        self.assertEqual(
            (delivery.state, delivery.status, delivery.attempts), ("delivered", 200, 1)
        )
        method, _path, headers = self.server.seen[0]
        body = self.server.bodies[0]
        self.assertEqual(method, "POST")
        self.assertEqual(headers["Content-Type"], "application/cloudevents+json")
        self.assertEqual(headers["webhook-id"], delivery.message)
        expected = sign(SECRET, delivery.message, int(headers["webhook-timestamp"]), body)
        self.assertEqual(headers["webhook-signature"], expected)
        content = json.loads(body)
        self.assertEqual(content["type"], "hc.work_item.open.v1")
        self.assertEqual(content["subject"], f"hc.work.item/{item.id}")
        call = self.env["hc.http.call"].search([("purpose", "=", "event_delivery")], limit=1)
        self.assertEqual((call.host, call.status, call.request_bytes), (HOST, 200, len(body)))

    def test_while_a_secret_is_changed_both_values_sign(self):
        subscription = self._subscribe()
        subscription.secret_id.value = "the new one"
        self._open_item("rotated")
        self._drain()
        headers = self.server.seen[0][2]
        arguments = headers["webhook-id"], int(headers["webhook-timestamp"]), self.server.bodies[0]
        self.assertEqual(
            headers["webhook-signature"].split(),
            [sign("the new one", *arguments), sign(SECRET, *arguments)],
        )

    def test_extra_headers_carry_their_secrets(self):
        key = self.env["hc.secret"].create({"name": "K", "code": "key", "value": "open sesame"})
        header = {"name": "Authorization", "prefix": "Bearer", "secret_id": key.id}
        self._subscribe(header_ids=[(0, 0, header)])
        self._open_item("with key")
        self._drain()
        self.assertEqual(self.server.seen[0][2]["Authorization"], "Bearer open sesame")

    def test_events_of_one_record_arrive_in_order_and_wait_for_each_other(self):
        subscription = self._subscribe(path="health")
        item = self._open_item("ordered")
        item.action_take()
        item.action_release()
        self._open_item("bystander")
        self.server.health = 503
        self._drain()
        first, second, third, bystander = self._get_deliveries(subscription)
        self.assertEqual((first.attempts, second.attempts, third.attempts), (1, 0, 0))
        self.assertEqual(bystander.attempts, 1)
        self.server.health = 200
        self.server.bodies.clear()
        self._let_pass(minutes=5)
        self._drain()
        arrived = self._get_arrived()
        own = [each.message for each in (first, second, third)]
        self.assertEqual([each for each in arrived if each in own], own)
        self.assertEqual(set(self._get_deliveries(subscription).mapped("state")), {"delivered"})

    def test_a_dead_letter_lets_the_next_one_pass(self):
        subscription = self._subscribe(path="health")
        item = self._open_item("dies")
        item.action_take()
        first, second = self._get_deliveries(subscription)
        first._write_guarded({"attempts": 10})
        self.server.health = 404
        self._drain()
        self.assertEqual((first.state, second.state), ("dead", "pending"))
        self.assertEqual(second.attempts, 1)

    def test_failures_wait_longer_and_end_with_a_person(self):
        subscription = self._subscribe(path="status/404")
        self._open_item("fails")
        delivery = self._get_deliveries(subscription)
        for attempt, wait_seconds in enumerate((5, 30, 120, 600), 1):
            self._drain()
            wait = (delivery.not_before - self.env.cr.now()).total_seconds()
            self.assertEqual((delivery.state, delivery.attempts), ("pending", attempt))
            self.assertTrue(wait_seconds - 1 <= wait <= wait_seconds * 1.2 + 1, wait)
            self._let_pass(seconds=wait + 1)
        delivery._write_guarded({"attempts": 10})
        self._drain()
        self.assertEqual((delivery.state, delivery.status), ("dead", 404))
        self.assertEqual(delivery.error, "status_404")
        self.assertEqual(delivery.response_head, "no")
        self.assertEqual(self._get_items(subscription).kind, "delivery_failed")

    def test_retry_after_is_heeded_and_stops_the_endpoint(self):
        subscription = self._subscribe(path="status/429/600")
        self._open_item("slower")
        self._open_item("behind")
        with (
            patch.object(event_sender, "THREADS", 1),
            patch.object(event_sender, "FAILURES_IN_A_ROW", 1),
        ):
            self._drain()
        first, second = self._get_deliveries(subscription)
        self.assertGreaterEqual(first.not_before, self.env.cr.now() + timedelta(seconds=599))
        self.assertEqual((second.state, second.attempts), ("pending", 0))
        self.assertEqual(subscription.endpoint_state, "open")

    def test_410_ends_the_subscription(self):
        subscription = self._subscribe(path="status/410")
        self._open_item("gone")
        with patch.object(event_sender, "THREADS", 1):
            self._drain()
        self.assertEqual(subscription.state, "disabled")
        self.assertEqual(self._get_deliveries(subscription)[:1].state, "dead")
        self.assertTrue(self._get_items(subscription).filtered(lambda i: "410" in i.description))
        before = len(self._get_deliveries(subscription))
        self._open_item("after")
        self.assertEqual(len(self._get_deliveries(subscription)), before)

    def test_a_redirect_is_a_failure_and_is_not_followed(self):
        self.server.locations["away"] = f"http://{HOST}:{self.server.port}/ok"
        subscription = self._subscribe(path="redirect/away")
        self._open_item("redirected")
        self._drain()
        self.assertEqual(self._get_deliveries(subscription).status, 302)
        self.assertEqual(len(self.server.seen), 1)

    def test_a_failing_endpoint_is_left_alone_and_tried_with_one_event(self):
        subscription = self._subscribe(path="health")
        for number in range(12):
            self._open_item(f"left alone {number}")
        self.server.health = 500
        self._drain()
        tried = len(self.server.seen)
        self.assertTrue(5 <= tried < 13, tried)
        self.assertEqual(subscription.endpoint_state, "open")
        self._let_pass(seconds=20)
        self._drain()
        self.assertEqual(len(self.server.seen), tried)
        self._let_pass(seconds=60)
        self._drain()
        self.assertEqual(len(self.server.seen), tried + 1)
        self.server.health = 200
        self._let_pass(hours=2)
        self._drain()
        self.env.invalidate_all()
        self.assertEqual(subscription.endpoint_state, "closed")
        self.assertEqual(set(self._get_deliveries(subscription).mapped("state")), {"delivered"})

    def test_one_failing_endpoint_does_not_stop_another(self):
        bad = self._subscribe(path="status/500", name="Bad")
        good = self._subscribe(name="Good")
        for number in range(8):
            self._open_item(f"both {number}")
        self._drain()
        self.assertEqual(set(self._get_deliveries(good).mapped("state")), {"delivered"})
        self.assertEqual(set(self._get_deliveries(bad).mapped("state")), {"pending"})
        subscription = good.with_user(self.operator)
        self.assertEqual((subscription.delivered_count, subscription.success_rate), (8, 100.0))
        self.assertEqual(bad.backlog_count, 8)

    def test_a_process_that_died_leaves_what_another_sends_again(self):
        subscription = self._subscribe()
        self._open_item("abandoned")
        delivery = self._get_deliveries(subscription)
        delivery._lease("a process that is gone")
        self._drain()
        self.assertEqual((delivery.state, self.server.seen), ("sending", []))
        self._let_pass(seconds=hc_event_delivery_drain.LEASE_SECONDS + 1)
        with mute_logger(_DRAIN):
            self._drain()
        self.assertEqual((delivery.state, delivery.attempts), ("delivered", 1))

    def test_replay_sends_the_same_bytes_under_the_same_id(self):
        subscription = self._subscribe()
        self._open_item("again")
        self._drain()
        self._get_deliveries(subscription).with_user(self.operator).action_replay()
        self._drain()
        self.assertEqual(len(self.server.bodies), 2)
        self.assertEqual(self.server.bodies[0], self.server.bodies[1])

    def test_replay_and_cancel_of_a_whole_subscription(self):
        subscription = self._subscribe(path="health")
        for number in range(3):
            self._open_item(f"many {number}")
        self._get_deliveries(subscription)._write_guarded({"attempts": 10})
        self.server.health = 404
        self._drain()
        # The work item that the dead letters ask for is an event itself.
        self.assertEqual((subscription.dead_count, subscription.backlog_count), (3, 1))
        self.server.health = 200
        subscription.with_user(self.operator).action_replay_dead()
        self._let_pass(minutes=1)
        self._drain()
        self.assertEqual(set(self._get_deliveries(subscription).mapped("state")), {"delivered"})
        subscription.action_pause()
        self._open_item("given up")
        subscription.with_user(self.operator).action_cancel_waiting()
        self.assertEqual(self._get_deliveries(subscription)[-1].state, "cancelled")

    def test_a_secret_without_value_sends_nothing_unsigned(self):
        subscription = self._subscribe()
        self._open_item("unsigned")
        subscription.secret_id.sudo().value_ids.unlink()
        with mute_logger("odoo.addons.hc_integration.models.hc_event_delivery_send"):
            self._drain()
        delivery = self._get_deliveries(subscription)[:1]
        self.assertEqual((delivery.state, delivery.error), ("pending", "secret_missing"))
        self.assertEqual(self.server.seen, [])
        self.assertIn("secret", self._get_items(subscription).description)

    def test_a_private_address_is_refused_and_a_person_is_told(self):
        subscription = self._subscribe()
        self._open_item("inside")
        self.allowance.action_revoke()
        self._drain()
        delivery = self._get_deliveries(subscription)[:1]
        self.assertEqual((delivery.error, delivery.attempts), ("address_refused", 1))
        self.assertEqual(self.server.seen, [])
        self.assertTrue(self._get_items(subscription))

    def test_a_receiver_that_answers_too_slowly_is_a_failure(self):
        subscription = self._subscribe(path="dripping")
        self._open_item("slow")
        quick = event_sender.Limits(1, 0.3, 0.3, 1024)
        defaults = {**event_sender.send_all.__kwdefaults__, "limits": quick}
        with patch.object(event_sender.send_all, "__kwdefaults__", defaults):
            self._drain()
        self.assertEqual(self._get_deliveries(subscription).error, "timed_out")

    def test_a_neutralized_copy_and_an_observed_run_send_nothing(self):
        subscription = self._subscribe()
        self._open_item("quiet")
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("database.is_neutralized", True)
        self.env.ref("hc_integration.ir_cron_drain_events_1").method_direct_trigger()
        self.assertEqual(self._get_deliveries(subscription).state, "pending")
        parameters.set_param("database.is_neutralized", False)
        self.env.ref("hc_integration.ir_cron_drain_events_1").method_direct_trigger()
        self.assertEqual(self._get_deliveries(subscription).state, "delivered")

    def test_a_neutralized_copy_has_no_subscription_that_sends(self):
        subscription = self._subscribe()
        self._open_item("copied")
        self.env.flush_all()
        for query in get_neutralization_queries(["hc_integration"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertEqual(subscription.state, "disabled")
        self.assertEqual(self._get_deliveries(subscription).state, "cancelled")

    def test_a_commit_wakes_one_drain(self):
        self._subscribe()
        triggers = self.env["ir.cron.trigger"].sudo()
        cron = self.env.ref("hc_integration.ir_cron_drain_events_1")
        known = triggers.search([("cron_id", "=", cron.id)])
        self._open_item("wakes")
        self._open_item("wakes no second time")
        self.env.cr.precommit.run()
        self.assertEqual(len(triggers.search([("cron_id", "=", cron.id)]) - known), 1)

    def test_the_test_event_is_signed_and_its_result_is_shown(self):
        subscription = self._subscribe(path="health").with_user(self.operator)
        self.assertEqual(subscription.action_ping()["params"]["type"], "success")
        content = json.loads(self.server.bodies[0])
        self.assertEqual(content["type"], "hc.ping.v1")
        headers = self.server.seen[0][2]
        arguments = headers["webhook-id"], int(headers["webhook-timestamp"]), self.server.bodies[0]
        self.assertEqual(headers["webhook-signature"], sign(SECRET, *arguments))
        self.server.health = 500
        self.assertEqual(subscription.action_ping()["params"]["type"], "danger")
        self.assertIn("500", subscription.last_ping_result)

    def test_deliveries_are_forgotten_after_some_weeks_dead_letters_are_not(self):
        subscription = self._subscribe()
        self._open_item("old")
        self._drain()
        self._let_pass(days=31)
        self.deliveries._gc_finished()
        self.env.invalidate_all()
        self.assertFalse(self._get_deliveries(subscription))


class TestSession(EventCase):
    """The connections that a batch keeps."""

    def test_connections_are_kept_for_a_batch_and_no_longer(self):
        with serving() as server:
            accepted = []
            get_request = server.get_request
            server.get_request = lambda: accepted.append(1) or get_request()
            subscription = self._subscribe(
                name="Kept", url=f"http://{HOST}:{server.port}/ok", types=("work_item.open",)
            )
            for number in range(60):
                self._open_item(f"kept {number}")
            self._drain()
            self.assertEqual(len(server.seen), 60)
            self.assertLessEqual(len(accepted), event_sender.THREADS)
            self._open_item("another batch")
            before = len(accepted)
            self._drain()
            self.assertEqual(len(accepted), before + 1)
        self.assertEqual(set(self._get_deliveries(subscription).mapped("state")), {"delivered"})
