# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.tests.http_common import HOST

from ..hc_webhook_core import events
from ..tools import event_sender
from .event_common import START
from .outbox_common import EventCase, keep_going
from .sample_records import create_gateway, create_source

TEMPLATE = '{"to": "{recipient}", "from": "{sender}", "text": "{text}", "ref": "{message_id}"}'


class Killed(BaseException):
    """What a killed process leaves undone; nothing in the code may catch it."""


@tagged("post_install", "-at_install")
class TestMessageGateway(EventCase):
    """Messages go out once by a gateway, and their senders learn what became of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = create_source(cls, "text-gateway")
        cls.messages = cls.env["hc.gateway.message"]

    def _gateway(self, path="ok", **vals):
        url = f"http://{HOST}:{self.server.port}/{path}"
        return create_gateway(
            self.env, self.source, **{"url": url, "body_template": TEMPLATE, **vals}
        )

    def _hand_over(self, *messages, number="texts-1"):
        """A document of messages ``(id, to, text)``, as another module hands it over."""
        rows = [dict(zip(("id", "to", "text"), each, strict=True)) for each in messages]
        return (
            self.env["hc.exchange"]
            ._send(
                "person_message",
                "gateway",
                number,
                json.dumps({"messages": rows}).encode(),
                f"{number}.json",
            )
            .sudo()
        )

    def _run(self, name="send"):
        self.env.flush_all()
        self.env.ref(f"hc_integration.ir_cron_{name}_gateway_messages").method_direct_trigger()
        self.env.invalidate_all()

    def _items(self, gateway):
        return self.env["hc.work.item"].search(
            [("res_model", "=", gateway._name), ("res_id", "=", gateway.id)]
        )

    def _report(self, reference, status, **data):
        exchange = (
            self.env["hc.exchange"]
            .with_user(self.source.user_id)
            ._enter_event(
                self.source,
                events.find("message.status", 1),
                {"message_reference": reference, "status": status, **data},
                START,
            )
            .sudo()
        )
        exchange._process_safely(lambda _done, _left: True)
        self.env.invalidate_all()
        return exchange

    def test_a_message_is_sent_once_and_its_document_ends(self):
        self._gateway(sender="Clinic")
        exchange = self._hand_over((1, "+1 555 0100", 'You said "hello" {text}\n'))
        self._run()
        self._run()
        self.assertEqual(len(self.server.seen), 1)
        method, path, headers = self.server.seen[0]
        self.assertEqual((method, path), ("POST", "/ok"))
        self.assertEqual(
            json.loads(self.server.bodies[0]),
            {
                "to": "+1 555 0100",
                "from": "Clinic",
                "text": 'You said "hello" {text}\n',
                "ref": f"message-{exchange.gateway_message_ids.id}",
            },
        )
        self.assertTrue(headers["Idempotency-Key"].endswith(f"-{exchange.gateway_message_ids.id}"))
        self.assertTrue(headers["Authorization"].startswith("Bearer whsec_"))
        self.assertEqual(exchange.gateway_message_ids.state, "sent")
        self.assertEqual(exchange.state, "done")

    def test_the_gateways_id_is_kept_and_its_event_settles_the_message(self):
        self._gateway(path="json/SM-1")
        exchange = self._hand_over((1, "555-0100", "Hi"))
        self._run()
        exchange.gateway_id.url = f"http://{HOST}:{self.server.port}/json/SM-2"
        exchange |= self._hand_over((2, "555-0101", "Hi"), number="texts-2")
        self._run()
        first, second = exchange.gateway_message_ids.sorted("reference")
        self.assertEqual(first.gateway_reference, "SM-1")
        self._report("SM-1", "delivered")
        self._report(f"message-{second.id}", "failed", reason_code="30003")
        self.assertEqual((first | second).mapped("state"), ["delivered", "failed"])
        self.assertEqual(second.reason_code, "30003")

    def test_basic_and_header_and_form_are_what_gateways_ask_for(self):
        gateway = self._gateway(auth="basic", auth_user="AC1", body_format="form")
        self._hand_over((1, "555-0100", "a & b"))
        self._run()
        self.assertIn(b"text=a+%26+b", self.server.bodies[0])
        self.assertTrue(self.server.seen[0][2]["Authorization"].startswith("Basic "))
        gateway.write({"auth": "header", "auth_header": "X-Key"})
        self._hand_over((2, "555-0100", "b"), number="texts-2")
        self._run()
        self.assertIn("X-Key", self.server.seen[1][2])

    def test_a_number_that_the_gateway_refuses_fails_at_once(self):
        self._gateway(path="refuse/21211", knows_repetitions=True)
        exchange = self._hand_over((1, "555-0100", "Hi"), (2, "", "Hi"), (3, "Jane", "Hi"))
        self._run()
        messages = exchange.gateway_message_ids.sorted("reference")
        self.assertEqual(messages.mapped("state"), ["failed"] * 3)
        self.assertEqual(
            messages.mapped("reason_code"), ["21211", "recipient_missing", "recipient_invalid"]
        )
        self.assertEqual(len(self.server.seen), 1)
        self.assertEqual(exchange.state, "done")

    def test_an_opt_out_that_the_gateway_knows_stops_what_waits_for_the_number(self):
        self._gateway(path="refuse/21610", status_system="twilio_message")
        exchange = self._hand_over((1, "+1 555 010 0100", "Hi"))
        later = self._hand_over((2, "(555) 010-0100", "Hi"), (3, "555 010 0199", "x"), number="b")
        self.env["hc.exchange"]._give_to_gateways(keep_going)
        later.gateway_message_ids._write_guarded(
            {"not_before": self.env.cr.now() + timedelta(minutes=5)}
        )
        self._run()
        self.assertEqual(exchange.gateway_message_ids.state, "opted_out")
        states = later.gateway_message_ids.sorted("reference").mapped("state")
        self.assertEqual(states, ["cancelled", "pending"])

    def test_a_reply_of_stop_stops_what_waits_for_the_number(self):
        self._gateway()
        sent = self._hand_over((1, "555 010 0100", "Hi"))
        self._run()
        later = self._hand_over((2, "+1 555-010-0100", "Hi"), number="b")
        self.env["hc.exchange"]._give_to_gateways(keep_going)
        self._report(f"message-{sent.gateway_message_ids.id}", "opted_out")
        self.assertEqual(sent.gateway_message_ids.state, "opted_out")
        self.assertEqual(later.gateway_message_ids.state, "cancelled")

    def test_retry_after_is_kept_to_and_the_rest_waits(self):
        gateway = self._gateway(path="status/429/600")
        exchange = self._hand_over((1, "555-0100", "Hi"))
        before = self.env.cr.now()
        self._run()
        message = exchange.gateway_message_ids
        self.assertEqual((message.state, message.status), ("pending", 429))
        self.assertGreaterEqual(message.not_before, before + timedelta(seconds=599))
        self._run()
        self.assertEqual(len(self.server.seen), 1)
        gateway.url = f"http://{HOST}:{self.server.port}/ok"
        self._let_pass(minutes=40)
        self._run()
        self.assertEqual(message.state, "sent")

    def test_nobody_knows_whether_it_was_taken(self):
        for knows, path, state in (
            (False, "status/500", "uncertain"),
            (False, "cut", "uncertain"),
            (False, "noise", "uncertain"),
            (True, "status/500", "pending"),
            (False, "status/503", "pending"),
            (False, "status/401", "pending"),
        ):
            with self.subTest(path=path, knows=knows):
                gateway = self._gateway(path=path, knows_repetitions=knows)
                exchange = self._hand_over((1, "555-0100", "Hi"), number=f"{path}{knows}")
                self._run()
                self.assertEqual(exchange.gateway_message_ids.state, state)
                gateway.active = False
                self.env.flush_all()
                self.env["hc.http.host"].search([]).action_end_pause()

    def test_a_gateway_that_cannot_be_reached_has_taken_nothing(self):
        self._gateway(url="http://127.0.0.1:9/")
        exchange = self._hand_over((1, "555-0100", "Hi"))
        self._run()
        self.assertEqual(exchange.gateway_message_ids.state, "pending")

    def _kill_after_sending(self, **vals):
        """A process that dies when the gateway has the message and nobody wrote that down."""
        gateway = self._gateway(**vals)
        exchange = self._hand_over((1, "555-0100", "Hi"))
        self.env["hc.exchange"]._give_to_gateways(keep_going)
        batch, owner = self.messages._lease_next(keep_going)
        send_all = event_sender.send_all

        def kill(*args, **options):
            send_all(*args, **options)
            raise Killed

        with (
            patch.object(event_sender, "send_all", kill),
            self.assertRaises(Killed),
            self.env.cr.savepoint(),
        ):
            batch._send_leased(owner)
        self.env.invalidate_all()
        self.assertEqual((batch.state, len(self.server.seen)), ("sending", 1))
        self._let_pass(minutes=2)
        self._run()
        return gateway, exchange.gateway_message_ids

    def test_killed_after_sending_repeats_under_the_same_key_where_that_is_safe(self):
        _gateway, message = self._kill_after_sending(knows_repetitions=True)
        keys = {headers["Idempotency-Key"] for _method, _path, headers in self.server.seen}
        self.assertEqual((len(self.server.seen), len(keys)), (2, 1))
        self.assertEqual(message.state, "sent")

    def test_killed_after_sending_asks_a_person_where_repeating_is_not_safe(self):
        gateway, message = self._kill_after_sending()
        self.assertEqual(len(self.server.seen), 1)
        self.assertEqual(message.state, "uncertain")
        self.assertEqual(message.exchange_id.state, "processing")
        self.assertTrue(self._items(gateway))
        with self.assertRaises(AccessError):
            message.with_user(self.clerk).action_note_sent()
        message.with_user(self.operator).action_note_sent()
        self._run()
        self.assertEqual((message.state, message.exchange_id.state), ("sent", "done"))

    def test_what_waited_too_long_is_not_sent_late(self):
        gateway = self._gateway(path="status/503", patience_minutes=5)
        exchange = self._hand_over((1, "555-0100", "Hi"))
        self._run()
        self._let_pass(minutes=6)
        gateway.url = f"http://{HOST}:{self.server.port}/ok"
        self._run()
        message = exchange.gateway_message_ids
        self.assertEqual((message.state, message.reason_code), ("failed", "too_late"))
        self.assertEqual(len(self.server.seen), 1)
        self.assertTrue(self._items(gateway))

    def _hand_over_until(self, **duration):
        """A message that may be sent so long from now, as its sender says."""
        end = self.env.cr.now().replace(microsecond=0) + timedelta(**duration)
        rows = [{"id": 1, "to": "555-0100", "text": "Hi", "not_after": f"{end.isoformat()}Z"}]
        document = json.dumps({"messages": rows}).encode()
        exchange = self.env["hc.exchange"]._send("person_message", "g", "until", document, "u.json")
        return exchange.sudo()

    def test_a_message_ends_when_its_sender_says_whatever_the_patience(self):
        gateway = self._gateway(path="status/503", patience_minutes=600)
        exchange = self._hand_over_until(minutes=30)
        self._run()
        message = exchange.gateway_message_ids
        self.assertEqual(message.state, "pending")
        self._let_pass(minutes=31)
        gateway.url = f"http://{HOST}:{self.server.port}/ok"
        self._run()
        self.assertEqual((message.state, message.reason_code), ("failed", "too_late"))
        self.assertEqual(len(self.server.seen), 1)

    def test_sending_again_does_not_go_beyond_the_end_either(self):
        gateway = self._gateway(path="cut", patience_minutes=600, knows_repetitions=False)
        exchange = self._hand_over_until(minutes=30)
        self.env["hc.exchange"]._give_to_gateways(keep_going)
        message = exchange.gateway_message_ids
        message._lease("somebody")
        message._leave_uncertain("no_answer")
        self._let_pass(minutes=31)
        gateway.url = f"http://{HOST}:{self.server.port}/ok"
        message.with_user(self.operator).action_send_again()
        self._run()
        self.assertEqual((message.state, message.reason_code), ("failed", "too_late"))
        self.assertFalse(self.server.seen)

    def test_the_end_is_looked_at_once_more_before_sending(self):
        self._gateway(patience_minutes=600)
        exchange = self._hand_over_until(minutes=30)
        self.env["hc.exchange"]._give_to_gateways(keep_going)
        message = exchange.gateway_message_ids
        message._lease("me")
        self._let_pass(minutes=31)
        self.assertEqual(message._send_leased("me"), 0)
        self.assertEqual((message.state, message.reason_code), ("failed", "too_late"))
        self.assertFalse(self.server.seen)

    def test_an_e_mail_that_odoos_queue_still_holds_ends_too(self):
        self._gateway(kind="mail", patience_minutes=5)
        exchange = self._hand_over((1, "jane@example.com", "Hi"))
        self._run()
        message = exchange.gateway_message_ids
        mail = message.mail_id.sudo()
        self.assertEqual((message.state, mail.state), ("sending", "outgoing"))
        self._let_pass(minutes=6)
        self._run()
        self.assertEqual((message.state, message.reason_code), ("failed", "too_late"))
        self.assertEqual(mail.state, "cancel")

    def test_what_was_taken_back_is_not_sent(self):
        self._gateway()
        exchange = self._hand_over((1, "555-0100", "Hi"))
        self.env["hc.exchange"]._give_to_gateways(keep_going)
        exchange._transition("failed")
        self._run()
        self.assertEqual(exchange.gateway_message_ids.state, "cancelled")
        self.assertFalse(self.server.seen)

    def test_pausing_observing_and_the_kill_switch_send_nothing(self):
        self._gateway()
        exchange = self._hand_over((1, "555-0100", "Hi"))
        automation = self.env.ref("hc_integration.hc_automation_send_gateway_messages")
        self.source.action_pause()
        self._run()
        self.source.action_activate()
        for mode in ("observe", "off"):
            automation._set_mode(mode, "tested")
            self._run()
        self.assertFalse(self.server.seen)
        automation._set_mode("on", "tested")
        self._run()
        self.assertEqual(exchange.gateway_message_ids.state, "sent")

    def test_a_document_that_is_none_waits_for_a_person(self):
        gateway = self._gateway()
        exchange = (
            self.env["hc.exchange"]._send("person_message", "g", "bad", b"[]", "bad.json").sudo()
        )
        self._run()
        self._run()
        self.assertEqual((exchange.state, bool(exchange.error)), ("processing", True))
        self.assertEqual(len(self._items(gateway)), 1)

    def test_statuses_are_asked_for_and_only_of_the_same_host(self):
        root = f"http://{HOST}:{self.server.port}"
        vals = {"status_way": "poll", "status_url": f"{root}/told/{{gateway_id}}"}
        gateway = self._gateway(path="json/SM-1", **vals)
        exchange = self._hand_over((1, "555-0100", "Hi"))
        self._run()
        self._run("poll")
        self.assertEqual(self.server.seen[-1][:2], ("GET", "/told/SM-1"))
        self.assertEqual(exchange.gateway_message_ids.state, "delivered")
        with self.assertRaisesRegex(ValidationError, "of the host"):
            gateway.status_url = "https://elsewhere.test/{gateway_id}"

    def test_e_mails_go_by_odoos_queue(self):
        self._gateway(kind="mail")
        exchange = self._hand_over((1, "jane@example.com", "Hi <b>"), (2, "no address", "Hi"))
        self._run()
        first, second = exchange.gateway_message_ids.sorted("reference")
        self.assertEqual((first.state, second.state), ("sending", "failed"))
        mail = first.mail_id.sudo()
        self.assertEqual(mail.email_to, "jane@example.com")
        self.assertIn("Hi &lt;b&gt;", mail.body_html)
        mail.write({"state": "sent"})
        self._run()
        self.assertEqual((first.state, mail.exists().ids), ("sent", []))
        self.assertEqual(exchange.state, "done")

    def test_recipient_and_text_are_shown_to_those_who_see_patients_only(self):
        self._gateway(path="status/422")
        exchange = self._hand_over((1, "555-0177", "Secret words"))
        with self.assertLogs(level="DEBUG") as logs:
            self._run()
        self.assertNotIn("0177", "\n".join(logs.output))
        message = exchange.gateway_message_ids
        self.assertNotIn(
            "0177",
            json.dumps(message.read()[0], default=str)
            .replace(json.dumps(message.recipient), "")
            .replace(json.dumps(message.text), ""),
        )
        with self.assertRaises(AccessError):
            message.with_user(self.operator).read(["recipient"])
        self.assertNotIn("recipient", message.with_user(self.operator).read()[0])

    def test_a_gateway_is_complete_or_none(self):
        for vals, why in (
            ({"secret_id": False}, "secret"),
            ({"url": "ftp://x.test"}, "https"),
            ({"url": "https://user:pass@x.test"}, "credentials"),
            ({"body_template": "{}"}, "no JSON object"),
            ({"body_template": '{"a": "{recipient}"}'}, "stands nowhere"),
            ({"body_template": '{"a": "{recipient.env} {text}"}'}, "no placeholder"),
            ({"body_template": '{"a": "{recipient} {text} {0}"}'}, "no placeholder"),
            ({"auth": "basic", "auth_user": "a:b"}, "colon"),
            ({"auth": "header", "auth_header": "Bad\nName"}, "header"),
            ({"reference_path": "a..b"}, "no path"),
        ):
            with (
                self.subTest(why=why),
                self.assertRaisesRegex((ValidationError, UserError), why),
                self.env.cr.savepoint(),
            ):
                self._gateway(**vals)

    def test_nobody_else_changes_where_messages_go(self):
        gateway = self._gateway()
        for user in (self.operator, self.clerk):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                gateway.with_user(user).url = "https://elsewhere.test"
        exchange = self._hand_over((1, "555-0100", "Hi"))
        self._run()
        with self.assertRaises(AccessError):
            exchange.gateway_message_ids.with_user(self.administrator).write({"state": "failed"})

    def test_a_copy_of_the_database_sends_nothing(self):
        self._gateway()
        self._hand_over((1, "555-0100", "Hi"))
        self.env["ir.config_parameter"].set_param("database.is_neutralized", True)
        self._run()
        self.assertFalse(self.server.seen)
