# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import date, datetime
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .proof_common import DAY, NOW, ProofCase


@tagged("post_install", "-at_install")
class TestProofDaily(ProofCase):
    """Days that are due are asked for; files tell totals as messages do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source.write({"is_proof_expected": True, "proof_since": DAY})
        cls.proofs = cls.env["hc.integration.proof"]

    def _make_due(self, as_of=NOW):
        self.proofs._make_due_proofs(as_of)
        return self.proofs.search([("source_id", "=", self.source.id)], order="day")

    def test_a_day_that_was_not_told_is_asked_for_once(self):
        self.assertFalse(self._make_due(datetime(2026, 3, 4, 5, 59)))
        proof = self._make_due(datetime(2026, 3, 4, 6))
        self.assertEqual((proof.day, proof.state), (date(2026, 3, 3), "not_told"))
        item = self._get_items("proof_not_told")
        self.assertEqual(item.res_id, proof.id)
        self.assertEqual(self._make_due(), proof)
        self._visit(1)
        proof._check()
        self.assertEqual((proof.held_count, proof.state), (1, "not_told"))
        self._tell(self._visits("v1"))
        self.assertEqual((proof.state, item.state), ("proven", "resolved"))

    def test_the_day_is_that_of_the_systems_time_zone(self):
        self.source.proof_tz = "America/New_York"
        self.assertFalse(self._make_due(datetime(2026, 3, 4, 10, 59)))
        proof = self._make_due(datetime(2026, 3, 4, 11))
        self.assertEqual(proof._get_bounds(), (datetime(2026, 3, 3, 5), datetime(2026, 3, 4, 5)))

    def test_an_outage_of_weeks_asks_for_two_of_them(self):
        self.assertEqual(len(self._make_due(datetime(2026, 5, 4, 12))), 14)

    def test_a_paused_system_is_not_asked(self):
        self.source.action_pause()
        self.assertFalse(self._make_due())

    def test_one_proof_that_fails_does_not_stop_the_others(self):
        first, second = self._make_due(datetime(2026, 3, 5, 12))
        count_held = type(self.proofs)._count_held
        failed = []

        def count(proof):
            if proof == first:
                raise ValueError("broken")
            return count_held(proof)

        logger = "odoo.addons.hc_integration.models.hc_integration_proof_daily"
        with patch.object(type(self.proofs), "_count_held", count), mute_logger(logger):
            for proof in first + second:
                proof._check_safely(failed)
        self.assertEqual(failed, [first.id])
        self.assertTrue(second.checked_at)
        self.assertFalse(first.checked_at)

    def test_the_scheduled_action_compares_what_is_not_settled(self):
        proof = self._tell(self._visits("v1"))
        self.assertEqual(proof.state, "differs")
        proof._write_guarded({"day": self.env.cr.now().date(), "checked_at": False})
        with self.enter_registry_test_mode():
            self.env.ref("hc_integration.ir_cron_prove_sources").method_direct_trigger()
        self.env.invalidate_all()
        self.assertTrue(proof.checked_at)

    def _drop(self, text, user=None):
        """A document of totals as a file drop stores it; its exchange, processed."""
        count = self.env["hc.exchange"].search_count([("document_type", "=", "source_totals")])
        exchange, _verdict = (
            self.env["hc.exchange"]
            .with_user(user or self.source.user_id)
            ._receive("source_totals", self.source.code, f"t{count}", text.encode(), "totals.csv")
        )
        self._process(exchange.sudo())
        return exchange.sudo()

    def test_a_file_tells_totals_by_type_or_by_message(self):
        self._visit(1)
        exchange = self._drop(
            "day,event_type,message_id,count,amount,currency\n"
            f"{DAY},encounter.completed,v1,,,\n"
            f"{DAY},encounter.completed,v2,,,\n"
            f"{DAY},payment.confirmed,,2,30.30,usd\n"
        )
        self.assertEqual(exchange.state, "done", exchange.error)
        proof = self.proofs.search([("source_id", "=", self.source.id)])
        self.assertEqual((proof.state, proof.exchange_id), ("differs", exchange))
        self.assertEqual(
            {(each.kind, each.reference or "") for each in proof.difference_ids},
            {("missing", "v2"), ("count", "USD"), ("amount", "USD")},
        )

    def test_a_file_with_a_fault_is_refused_with_its_line(self):
        head = "day,event_type,count,amount,currency,message_id\n"
        for text, complaint in (
            ("day,count\n", "Line 1"),
            ("day,event_type,count,surname\n", "Line 1"),
            (f"{head}03/03/2026,claim.status,1,,,\n", "Line 2: day"),
            (f"{head}{DAY},claim.status,many,,,\n", "Line 2: count"),
            (f"{head}{DAY},claim.status,1,1e9,USD,\n", "Line 2: amount"),
            (f"{head}{DAY},,1,,,\n", "Line 2: event_type"),
            (f"{head}{DAY},claim.status,2,,,a\n", "message_ids"),
        ):
            with self.subTest(complaint=complaint):
                exchange = self._drop(text)
                self.assertEqual(exchange.state, "rejected")
                self.assertIn(complaint, exchange.error)
        self.assertFalse(self.proofs.search([("source_id", "=", self.source.id)]))

    def test_a_file_tells_about_its_own_system_only(self):
        exchange = self._drop(f"day,event_type,count\n{DAY},claim.status,0\n", self.clerk)
        self.assertEqual(exchange.state, "rejected")
