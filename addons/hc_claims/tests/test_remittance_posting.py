# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.hc_claims.models import hc_remittance_matching

from .remittance_common import RemittanceCase, clp, era


@tagged("post_install", "-at_install")
class TestRemittancePosting(RemittanceCase):
    """What an answer does to the ledger."""

    def _assert_books(self, remittance):
        """Every entry balances, and what waits is exactly the answers that are not posted."""
        for entry in remittance.move_ids:
            self.assertFalse(self.company.currency_id.round(sum(entry.line_ids.mapped("balance"))))
        waiting = remittance.claim_ids.filtered(
            lambda answer: answer.state in ("unmatched", "matched", "held")
        )
        self.assertAlmostEqual(
            self._get_clearing(remittance), sum(waiting.mapped("amount_paid")), 2
        )

    def test_a_clean_answer_pays_allows_and_moves_the_share_to_the_patient(self):
        claim = self._make_claim("R-1")
        case = claim.case_id
        remittance = self._post(
            [clp(claim.name, 150, 80, adjustments=[("CO", "45", 50), ("PR", "2", 20)])], 80
        )
        answer = remittance.claim_ids
        self.assertEqual((remittance.state, answer.state), ("posted", "posted"))
        self.assertEqual((answer.match_method, answer.claim_id), ("control_number", claim))
        self.assertEqual((answer.amount_allowed_off, answer.amount_moved), (50.0, 20.0))
        self.assertEqual(self._get_party_open(case, "payer_1"), 0.0)
        self.assertEqual(self._get_party_open(case, "patient"), 20.0)
        invoice = answer.transfer_invoice_id
        self.assertEqual((invoice.state, invoice.amount_residual), ("posted", 20.0))
        self.assertEqual(invoice.partner_id, self.patient.partner_id)
        self.assertEqual((claim.state, claim.amount_paid, claim.amount_patient), ("paid", 80, 20))
        self.assertEqual(case.stage, "invoiced")
        self._assert_books(remittance)

    def test_a_denied_line_stays_open_at_the_payer(self):
        claim = self._make_claim("R-2", services=(("V1001", 1.0), ("L2002", 1.0)))
        remittance = self._post(
            [
                clp(
                    claim.name,
                    190,
                    100,
                    lines=[
                        ("V1001", 150, 100, [("CO", "45", 50)]),
                        ("L2002", 40, 0, [("CO", "197", 40)]),
                    ],
                )
            ],
            100,
        )
        answer = remittance.claim_ids
        self.assertEqual((answer.state, answer.amount_denied), ("posted", 40.0))
        self.assertEqual(claim.state, "partially_paid")
        self.assertEqual(self._get_party_open(claim.case_id, "payer_1"), 40.0)
        self.assertEqual(answer.service_ids.mapped("claim_line_id.code"), ["V1001", "L2002"])
        self._assert_books(remittance)

    def test_what_does_not_add_up_is_held_and_posts_nothing(self):
        claim = self._make_claim("R-3")
        remittance = self._post([clp(claim.name, 150, 80, adjustments=[("CO", "45", 50)])], 80)
        self.assertEqual(remittance.state, "held")
        self.assertFalse(remittance.move_ids)
        self.assertEqual(remittance.claim_ids.amount_difference, -20.0)
        other = self._post([clp(claim.name, 150, 100, adjustments=[("CO", "45", 50)])], 99)
        self.assertEqual(other.state, "held")
        self.assertEqual(other.amount_difference, 1.0)
        item = self.env["hc.work.item"].search([("dedup_key", "=", f"remittance_held:{other.id}")])
        self.assertTrue(item)

    def test_the_same_file_twice_changes_nothing(self):
        claim = self._make_claim("R-4")
        claims = [clp(claim.name, 150, 100, adjustments=[("CO", "45", 50)])]
        first = self._post(claims, 100)
        again = self._post(claims, 100)
        self.assertEqual(first, again)
        self.assertEqual(len(first.move_ids), 2)

    def test_the_same_advice_in_another_file_is_ignored_and_another_content_held(self):
        claim = self._make_claim("R-5")
        body = [clp(claim.name, 150, 100, adjustments=[("CO", "45", 50)])]
        first = self._post(body, 100)
        again = self._receive(era(body, 100).replace(b"000000001", b"000000002"))
        self.assertEqual((again.state, again.duplicate_of_id), ("ignored", first))
        other = self._receive(era([clp(claim.name, 150, 100, adjustments=[("OA", "45", 50)])], 100))
        self.assertEqual((other.state, other.duplicate_of_id), ("held", first))

    def test_an_unknown_claim_leaves_its_money_to_post(self):
        claim = self._make_claim("R-6")
        remittance = self._post(
            [
                clp(claim.name, 150, 100, adjustments=[("CO", "45", 50)]),
                clp("UNKNOWN", 70, 60, adjustments=[("CO", "45", 10)]),
            ],
            160,
        )
        self.assertEqual(remittance.state, "posted")
        self.assertEqual(remittance.claim_ids.mapped("state"), ["posted", "unmatched"])
        self.assertEqual(self._get_clearing(remittance), 60.0)
        self._assert_books(remittance)

    def test_many_answers_are_posted_by_jobs_of_a_poster_who_keeps_no_books(self):
        claims = [self._make_own_claim(f"R-3{number}") for number in range(2)]
        answers = [clp(claim.name, 150, 100, adjustments=[("CO", "45", 50)]) for claim in claims]
        unknown = [clp(f"UNKNOWN{number}", 0, 0) for number in range(2)]
        remittance = self._receive(era([*answers, *unknown], 200))
        with self._sets_of(1):
            remittance.with_user(self.poster).action_post()
            jobs = self._run_jobs(remittance)
        self.assertEqual(jobs.user_id, self.poster)
        self.assertEqual(remittance.state, "posted")
        self.assertEqual(remittance.claim_ids.mapped("state"), ["posted"] * 2 + ["unmatched"] * 2)
        # The first of two workers cannot know that the second is through: somebody looks later.
        self.assertIn("_job_finish", jobs.mapped("method"))
        waiting = remittance.claim_ids[2:]
        items = self.env["hc.work.item"].search(
            [("dedup_key", "in", [f"remittance_claim:{answer.id}" for answer in waiting])]
        )
        self.assertEqual(set(items.mapped("res_id")), set(waiting.ids))
        self.assertEqual(jobs.mapped("method").count("_job_open_waiting_items"), 2)
        self._assert_books(remittance)

    def test_answers_are_matched_in_sets_that_are_forgotten(self):
        claims = self._make_own_claim("R-20") | self._make_own_claim("R-21")
        answers = [clp(claim.name, 150, 100, adjustments=[("CO", "45", 50)]) for claim in claims]
        unknown = [clp(f"UNKNOWN{number}", 0, 0) for number in range(3)]
        with patch.object(hc_remittance_matching, "ANSWERS_PER_SET", 2):
            remittance = self._receive(era([*answers, *unknown], 200))
        self.assertEqual(remittance.claim_ids.mapped("state"), ["matched"] * 2 + ["unmatched"] * 3)
        self.assertEqual(remittance.claim_ids.claim_id, claims)

        self.env.invalidate_all()
        with patch.object(hc_remittance_matching, "ANSWERS_PER_SET", 2):
            remittance._match_claims()
        field = remittance.claim_ids._fields["patient_control_number"]
        self.assertEqual(len(field._get_cache(self.env)), 1)

    def test_a_payment_above_what_is_open_is_held(self):
        claim = self._make_claim("R-7")
        self._post([clp(claim.name, 150, 100, adjustments=[("CO", "45", 50)])], 100)
        again = self._post(
            [clp(claim.name, 150, 100, adjustments=[("CO", "45", 50)])], 100, trace="T2"
        )
        self.assertEqual(again.claim_ids.state, "held")
        self.assertEqual(again.claim_ids.hold_code, "credit")
        self.assertEqual(self._get_clearing(again), 100.0)

    def test_a_reversal_and_its_correction_restore_and_replace(self):
        claim = self._make_claim("R-8")
        case = claim.case_id
        first = self._post(
            [clp(claim.name, 150, 80, adjustments=[("CO", "45", 50), ("PR", "2", 20)])], 80
        )
        correction = clp(claim.name, 150, 60, adjustments=[("CO", "45", 80), ("PR", "1", 10)])
        reversal = clp(
            claim.name, -150, -80, status="22", adjustments=[("CO", "45", -50), ("PR", "2", -20)]
        )
        second = self._post(
            [correction, reversal], 0, trace="T2", plb=[("WO", claim.name, -20)], method="NON"
        )
        self.assertEqual(second.state, "posted")
        self.assertEqual(second.claim_ids.mapped("state"), ["posted", "posted"])
        self.assertEqual(first.claim_ids.state, "reversed")
        self.assertEqual(self._get_party_open(case, "payer_1"), 0.0)
        self.assertEqual(self._get_party_open(case, "patient"), 10.0)
        self.assertEqual((claim.amount_paid, claim.amount_patient), (60.0, 10.0))
        self.assertEqual(claim.state, "paid")
        for remittance in (first, second):
            self._assert_books(remittance)
        self.assertEqual(first.claim_ids.transfer_invoice_id.payment_state, "reversed")

    def test_a_correction_before_its_reversal_waits_for_it(self):
        claim = self._make_claim("R-9")
        self._post([clp(claim.name, 150, 100, adjustments=[("CO", "45", 50)])], 100)
        correction = self._post(
            [clp(claim.name, 150, 60, adjustments=[("CO", "45", 90)])], 60, trace="T2"
        )
        self.assertEqual(correction.claim_ids.hold_code, "credit")
        reversal = self._post(
            [clp(claim.name, -150, -100, status="22", adjustments=[("CO", "45", -50)])],
            0,
            trace="T3",
            plb=[("WO", claim.name, -100)],
            method="NON",
        )
        self.assertEqual(reversal.claim_ids.state, "posted")
        self.assertEqual(correction.claim_ids.state, "posted")
        self.assertEqual(claim.amount_paid, 60.0)
        self._assert_books(correction)
        self._assert_books(reversal)

    def test_interest_is_income_and_no_payment_of_a_claim(self):
        claim = self._make_claim("R-10")
        remittance = self._post(
            [clp(claim.name, 150, 100, adjustments=[("CO", "45", 50)])],
            101.5,
            plb=[("L6", "INT", -1.5)],
        )
        use = self.env["hc.ledger.account"]._get_for(self.company, "payer_interest")
        income = remittance.cash_move_id.line_ids.filtered(
            lambda line: line.account_id == use.account_id
        )
        self.assertEqual(income.credit, 1.5)
        self._assert_books(remittance)

    def test_a_predetermination_posts_nothing(self):
        claim = self._make_claim("R-11")
        remittance = self._post(
            [clp(claim.name, 150, 0, status="25", adjustments=[("OA", "101", 150)])],
            0,
            method="NON",
        )
        self.assertEqual(remittance.claim_ids.state, "no_posting")
        self.assertFalse(remittance.move_ids)
        self.assertEqual(self._get_party_open(claim.case_id, "payer_1"), 150.0)

    def _answer_by_services(self, number, charged=150):
        line = ("V1001", charged, charged - 50, [("CO", "45", 50)])
        body = clp(number, charged, charged - 50, lines=[line])
        return self._receive(era([body], charged - 50, trace=number)).claim_ids

    def test_without_a_number_one_claim_of_the_member_day_and_charge_is_found(self):
        claim = self._make_claim("R-12")
        answer = self._answer_by_services("NOT-OURS-1")
        self.assertEqual((answer.claim_id, answer.match_method), (claim, "services"))
        self.assertEqual(answer.service_ids.claim_line_id, claim.line_ids)
        other_charge = self._answer_by_services("NOT-OURS-2", charged=160)
        self.assertEqual((other_charge.state, other_charge.claim_id.id), ("unmatched", False))

    def test_where_two_claims_fit_a_person_picks(self):
        claim = self._make_claim("R-13")
        patient = self._create_patient("1000013")
        twin = self._make_claim("R-14", patient=patient, coverage=self._create_coverage(patient))
        answer = self._answer_by_services("NOT-OURS-3")
        self.assertEqual((answer.state, answer._get_candidates()), ("unmatched", claim | twin))
        with self._refused("record number"):
            answer.with_user(self.poster).action_pick_claim("1 OR 1=1")
        answer.with_user(self.poster).action_pick_claim(twin.id)
        self.assertEqual((answer.claim_id, answer.match_method), (twin, "picked"))
