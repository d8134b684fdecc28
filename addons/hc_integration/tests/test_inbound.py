# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib
from datetime import timedelta

from odoo.tests import tagged

from .inbound_common import SECRET, InboundCase, event_body
from .sample_records import create_source

OTHER_SECRET = "whsec_YW5vdGhlci1zZWNyZXQtb2YtdGVzdHM="


@tagged("post_install", "-at_install")
class TestInbound(InboundCase):
    """A message is verified, stored as it came, answered; each id has one row."""

    def _assert_problem(self, response, status, code):
        self.assertEqual((response.status_code, response.json()["code"]), (status, code))
        self.assertEqual(response.headers["Content-Type"], "application/problem+json")
        self.assertNotIn("Set-Cookie", response.headers)

    def test_a_new_message_is_stored_as_it_came(self):
        body = event_body("m-new", {"note": "Zoë"}, subject="V-1", sequence=4)
        response = self._send("m-new", body)
        self.assertEqual(response.status_code, 202)
        message = self._find("m-new")
        self.assertEqual(response.json(), {"id": message.id, "state": "received"})
        self.assertEqual(message.source_id, self.source)
        self.assertEqual(message.create_uid, self.source.user_id)
        self.assertEqual(message.company_id, self.source.company_id)
        self.assertEqual((message.event_type, message.event_version), ("encounter.completed", 1))
        self.assertEqual((message.subject_key, message.sequence_number), ("V-1", 4))
        self.assertEqual(str(message.occurred_at), "2026-05-04 10:00:00")
        self.assertEqual(bytes(message.payload_body), body)
        self.assertEqual(message.checksum, hashlib.sha256(body).hexdigest())
        self.assertEqual(message.payload_text, body.decode())
        entry = self.env["hc.transition"].search(
            [("res_model", "=", "hc.exchange"), ("res_id", "=", message.id)]
        )
        self.assertEqual(entry.mapped("kind"), ["creation"])
        self.assertEqual(entry.actor_id, self.source.user_id)
        self.assertEqual(entry.facts, {"event": "encounter.completed.v1"})

    def test_a_repeated_message_gets_the_first_answer(self):
        first = self._send("m-again")
        again = self._send("m-again")
        self.assertEqual((first.status_code, again.status_code), (202, 200))
        self.assertEqual(again.json()["id"], first.json()["id"])
        message = self._find("m-again").sudo()
        message._transition("processing")
        self._assert_problem(self._send("m-again"), 409, "in_progress")
        message._transition("done")
        message._write_guarded({"event_result": {"case": 7}})
        expected = {"id": message.id, "state": "done", "result": {"case": 7}}
        self.assertEqual(self._send("m-again").json(), expected)

    def test_other_content_under_the_same_id_is_a_conflict(self):
        first = self._send("m-conflict").json()["id"]
        for number in range(3):
            response = self._send("m-conflict", event_body("m-conflict", {"n": number}))
            self._assert_problem(response, 422, "id_conflict")
            self.assertEqual(response.json()["id"], first)
        item = self.env["hc.work.item"].search(
            [("res_model", "=", "hc.exchange"), ("res_id", "=", first)]
        )
        self.assertEqual(item.mapped("kind"), ["import_conflict"])

    def test_from_outside_all_refusals_of_proof_look_the_same(self):
        draft = self.env["hc.integration.source"].create({"name": "D", "code": "a-draft"})
        retired = create_source(self, "a-retired")
        retired.action_retire()
        user_gone = create_source(self, "user-gone")
        user_gone.user_id.active = False
        answers = [
            self._send("m-1", source="nobody-at-all"),
            self._send("m-1", source=draft.code),
            self._send("m-1", source=retired.code),
            self._send("m-1", source=user_gone.code),
            self._send("m-1", secret=OTHER_SECRET),
            self._send("m-1", webhook_signature="v1,x"),
            self._send("m-1", webhook_timestamp="1"),
        ]
        self.assertEqual({answer.status_code for answer in answers}, {401})
        self.assertEqual(len({answer.text for answer in answers}), 1)
        self.assertEqual(len({tuple(sorted(answer.headers)) for answer in answers}), 1)
        self.assertFalse(self._find("m-1"))

    def test_a_paused_source_tells_those_who_prove_who_they_are(self):
        self.source.action_pause()
        response = self._send("m-paused")
        self._assert_problem(response, 503, "source_paused")
        self.assertTrue(response.headers["Retry-After"].isdecimal())
        self._assert_problem(self._send("m-paused", secret=OTHER_SECRET), 401, "not_authenticated")
        self.source.action_activate()
        self.assertEqual(self._send("m-paused").status_code, 202)

    def test_a_secret_is_rotated_without_a_gap_and_ended_at_once(self):
        secret = self.source.secret_id
        self.assertEqual(self._send("m-r1").status_code, 202)
        secret.value = OTHER_SECRET
        self.assertEqual(self._send("m-r2").status_code, 202)
        self.assertEqual(self._send("m-r3", secret=OTHER_SECRET).status_code, 202)
        secret.action_end_previous()
        self._assert_problem(self._send("m-r4"), 401, "not_authenticated")
        self.assertEqual(self._send("m-r5", secret=OTHER_SECRET).status_code, 202)

    def test_who_sends_too_fast_waits_and_others_do_not(self):
        # Of its own: the process still holds tokens of a source that sent a moment ago.
        fast = create_source(self, "fast-system")
        fast.rate_per_minute = 1
        self.assertEqual(self._send("m-fast1", source=fast.code).status_code, 202)
        answer = self._send("m-fast2", source=fast.code)
        self._assert_problem(answer, 429, "rate_exceeded")
        self.assertLessEqual(int(answer.headers["Retry-After"]), 60)
        self.assertEqual(self._send("m-other").status_code, 202)

    def test_a_source_sends_what_it_may(self):
        self.source.allowed_event_types = "payment.* claim.status"
        self._assert_problem(self._send("m-type"), 403, "event_type_not_allowed")
        self.source.allowed_event_types = False
        self._assert_problem(self._send("m-type"), 403, "event_type_not_allowed")
        self.source.allowed_event_types = "encounter.*"
        self.assertEqual(self._send("m-type").status_code, 202)

    def test_a_bad_body_is_refused_and_not_stored(self):
        for body, status, code in (
            (b"[", 400, "json_invalid"),
            (b"[" * 10_000, 400, "json_too_deep"),
            (event_body("m-bad", type="encounter.deleted.v1"), 422, "event_type_unknown"),
            (event_body("m-bad", type="encounter.completed.v19"), 422, "event_version_unknown"),
            (event_body("m-bad", time="yesterday"), 422, "envelope_invalid"),
            (b" " * 1024 * 1025, 413, "body_too_large"),
        ):
            with self.subTest(code):
                self._assert_problem(self._send("m-bad", body), status, code)
        self._assert_problem(
            self._send("m-bad", Content_Type="text/plain"), 415, "media_type_unsupported"
        )
        self._assert_problem(
            self._send("m-bad", Content_Encoding="gzip"), 415, "content_encoding_unsupported"
        )
        self.assertFalse(self._find("m-bad"))

    def test_refusals_are_counted_and_shown(self):
        # Of its own: what another test has refused a moment ago puts the writing off.
        source = create_source(self, "counted-system")
        for _number in range(3):
            self._send("m-counted", source=source.code, secret=OTHER_SECRET)
        source.invalidate_recordset()
        # What comes within a second of the last writing is written later.
        self.assertGreaterEqual(source.refused_today, 1)
        self.assertIn("signature_wrong", source.refusal_ids.mapped("reason"))
        self.assertEqual(source.action_open_refusals()["domain"], [("source_id", "=", source.id)])
        old = source.refusal_ids[0]
        self.env.cr.execute(
            "UPDATE hc_integration_refusal SET minute = %s WHERE id = %s",
            [self.env.cr.now() - timedelta(days=91), old.id],
        )
        self.env["hc.integration.refusal"]._gc_old_minutes()
        self.assertFalse(old.exists())

    def test_an_error_inside_tells_nothing_of_the_message(self):
        quoted = "Zoë"

        def fail(*_arguments):
            raise ValueError(quoted)

        self.patch(self.registry["hc.exchange"], "_receive_event", fail)
        with self.assertLogs("odoo.addons.hc_integration", "ERROR") as logs:
            response = self._send("m-error")
        self._assert_problem(response, 500, "internal_error")
        self.assertNotIn(quoted, "".join(logs.output) + response.text)

    def test_the_page_of_the_source_shows_how_to_send(self):
        self.assertTrue(self.source.inbound_url.endswith("/hc/v1/inbound/sending-system"))
        for scheme in ("standard", "stripe", "hmac", "bearer"):
            self.source.scheme = scheme
            self.assertIn(self.source.inbound_url, self.source.curl_example)
            self.assertNotIn(SECRET, self.source.curl_example)
        self.source.scheme = "standard"
        self._send("m-shown")
        self.source.invalidate_recordset()
        self.assertEqual((self.source.received_count, self.source.waiting_count), (1, 1))
        self.assertTrue(self.source.last_received_at)

    def test_other_schemes_are_not_tried(self):
        self.source.scheme = "bearer"
        self._assert_problem(self._send("m-down"), 401, "not_authenticated")
        response = self._send("m-down", Authorization=f"Bearer {SECRET}")
        self.assertEqual(response.status_code, 202)
        self.source.scheme = "standard"
        body = event_body("m-down2")
        response = self._send("m-down2", body, Authorization=f"Bearer {SECRET}", webhook_id="")
        self._assert_problem(response, 401, "not_authenticated")

    def test_a_message_whose_body_was_erased_is_still_recognised(self):
        first = self._send("m-erased")
        message = self.env["hc.exchange"].sudo().browse(first.json()["id"])
        message._transition_where_allowed("processing")
        message._transition("done")
        finished = self.env.cr.now() - timedelta(days=401)
        message._write_guarded({"finished_at": finished.replace(microsecond=0)})
        message._erase_body()
        message.invalidate_recordset()
        self.assertFalse(message.payload_body)
        self.assertTrue(message.erased_at and message.checksum and message.size_bytes)
        again = self._send("m-erased")
        self.assertEqual((again.status_code, again.json()["id"]), (200, message.id))
