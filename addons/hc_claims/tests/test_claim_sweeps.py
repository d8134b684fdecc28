# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .claim_common import ClaimCase


@tagged("post_install", "-at_install")
class TestClaimSweeps(ClaimCase):
    def _trigger(self, name):
        with self.enter_registry_test_mode():
            self.env.ref(f"hc_claims.{name}").method_direct_trigger()

    def _kinds(self, claim):
        return sorted(claim._get_open_work_items().mapped("kind"))

    def test_a_claim_of_which_nothing_is_heard(self):
        claim, fresh = self._claim("N-1"), self._claim("N-2")
        self._send(claim, fresh)
        claim._write_guarded({"submitted_on": fields.Date.today() - timedelta(days=6)})
        self._trigger("ir_cron_sweep_claim_response")
        self._trigger("ir_cron_sweep_claim_response")
        self.assertEqual(self._kinds(claim), ["claim_no_response"])
        self.assertFalse(self._kinds(fresh))
        claim._transition("received")
        self.assertFalse(self._kinds(claim), "heard of")

    def test_a_claim_that_is_not_decided(self):
        claim = self._claim()
        self._send(claim)
        claim._transition("accepted")
        claim._write_guarded({"submitted_on": fields.Date.today() - timedelta(days=31)})
        self._trigger("ir_cron_sweep_claim_response")
        self.assertEqual(self._kinds(claim), ["claim_no_response"])

    def test_a_deadline_that_comes_near_also_after_a_rejection(self):
        soon = fields.Date.today() + timedelta(days=3)
        claim, sent = self._claim("D-1"), self._claim("D-2")
        (claim | sent)._write_guarded({"filing_deadline": soon})
        self._send(sent)
        self._trigger("ir_cron_sweep_claim_deadlines")
        self.assertEqual(self._kinds(claim), ["claim_deadline"])
        self.assertEqual(claim._get_open_work_items().severity, "critical")
        self.assertFalse(self._kinds(sent))
        sent._transition("rejected")
        self._trigger("ir_cron_sweep_claim_deadlines")
        self.assertEqual(self._kinds(sent), ["claim_deadline", "claim_rejected"])
        self._send(claim)
        self.assertFalse(self._kinds(claim))

    def test_a_claim_that_does_not_move(self):
        claim = self._claim()
        claim._write_guarded({"state_entered_at": fields.Datetime.now() - timedelta(days=30)})
        self._trigger("ir_cron_sweep_stalled_claims")
        self.assertEqual(self._kinds(claim), ["claim_stalled"])

    def test_a_file_that_is_not_acknowledged(self):
        batch = self._send(self._claim())
        batch._write_guarded({"written_at": fields.Datetime.now() - timedelta(days=5)})
        self._trigger("ir_cron_sweep_unacknowledged_files")
        items = self.env["hc.work.item"].search(
            [("res_model", "=", "hc.claim.batch"), ("res_id", "=", batch.id)]
        )
        self.assertEqual((items.kind, items.state), ("claim_batch", "open"))

    def test_held_claims_are_checked_again(self):
        self.facility.zip = False
        claim = self._claim()
        self.facility.zip = "62701-1234"
        self._trigger("ir_cron_recheck_held_claims")
        self.assertEqual(claim.state, "ready")

    def test_supervisors_learn_of_claims_of_a_high_amount(self):
        supervisor = self._create_user("claim.supervisor", "supervisor")
        elsewhere = self._create_user(
            "claim.elsewhere", "supervisor", facilities=self.other_facility
        )
        claim = self._claim("BIG", services=(("V1001", 100),))
        told = claim.message_ids.filtered(lambda each: "asks for" in (each.body or ""))
        self.assertIn(supervisor.partner_id, told.partner_ids)
        self.assertNotIn(elsewhere.partner_id, told.partner_ids)
        small = self._claim("SMALL")
        self.assertFalse(small.message_ids.filtered(lambda each: "asks for" in (each.body or "")))
