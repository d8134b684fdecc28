# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import time

from odoo.tests import tagged

from odoo.addons.hc_revenue_base.tests.http_common import LOCALHOST

from .endpoint_common import EndpointCase


@tagged("post_install", "-at_install")
class TestAiProviderHostile(EndpointCase):
    """Whatever a provider does, the embedded advice stays and a run says why."""

    def _check_fallback(self, suggestion, run, *causes):
        self.assertIn(run.cause, causes)
        self.assertNotIn(run.outcome, ("answered", "cached"))
        self.assertEqual(suggestion.state, "pending")
        self.assertEqual(self._get_latest(suggestion), suggestion)

    def test_servers_that_fail(self):
        cases = {
            "drip": ("timed_out",),
            "endless": ("answer_too_large", "answer_too_long", "timed_out"),
            "noise": ("connection_failed", "answer_invalid"),
            "cut": ("connection_failed", "answer_incomplete", "answer_cut"),
            "status/429": ("busy",),
            "status/500": ("failed",),
            "status/401": ("refused_key",),
            "ok": ("unreadable",),
        }
        for number, (path, causes) in enumerate(cases.items()):
            with self.subTest(path=path):
                self.env["hc.http.host"].search([]).action_end_pause()
                self._use(self._create_provider(path))
                suggestion, _value, _other = self._suggest(900 + number)
                started = time.monotonic()
                run = self._ask(suggestion)
                self.assertLess(time.monotonic() - started, 5)
                self._check_fallback(suggestion, run, *causes)

    def test_answers_that_lie(self):
        suggestion, value, other = self._suggest()
        good = {"value": other, "confidence": 0.9, "reasons": ["usual"]}
        cases = (
            ("schema", good | {"value": "999999"}),
            ("schema", good | {"value": 7}),
            ("schema", good | {"confidence": 3}),
            ("schema", good | {"tool": "approve"}),
            ("schema", {"value": other}),
            ("schema", good | {"reasons": ["x"] * 50}),
            ("unreadable", b"[]"),
            ("unreadable", b"{" * 5000),
            ("unreadable", b'{"choices": [{"message": {"content": null}}]}'),
            (
                "not_json",
                b'{"choices": [{"message": {"content": "Sure! Here"}, "finish_reason": "stop"}]}',
            ),
            (
                "incomplete",
                b'{"choices": [{"message": {"content": "{}"}, "finish_reason": "length"}]}',
            ),
        )
        for number, (cause, answer) in enumerate(cases):
            with self.subTest(number=number, cause=cause):
                self.server.answer = answer
                self._check_fallback(suggestion, self._ask(suggestion), cause)
        # A reason that sends its reader somewhere is dropped; the rest of the answer stands.
        self._tell(other, reasons=["see http://evil.example/x", "usual"])
        run = self._ask(suggestion)
        self.assertEqual(run.effect, "disagrees")
        latest = self._get_latest(suggestion)
        self.assertNotIn("evil", str(latest.reasons))
        self.assertIn(value, [pair[0] for pair in latest.alternatives])

    def test_an_internal_address_is_refused_without_an_allowance(self):
        suggestion, value, _other = self._suggest()
        self._tell(value)
        self.allowance.action_revoke()
        run = self._ask(suggestion)
        self._check_fallback(suggestion, run, "address_refused", "certificate_invalid")
        self.assertEqual(run.outcome, "refused")
        self.assertFalse(self.server.seen)
        self.assertEqual(self.env["hc.http"]._resolver("x", 1), [LOCALHOST])

    def test_a_failing_host_is_left_alone_and_tried_once_later(self):
        self._use(self._create_provider("status/500", cache_days=0))
        suggestion, _value, _other = self._suggest()
        causes = [self._ask(suggestion).cause for _time in range(7)]
        self.assertEqual(causes, ["failed"] * 5 + ["circuit_open"] * 2)
        count = len(self.server.seen)
        self._let_pass(minutes=2)
        self.assertEqual(self._ask(suggestion).cause, "failed")
        self.assertEqual(self._ask(suggestion).cause, "circuit_open")
        self.assertEqual(len(self.server.seen), count + 1)

    def test_an_anthropic_provider_speaks_its_own_format(self):
        self._use(self._create_provider(name="Messages", wire_format="messages"))
        suggestion, value, _other = self._suggest()
        text = f'{{"value": "{value}", "confidence": 0.8, "reasons": []}}'.replace('"', '\\"')
        self.server.answer = (
            f'{{"content": [{{"type": "text", "text": "{text}"}}], "stop_reason": "end_turn",'
            ' "usage": {"input_tokens": 10, "output_tokens": 5}}'
        ).encode()
        run = self._ask(suggestion)
        self.assertEqual((run.outcome, run.effect, run.input_tokens), ("answered", "agrees", 10))
        [(_command, path, headers)] = self.server.seen
        self.assertTrue(path.endswith("/v1/messages"))
        self.assertIn("x-api-key", {name.lower() for name in headers})
