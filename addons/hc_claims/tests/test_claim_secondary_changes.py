# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from .remittance_common import clp
from .test_remittance_secondary import PRIMARY, SecondaryCase

BACK = [(group, reason, -amount) for group, reason, amount in PRIMARY]
AGAIN = [("CO", "45", 150), ("PR", "1", 90)]


@tagged("post_install", "-at_install")
class TestClaimSecondaryChanges(SecondaryCase):
    """The claim to the second payer follows what the first one says."""

    def _take_back(self, claim, number):
        return self._post(
            [clp(claim.name, 500 * -1, -300, status="22", adjustments=BACK)],
            0,
            trace=f"{number}R",
            plb=[("WO", claim.name, -300)],
            method="NON",
        )

    def _decide_again(self, claim, number, adjustments=AGAIN, paid=260):
        remittance = self._post(
            [clp(claim.name, 500, paid, adjustments=adjustments)], paid, trace=f"{number}C"
        )
        self.assertEqual(remittance.claim_ids.state, "posted")

    def _get_second(self, claim):
        return claim.case_id.claim_ids.filtered(
            lambda other: other.payer_order == "2" and other.state not in ("void", "replaced")
        )

    def _get_items(self, claim):
        return self.env["hc.work.item"].search(
            [
                ("kind", "=", "claim_correction"),
                ("res_id", "=", claim.id),
                ("state", "=", "open"),
            ]
        )

    def _send(self, claim, state="accepted"):
        for each in ("draft", "ready", "submitted", state):
            claim._transition_where_allowed(each)
        claim._write_guarded({"payer_claim_number": "SEC-1", "content": {"sent": True}})

    def test_a_claim_that_was_not_sent_is_made_anew(self):
        claim = self._answer_primary("SC-1")
        first = self._get_second(claim)
        self._take_back(claim, "SC-1")
        self.assertEqual(first.state, "void")
        self.assertFalse(self._get_second(claim))
        self._decide_again(claim, "SC-1")
        second = self._get_second(claim)
        self.assertEqual((second.version, second.frequency), (2, "1"))
        self.assertEqual(second.sudo().prior_adjudications[0]["paid"], "260.00")
        self.assertEqual(self._get_party_open(claim.case_id, "payer_2"), 90.0)

    def test_a_claim_that_was_sent_gets_a_replacement_that_a_person_reviews(self):
        claim = self._answer_primary("SC-2")
        second = self._get_second(claim)
        self._send(second)
        self._take_back(claim, "SC-2")
        self.assertEqual(second.state, "accepted")
        self.assertIn("took its decision back", self._get_items(second).description)
        self._decide_again(claim, "SC-2")
        item = self._get_items(second)
        self.assertIn("paid 300.00, now 260.00", item.description)
        self.assertIn("PR-1 75.00, now 90.00", item.description)
        replacement = second.with_user(self.poster)._correct(
            "replacement", "the primary payer allowed less"
        )
        self.assertEqual((replacement.frequency, replacement.origin_claim_id), ("7", second))
        self.assertEqual(replacement.review_user_id, self.poster)
        self.assertEqual(replacement.sudo().prior_adjudications[0]["paid"], "260.00")
        self.assertEqual(len(replacement.sudo().prior_adjudications), 1)
        self.assertEqual(item.state, "resolved")

    def test_the_same_decision_again_changes_nothing(self):
        claim = self._answer_primary("SC-3")
        second = self._get_second(claim)
        self._send(second)
        self._take_back(claim, "SC-3")
        self.assertTrue(self._get_items(second))
        self._decide_again(claim, "SC-3", PRIMARY, 300)
        self.assertFalse(self._get_items(second))
        self.assertEqual(self._get_second(claim), second)

    def test_undoing_the_first_payers_answer_withdraws_the_claim(self):
        claim = self._answer_primary("SC-4")
        second = self._get_second(claim)
        remittance = claim.answer_ids.remittance_id
        action = remittance.with_user(self.finance)._request_undo(
            idempotency_key="sc-4", justification="posted to the wrong company"
        )
        action = action.sudo()
        if action.state == "pending":
            action._settle(GateDecision("allow"))
        self.assertEqual((remittance.state, second.state), ("undone", "void"))
