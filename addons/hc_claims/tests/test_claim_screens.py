# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..demo_data.acknowledgements import ClaimAnswer, claim_acknowledgement
from .claim_common import ClaimCase


@tagged("post_install", "-at_install")
class TestClaimScreens(ClaimCase):
    def test_the_claim_reads_as_it_was_sent(self):
        claim = self._claim(services=(("V1001", 1),))
        self.assertIn("As it would be sent now", claim.rendering)
        self._send(claim)
        claim.coverage_id.member_id = "W000000000"
        claim.invalidate_recordset(["rendering"])
        self.assertIn("W123456789", claim.rendering)
        self.assertNotIn("W000000000", claim.rendering)

    def test_the_pdf_is_for_who_sees_patients_and_the_reading_is_on_record(self):
        claim = self._claim()
        content = claim.with_user(self.specialist)._render_pdf()
        self.assertTrue(content.startswith(b"%PDF"))
        blind = self._create_user("claim.finance", "finance_manager")
        with self.assertRaises(AccessError):
            claim.with_user(blind)._render_pdf()

    def test_days_left_and_who_works_on_it(self):
        claim = self._claim()
        claim._write_guarded({"filing_deadline": fields.Date.today() + timedelta(days=5)})
        self.assertEqual((claim.days_left, claim.is_filing), (5, True))
        claim.with_user(self.specialist).action_take()
        self.assertEqual(claim.responsible_user_id, self.specialist)
        self._send(claim)
        self.assertFalse(claim.is_filing)

    def test_buttons_lead_to_what_they_name(self):
        claim = self._claim()
        batch = self._send(claim)
        self.assertEqual(claim.action_open_case()["res_id"], claim.case_id.id)
        self.assertEqual(claim.action_open_batch()["res_id"], batch.id)
        self.assertEqual(claim.case_id.action_open_claims()["res_id"], claim.id)
        self.assertEqual(claim.case_id.claim_count, 1)
        action = batch.with_user(self.specialist).action_download()
        self.assertIn(str(batch.id), action["url"])
        self.assertTrue(batch.with_user(self.specialist)._read_file().startswith(b"ISA*"))

    def test_a_file_is_for_who_may_read_all_its_claims(self):
        batch = self._send(self._claim())
        elsewhere = self._create_user(
            "claim.other", "claims_specialist", facilities=self.other_facility
        )
        blind = self._create_user("claim.blind", "finance_manager")
        for user in (elsewhere, blind):
            self.assertFalse(batch.with_user(user).is_file_readable, "it is not offered, either")
            with self.subTest(user.login), self.assertRaises(AccessError):
                batch.with_user(user).action_download()
        self.assertTrue(batch.with_user(self.specialist).is_file_readable)

    def test_an_exchange_is_offered_to_who_may_open_it(self):
        batch = self._send(self._claim())
        for user in (self.specialist, self.lead, self._create_user("claim.clerk", "clerk")):
            mine = batch.with_user(user)
            with self.subTest(user.login):
                self.assertEqual(mine.is_exchange_readable, mine.exchange_id.has_access("read"))
        lead = batch.with_user(self.lead)
        self.assertTrue(lead.is_file_readable, "it holds claims of this facility alone")
        self.assertFalse(lead.is_exchange_readable, "exchanges are for who sees all facilities")

    def test_the_wizard_brings_answers_in(self):
        claim = self._claim()
        self._send(claim)
        attachment = (
            self.env["ir.attachment"]
            .with_user(self.specialist)
            .create(
                {
                    "name": "answer.277",
                    "res_model": "hc.claim.answer.wizard",
                    "raw": claim_acknowledgement(
                        ClaimAnswer(claim.name, "A2:20:PR", "20260310", "PCN-1")
                    ),
                }
            )
        )
        wizard = (
            self.env["hc.claim.answer.wizard"]
            .with_user(self.specialist)
            .create({"attachment_ids": attachment.ids, "clearinghouse_id": self.clearinghouse.id})
        )
        wizard.action_upload()
        self.assertEqual(claim.state, "accepted")
        self.assertFalse(attachment.exists(), "the file is stored where patient data is guarded")
