# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..demo_data.acknowledgements import (
    ClaimAnswer,
    claim_acknowledgement,
    file_acknowledgement,
    interchange_acknowledgement,
)
from .claim_common import ClaimCase


@tagged("post_install", "-at_install")
class TestClaimAcknowledgement(ClaimCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_spares()

    def _take(self, content, user=None, source="COASTAL"):
        """Bring an answer in and process it, as its sender."""
        exchanges = self.env["hc.exchange"].with_user(user or self.specialist)
        exchange, verdict = exchanges._receive_acknowledgement(content, source, "answer.x12")
        if verdict == "new":
            self.assertTrue(exchange._as_sender()._process(lambda done, left: True))
        return exchange.sudo(), verdict

    def _say(self, claim, codes, day="20260310", payer_number="", **values):
        return self._take(
            claim_acknowledgement(ClaimAnswer(claim.name, codes, day, payer_number), **values)
        )

    def test_received_is_not_accepted_and_accepted_brings_the_payers_number(self):
        claim = self._claim()
        self._send(claim)
        self._say(claim, "A1:19:PR")
        self.assertEqual(claim.state, "received")
        self._say(claim, "A2:20:PR", payer_number="PCN-1")
        self.assertEqual((claim.state, claim.payer_claim_number), ("accepted", "PCN-1"))
        self.assertEqual(claim.status_ids.mapped("category"), ["A2", "A1"])

    def test_every_rejecting_category_is_a_rejection_and_no_denial(self):
        for number, category in enumerate(("A3", "A4", "A6", "A7", "A8")):
            claim = self._claim(f"R-{number}")
            self._send(claim)
            self._say(claim, f"{category}:21:85")
            with self.subTest(category):
                self.assertEqual(claim.state, "rejected")
                self.assertTrue(claim.is_filing, "the filing clock keeps running")
                item = claim._get_open_work_items()
                self.assertEqual((item.kind, item.queue_id.code), ("claim_rejected", "edi"))
                self.assertIn(f"{category}:21", item.description)

    def test_a_request_for_information_creates_a_task_by_an_automation_rule(self):
        claims = self._claim("I-1") | self._claim("I-2")
        self._send(*claims)
        claims[0]._transition("information_requested")
        item = claims[0]._get_open_work_items()
        self.assertEqual((item.kind, item.queue_id.code), ("claim_information", "him"))
        rule = self.env.ref("hc_claims.automation_claim_information")
        self.assertTrue(self.env["hc.automation"].search_count([("rule_id", "=", rule.id)]))
        rule._config_write({"active": False})
        claims[1]._transition("information_requested")
        self.assertFalse(claims[1]._get_open_work_items(), "the office has switched it off")

    def test_a_late_receipt_and_a_repetition_change_nothing(self):
        claim = self._claim()
        self._send(claim)
        self._say(claim, "A2:20:PR", payer_number="PCN-1")
        moves = claim.transition_count
        self._say(claim, "A1:19:PR", day="20260309")
        _exchange, verdict = self._say(claim, "A2:20:PR", payer_number="PCN-1")
        self.assertEqual(verdict, "duplicate")
        exchange, verdict = self._say(claim, "A2:20:PR", payer_number="PCN-1", number=99)
        self.assertEqual((verdict, exchange.repeated_count), ("new", 1))
        claim.invalidate_recordset()
        self.assertEqual((claim.state, claim.transition_count), ("accepted", moves))
        self.assertEqual(len(claim.status_ids), 2)

    def test_an_old_acceptance_does_not_undo_a_later_rejection(self):
        claim = self._claim()
        self._send(claim)
        self._say(claim, "A3:21:85", day="20260312")
        self._say(claim, "A2:20:PR", day="20260310")
        self.assertEqual(claim.state, "rejected")
        self._say(claim, "A2:20:PR", day="20260314")
        self.assertEqual(claim.state, "accepted")
        self.assertFalse(claim._get_open_work_items())

    def test_a_999_accepts_the_file(self):
        claim = self._claim()
        batch = self._send(claim)
        exchange, _verdict = self._take(file_acknowledgement(batch))
        self.assertEqual((batch.state, claim.state), ("accepted", "submitted"))
        self.assertTrue(batch.acknowledged_at)
        self.assertEqual((exchange.state, exchange.document_type), ("done", "x12_999"))

    def test_a_999_rejects_the_claims_of_its_transaction_set(self):
        self.clearinghouse.claims_per_transaction = 1
        claims = self._claim("S-1") | self._claim("S-2")
        batch = self._send(claims)
        lost = claims.filtered(lambda claim: claim.transaction_number == "0002")
        self._take(file_acknowledgement(batch, "P", ["0002"]))
        self.assertEqual(batch.state, "partly_rejected")
        self.assertEqual((lost.state, (claims - lost).state), ("rejected", "submitted"))
        self.assertEqual(lost.status_ids.mapped("status_code"), ["5"])

    def test_a_rejected_interchange_takes_all_its_claims_along(self):
        claims = self._claim("S-1") | self._claim("S-2")
        batch = self._send(claims)
        self._take(interchange_acknowledgement(batch, "R", "020"))
        self.assertEqual(batch.state, "rejected")
        self.assertEqual(set(claims.mapped("state")), {"rejected"})
        self.assertEqual(len(claims._get_open_work_items()), 2)

    def test_a_file_rejection_that_comes_after_the_payer_has_accepted_is_harmless(self):
        claim = self._claim()
        batch = self._send(claim)
        self._say(claim, "A2:20:PR")
        self._take(file_acknowledgement(batch, "R"))
        self.assertEqual(claim.state, "accepted")

    def test_answers_to_nothing_become_work_items(self):
        claim = self._claim()
        batch = self._send(claim)
        exchange, _verdict = self._take(
            claim_acknowledgement(ClaimAnswer("NOBODY1", "A2:20:PR", "20260310"))
        )
        items = self.env["hc.work.item"].search([("kind", "=", "claim_answer")])
        self.assertEqual((items.res_id, exchange.failed_count), (exchange.id, 1))
        self.assertIn("NOBODY1", items.description)
        unknown = batch.new({"control_number": 999999, "transaction_count": 1})
        self._take(file_acknowledgement(unknown))
        items = self.env["hc.work.item"].search([("kind", "=", "claim_answer")])
        self.assertEqual(len(items), 2)

    def test_a_claim_of_another_company_is_out_of_reach(self):
        claim = self._claim()
        self._send(claim)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        exchanges = self.env["hc.exchange"].with_company(company)
        exchange, _verdict = exchanges._receive_acknowledgement(
            claim_acknowledgement(ClaimAnswer(claim.name, "A3:21:85", "20260310")),
            "COASTAL",
            "a.x12",
        )
        exchange._process(lambda done, left: True)
        self.assertEqual(claim.state, "submitted")

    def test_an_interrupted_file_goes_on_where_it_stopped(self):
        claims = self.env["hc.claim"].union(*(self._claim(f"T-{i}") for i in range(3)))
        self._send(claims)
        content = claim_acknowledgement(
            *(ClaimAnswer(claim.name, "A2:20:PR", "20260310") for claim in claims)
        )
        exchange, _verdict = self.env["hc.exchange"]._receive_acknowledgement(
            content, "COASTAL", "a.x12"
        )
        with self._steps_of(2):
            self.assertFalse(exchange._process(lambda done, left: False))
            self.assertEqual(sorted(claims.mapped("state")), ["accepted", "accepted", "submitted"])
            self.assertTrue(exchange._process(lambda done, left: True))
        self.assertEqual(set(claims.mapped("state")), {"accepted"})
        self.assertEqual(exchange.state, "done")

    def _steps_of(self, size):
        return patch(
            "odoo.addons.hc_claims.models.hc_exchange_acknowledgement.REPORTS_PER_STEP", size
        )

    def test_other_files_are_refused_with_a_reason(self):
        for content in (b"", b"nonsense", b"ISA*00*"):
            with self.subTest(content), self.assertRaises(UserError):
                self._take(content)

    def test_who_may_not_bring_answers_in_is_refused(self):
        claim = self._claim()
        batch = self._send(claim)
        for role in ("collector", "finance_manager", "executive"):
            user = self._create_user(f"ack.{role}", role)
            with self.subTest(role), self.assertRaises(AccessError):
                self._take(file_acknowledgement(batch), user=user)

    def test_nobody_writes_a_status(self):
        claim = self._claim()
        self._send(claim)
        self._say(claim, "A1:19:PR")
        status = claim.status_ids
        with self.assertRaises(AccessError):
            status.with_user(self.specialist).write({"category": "A2"})
        with self.assertRaises(AccessError):
            status.sudo().write({"category": "A2"})
        with self.assertRaises(AccessError):
            status.with_user(self.specialist).unlink()
