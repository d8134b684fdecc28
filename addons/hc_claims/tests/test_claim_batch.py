# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..hc_x12.plain import to_plain
from .claim_common import ClaimCase


@tagged("post_install", "-at_install")
class TestClaimBatch(ClaimCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_spares()

    def test_ready_claims_go_into_one_file(self):
        claims = self._claim("B-1") | self._claim("B-2", services=(("L2002", 3),))
        contents = claims._prepare_contents()
        claims.with_user(self.specialist).action_submit()
        batch = claims.batch_id
        self.assertEqual(len(batch), 1)
        self.assertEqual((batch.claim_count, batch.amount_charged), (2, 270.0))
        self.assertEqual(set(claims.mapped("state")), {"submitted"})
        self.assertEqual(set(claims.mapped("transaction_number")), {"0001"})
        for claim in claims:
            self.assertEqual(claim.content, to_plain(contents[claim.id]))
        segments = self._file_of(batch)
        self.assertEqual(segments[0][13], f"{batch.control_number:09d}")
        numbers = [segment[1] for segment in segments if segment[0] == "CLM"]
        self.assertEqual(sorted(numbers), sorted(claims.mapped("name")))
        references = [segment[2] for segment in segments if segment[:2] == ["REF", "6R"]]
        self.assertEqual(sorted(references), sorted(claims.line_ids.mapped("control_number")))
        exchange = batch.exchange_id
        self.assertEqual((exchange.direction, exchange.state), ("out", "processing"))

    def test_control_numbers_go_up_by_one_and_come_back_from_files_not_written(self):
        first = self._send(self._claim("B-1"))
        claim = self._claim("B-2")
        failing = patch.object(type(first), "_attach_file", side_effect=UserError("disk"))
        with failing, self.assertRaisesRegex(UserError, "disk"), self.env.cr.savepoint():
            self._send(claim)
        second = self._send(claim)
        self.assertEqual(second.control_number, first.control_number + 1)

    def test_transaction_sets_are_noted_on_their_claims(self):
        self.clearinghouse.claims_per_transaction = 2
        claims = self.env["hc.claim"].union(*(self._claim(f"B-{i}") for i in range(5)))
        batch = self._send(claims)
        self.assertEqual(batch.transaction_count, 3)
        in_file, current = {}, ""
        for segment in self._file_of(batch):
            if segment[0] == "ST":
                current = segment[2]
            elif segment[0] == "CLM":
                in_file[segment[1]] = current
        self.assertEqual(in_file, {claim.name: claim.transaction_number for claim in claims})

    def test_a_claim_that_broke_meanwhile_is_held_and_the_others_go(self):
        good, bad = self._claim("B-1"), self._claim("B-2")
        bad.case_id.encounter_id.diagnosis_ids.sudo().unlink()
        batch = self._send(good, bad)
        self.assertEqual((good.state, bad.state), ("submitted", "held"))
        self.assertEqual(batch.claim_ids, good)

    def test_the_scheduled_action_writes_files_of_limited_size(self):
        self.clearinghouse.claims_per_file = 2
        claims = self.env["hc.claim"].union(*(self._claim(f"B-{i}") for i in range(3)))
        with self.enter_registry_test_mode():
            self.env.ref("hc_claims.ir_cron_submit_ready").method_direct_trigger()
        self.assertEqual(sorted(claims.batch_id.mapped("claim_count")), [1, 2])
        self.assertFalse(claims.filtered(lambda claim: claim.state != "submitted"))

    def test_handing_over_ends_the_exchange(self):
        batch = self._send(self._claim())
        batch.with_user(self.clerk).action_mark_sent()
        self.assertEqual((batch.state, batch.exchange_id.state), ("sent", "done"))
        self.assertTrue(batch.sent_at)

    def test_a_file_that_left_by_a_folder_was_sent(self):
        batch = self._send(self._claim())
        batch.exchange_id.sudo()._finish_sending()
        self.assertEqual((batch.state, batch.exchange_id.state), ("sent", "done"))
        self.assertTrue(batch.sent_at)

    def test_only_ready_claims_are_written(self):
        claim = self._claim()
        self._send(claim)
        with self.assertRaisesRegex(UserError, "ready"):
            claim.with_user(self.specialist).action_submit()

    def test_who_only_reads_writes_no_file(self):
        claim = self._claim()
        collector = self._create_user("claim.collector", "collector")
        with self.assertRaises(AccessError):
            claim.with_user(collector).action_submit()

    def test_the_partner_of_a_company_is_not_seen_by_another(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        user = self._create_user("claim.elsewhere", "claims_specialist", "all_facilities")
        user.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        batch = self._send(self._claim())
        for record in (batch, batch.claim_ids, self.clearinghouse):
            with self.subTest(record), self.assertRaises(AccessError):
                record.with_user(user).read(["name"])

    def test_a_new_partner_is_one_for_tests(self):
        partner = self._create_clearinghouse("NEW", usage_indicator="P")
        self.assertEqual(partner.usage_indicator, "T")
        with self.assertRaises(AccessError):
            partner.sudo().usage_indicator = "P"
        change = self.env["hc.config.change"]._propose(partner)
        self.assertTrue(change)
