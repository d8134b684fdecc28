# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from .remittance_common import RemittanceCase, clp, era


@tagged("post_install", "-at_install")
class TestRemittanceMismatch(RemittanceCase):
    """Differences go to who is named for them, and BPR03 says who moves the money."""

    def _get_item(self, remittance):
        return self.env["hc.work.item"].search(
            [("dedup_key", "=", f"remittance_held:{remittance.id}")]
        )

    def test_a_large_difference_goes_to_its_owner_and_a_small_one_is_held_too(self):
        self.payer._config_write(
            {
                "mismatch_threshold": 25.0,
                "mismatch_queue_id": self.env["hc.work.queue"]
                ._get_by_code("compliance", self.company)
                .id,
                "mismatch_owner_id": self.finance.id,
            }
        )
        claims = [clp("NOBODY", 150, 80, adjustments=[("CO", "45", 70)])]
        small = self._receive(era(claims, 79.99, trace="M1"))
        large = self._receive(era(claims, 55, trace="M2"), "m2.835")
        self.assertEqual((small.state, large.state), ("held", "held"))
        item = self._get_item(small)
        self.assertEqual((item.queue_id.code, item.assignee_id), ("billing", self.env["res.users"]))
        item = self._get_item(large)
        self.assertEqual((item.queue_id.code, item.assignee_id), ("compliance", self.finance))
        self.assertEqual((item.severity, large.owner_id), ("critical", self.finance))

    def test_thresholds_and_days_take_effect_when_a_second_person_agrees(self):
        rule = self.env.ref("hc_claims.overpayment_rule_medicare")
        proposer = self._create_user("threshold.proposer", "administrator")
        second = self._create_user("threshold.second", "administrator")
        for record, name, value in (
            (self.payer, "mismatch_threshold", 40.0),
            (rule, "return_days", 45),
        ):
            with self.assertRaisesRegex(AccessError, "Propose a Change"):
                record.sudo().write({name: value})
            changes = self.env["hc.config.change"].with_user(proposer)
            change = changes._propose(record.with_user(proposer), {name: value})
            change.reason = "agreed with finance"
            change.action_submit()
            self.assertNotEqual(record[name], value)
            # Who agrees is base's business, or that of the approval policies.
            change.with_user(second).sudo().action_id._settle(GateDecision("allow"))
            self.assertEqual(record[name], value)
        rules = self.env["hc.overpayment.rule"].with_user(proposer)
        new = rules.create({"payer_type": "commercial", "company_id": self.company.id})
        self.assertFalse(new.active, "a new rule rests")
        payers = self.env["hc.payer"].with_user(proposer)
        payer = payers.create({"name": "New", "code": "NEW", "mismatch_threshold": 9.0})
        self.assertFalse(payer.mismatch_threshold)

    def test_advice_knows_sums_and_codes_and_may_propose_an_owner(self):
        claims = [clp("NOBODY", 150, 80, adjustments=[("CO", "45", 70)])]
        remittance = self._receive(era(claims, 75, trace="M3", plb=[("L6", "I", -5)]))
        remittance = remittance.with_user(self.poster)
        facts = remittance._get_review_facts()
        self.assertEqual((str(facts["difference"]), facts["adjustment_codes"]), ("10.00", ["L6"]))
        self.assertEqual((facts["state"], facts["answer_count"]), ("held", 1))
        remittance._review_apply({"owner_id": self.poster.id}, remittance._get_review_token())
        self.assertEqual(remittance.owner_id, self.poster)
        with self._refused("cannot be proposed"):
            remittance._review_apply({"payment_amount": 85.0}, remittance._get_review_token())

    def test_a_payment_that_we_draw_flows_to_us(self):
        claim = self._make_claim("M-4")
        content = era([clp(claim.name, 150, 80, adjustments=[("CO", "45", 70)])], 80, trace="M4")
        remittance = self._receive(content.replace(b"*C*ACH*", b"*D*ACH*"))
        self.assertEqual((remittance.state, remittance.is_drawn_by_us), ("proven", True))
        remittance.action_post()
        self.assertEqual(remittance.claim_ids.state, "posted")
        self.assertEqual(remittance._get_receipt_items().balance, 80.0)

    def test_no_remittance_pays_less_than_nothing(self):
        back = clp("NOBODY", -150, -80, status="22", adjustments=[("CO", "45", -70)])
        for flag in (b"*C*ACH*", b"*D*ACH*"):
            content = era([back], -80, trace="M5").replace(b"*C*ACH*", flag)
            remittance = self._receive(content, f"m5{flag[1:2].decode()}.835")
            self.assertEqual(remittance.state, "held")
            self.assertIn("below zero", remittance.hold_reason)
