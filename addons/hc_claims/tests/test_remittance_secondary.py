# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import tagged

from .remittance_common import RemittanceCase, clp

# X12 RFI 1696: 500 charged, the primary pays 300, allows 125 off and leaves 75.
PRIMARY = [("CO", "45", 125), ("PR", "1", 75)]


class SecondaryCase(RemittanceCase):
    """A patient whose visits two payers share."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_payer = cls.env["hc.payer"].create(
            {
                "name": "Second Health Plan",
                "code": "SECOND",
                "payer_identifier": "70055",
                "timely_filing_days": 3650,
            }
        )
        cls.second_coverage = cls._create_coverage(
            cls.patient, payer_id=cls.second_payer.id, coverage_order="2", member_id="S1"
        )
        cls.env["hc.fee.schedule.line"].search(
            [("code_id", "=", cls.visit_code.id)]
        ).unit_price = 500.0

    def _answer_primary(self, number, names=(), status="1"):
        claim = self._make_claim(number, secondary_coverage_id=self.second_coverage.id)
        remittance = self._post(
            [clp(claim.name, 500, 300, adjustments=PRIMARY, names=names, status=status)], 300
        )
        self.assertEqual(remittance.claim_ids.state, "posted")
        return claim

    def _answer_secondary(self, claim, number, adjustments):
        for state in ("draft", "ready", "submitted"):
            claim._transition_where_allowed(state)
        return self._post(
            [clp(number, 500, 65, adjustments=adjustments, status="2")],
            65,
            trace="S1",
            payer="70055",
        ).claim_ids


@tagged("post_install", "-at_install")
class TestRemittanceSecondary(SecondaryCase):
    """Two payers: the second starts from the full charge, and nothing is posted twice."""

    def test_the_share_moves_to_the_second_payer_and_is_claimed(self):
        claim = self._answer_primary("S-1")
        case = claim.case_id
        self.assertEqual(self._get_party_open(case, "payer_1"), 0.0)
        self.assertEqual(self._get_party_open(case, "payer_2"), 75.0)
        self.assertEqual(self._get_party_open(case, "patient"), 0.0)
        second = case.claim_ids - claim
        self.assertEqual((second.payer_order, second.payer_id), ("2", self.second_payer))
        self.assertEqual(second.sudo().prior_adjudications[0]["paid"], "300.00")
        self.assertEqual(case.stage, "invoiced")

    def test_what_the_first_payer_did_is_never_posted_again(self):
        claim = self._answer_primary("S-2")
        case = claim.case_id
        second = case.claim_ids - claim
        answer = self._answer_secondary(second, second.name, [("OA", "23", 425), ("CO", "45", 10)])
        self.assertEqual((answer.state, answer.amount_allowed_off), ("posted", 10.0))
        self.assertEqual(sum(case._get_amounts_open().values()), 0.0)
        self.assertEqual((second.state, case.stage), ("paid", "closed"))

    def test_an_answer_that_repeats_the_first_allowance_is_held(self):
        claim = self._answer_primary("S-3")
        second = claim.case_id.claim_ids - claim
        answer = self._answer_secondary(second, second.name, [("CO", "45", 435)])
        self.assertEqual((answer.state, answer.hold_code), ("held", "credit"))
        self.assertEqual(self._get_party_open(claim.case_id, "payer_2"), 75.0)

    def test_a_claim_that_was_sent_on_is_not_sent_again_and_answers_by_the_first_number(self):
        claim = self._answer_primary("S-4", names=["NM1*TT*2*SECOND HEALTH PLAN"], status="19")
        second = claim.case_id.claim_ids - claim
        self.assertEqual((second.state, second.payer_order), ("submitted", "2"))
        answer = self._answer_secondary(second, claim.name, [("OA", "23", 425), ("CO", "45", 10)])
        self.assertEqual((answer.state, answer.claim_id), ("posted", second))

    def test_nobody_asks_a_qualified_medicare_beneficiary(self):
        self.coverage.is_qualified_medicare_beneficiary = True
        claim = self._make_claim("S-5")
        answer = self._post([clp(claim.name, 500, 300, adjustments=PRIMARY)], 300).claim_ids
        self.assertEqual((answer.state, answer.hold_code), ("held", "no_next_party"))
        self.assertEqual(self._get_party_open(claim.case_id, "patient"), 0.0)
