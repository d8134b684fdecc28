# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision
from odoo.addons.hc_revenue_base.tests.common import SERVICE_DATE

from .contract_common import ContractCase
from .remittance_common import clp
from .test_remittance_secondary import PRIMARY, SecondaryCase


@tagged("post_install", "-at_install")
class TestPaymentVariance(ContractCase):
    """Payments against their contract: found, worked on, accepted, taken back."""

    def _accept(self, variance, user=None):
        wizard = (
            self.env["hc.payment.variance.wizard"]
            .with_user(user or self.manager)
            .create(
                {
                    "variance_ids": variance.ids,
                    "reason_code_id": self._reason("write_off").id,
                    "justification": "not worth a letter to the payer",
                }
            )
        )
        wizard.action_request()
        action = self.env["hc.controlled.action"].search(
            [("kind", "=", "contract_deviation"), ("res_id", "=", variance.id)],
            order="id desc",
            limit=1,
        )
        if action.state == "pending":
            action._settle(GateDecision("allow"))
        return action

    def test_too_little_is_found_explained_and_put_into_the_queue(self):
        answer = self._answer("PV-1", 90)
        self.assertFalse(answer.contract_checked_at, "posting does not wait for it")
        variance = self._compare(answer)
        self.assertEqual((variance.kind, variance.amount), ("underpaid", 10.0))
        self.assertEqual(
            (variance.amount_expected, variance.amount_allowed, variance.amount_paid), (100, 90, 90)
        )
        self.assertEqual(variance.contract_id, self.contract)
        self.assertIn("the contract allows", variance.explanation)
        self.assertIn("V1001", variance.line_ids.explanation)
        self.assertIn("100.00", variance.line_ids.explanation)
        told = variance.with_user(self.poster).explanation
        self.assertIn("the contract allows", told)
        self.assertIn("charge less contractual adjustments", told)
        item = self.env["hc.work.item"].search(
            [("dedup_key", "=", f"payment_variance:{variance.id}")]
        )
        self.assertEqual((item.queue_id.code, item.state), ("contracting", "open"))
        self.assertEqual(item.action_open_source()["res_id"], variance.id)
        self.assertEqual(answer.amount_underpaid, 10.0)
        claim = variance.claim_id
        self.assertEqual(claim.variance_count, 1)
        self.assertEqual(claim.action_open_variances()["domain"], [("claim_id", "=", claim.id)])

    def test_the_same_again_creates_nothing(self):
        answer = self._answer("PV-2", 90)
        variance = self._compare(answer)
        lines = variance.line_ids
        self._compare(answer)
        self.assertEqual(answer.variance_ids, variance)
        self.assertEqual(variance.line_ids, lines)

    def test_what_was_agreed_denied_or_tolerated_is_no_variance(self):
        for number, allowed, denied in (("PV-3", 100, 0), ("PV-4", 0, 150), ("PV-5", 99, 0)):
            with self.subTest(number):
                patient = self._create_patient(f"40{number}")
                coverage = self._create_coverage(patient)
                answer = self._answer(
                    number, allowed, denied=denied, patient=patient, coverage=coverage
                )
                self.assertFalse(self._compare(answer))
                self.assertTrue(answer.contract_checked_at)

    def test_too_much_is_shown_too_and_not_disputed(self):
        variance = self._compare(self._answer("PV-6", 130))
        self.assertEqual((variance.kind, variance.amount), ("overpaid", 30.0))
        with self._refused("is not disputed"):
            variance.with_user(self.poster).action_dispute()

    def test_another_version_looks_at_past_payments_again(self):
        answer = self._answer("PV-7", 90)
        variance = self._compare(answer)
        action = self.contract.with_user(self.author).action_new_version()
        draft = self.env["hc.payer.contract"].with_user(self.author).browse(action["res_id"])
        draft.date_from = self.contract.date_from
        draft.term_ids[0].amount = 120.0
        draft.with_user(self.manager).action_publish()
        self.assertFalse(answer.contract_checked_at)
        self.assertEqual(draft.sudo().unchecked_count, 1)
        with self.enter_registry_test_mode():
            self.env.ref("hc_claims.ir_cron_check_contracts").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((variance.amount, variance.contract_id.version), (30.0, 2))
        self.assertEqual((draft.unchecked_count, draft.checked_count), (0, 1))
        draft.with_user(self.manager).action_withdraw()
        self._compare(answer)
        self.assertEqual((variance.state, variance.closing), ("closed", "agreed"))

    def test_a_reversal_closes_and_the_correction_recovers(self):
        answer = self._answer("PV-8", 90)
        variance = self._compare(answer)
        variance.with_user(self.poster).action_dispute()
        self.assertEqual(variance.disputed_on, fields.Date.context_today(variance))
        claim = answer.claim_id
        correction = clp(claim.name, 150, 100, lines=[("V1001", 150, 100, [("CO", "45", 50)])])
        reversal = clp(
            claim.name, -150, -90, status="22", lines=[("V1001", -150, -90, [("CO", "45", -60)])]
        )
        remittance = self._post([reversal, correction], 10, trace="T-PV-8B")
        self.assertEqual(remittance.state, "posted")
        self.assertEqual((variance.state, variance.closing), ("closed", "reversed"))
        self.assertFalse(self._compare(remittance.claim_ids))
        self.assertEqual((variance.state, variance.amount_recovered), ("recovered", 10.0))
        # The correction is undone with its reversal: the first payment stands, and is too small.
        asked = variance.disputed_on
        self._undo_remittance(remittance)
        self.assertEqual(answer.state, "posted")
        self._compare(answer)
        self.assertEqual((variance.state, variance.amount_recovered), ("disputed", 0.0))
        self.assertEqual((variance.disputed_on, variance.closing), (asked, False))
        self.assertTrue(self._get_open_item(variance))

    def _undo_remittance(self, remittance):
        action = remittance.with_user(self.finance)._request_undo(
            idempotency_key=f"undo:{remittance.id}", justification="sent again by the payer"
        )
        if action.sudo().state == "pending":
            action.sudo()._settle(GateDecision("allow"))

    def _get_open_item(self, variance):
        return self.env["hc.work.item"].search(
            [("dedup_key", "=", f"payment_variance:{variance.id}"), ("state", "=", "open")]
        )

    def test_acceptance_shows_the_amount_as_what_it_is_and_goes_with_the_payment(self):
        answer = self._answer("PV-9", 90)
        variance = self._compare(answer)
        action = self._accept(variance)
        self.assertEqual((action.state, variance.state), ("applied", "accepted"))
        self.assertFalse(action.is_reversible, "it goes with its payment")
        use = self.env["hc.ledger.account"]._get_for(self.company, "contract_deviation")
        entry = action.entry_ids
        self.assertEqual(
            entry.line_ids.filtered(lambda line: line.account_id == use.account_id).debit, 10.0
        )
        self.assertEqual(self._get_party_open(answer.case_id, "payer_1"), 0.0)
        reversal = clp(
            answer.patient_control_number,
            -150,
            -90,
            status="22",
            lines=[("V1001", -150, -90, [("CO", "45", -60)])],
        )
        patient = self._create_patient("409B")
        coverage = self._create_coverage(patient)
        extra = self._make_claim("PV-9B", patient=patient, coverage=coverage)
        paid = clp(extra.name, 150, 100, lines=[("V1001", 150, 100, [("CO", "45", 50)])])
        self._post([reversal, paid], 10, trace="T-PV-9B")
        self.assertEqual((variance.state, variance.closing), ("closed", "reversed"))
        balance = sum(
            self.env["account.move.line"]
            .search(
                [("hc_case_id", "=", answer.case_id.id), ("account_id", "=", use.account_id.id)]
            )
            .mapped("balance")
        )
        self.assertEqual(balance, 0.0)

    def test_only_who_may_accepts_and_nobody_sets_the_state(self):
        variance = self._compare(self._answer("PV-10", 90))
        with self.assertRaises(AccessError):
            variance.with_user(self.poster).write({"amount": 1.0})
        with self.assertRaises(AccessError):
            variance.with_user(self.coder).action_review()
        variance.with_user(self.poster).action_review()
        self.assertEqual(variance.responsible_user_id, self.poster)
        with self._refused("Managers and finance managers"):
            variance.with_user(self.poster)._close_as_none("the payer is right about it")
        wizards = self.env[variance.action_open_close()["res_model"]].with_user(self.manager)
        with self._refused("Say in a sentence"):
            wizards.create({"variance_id": variance.id, "reason": "no"}).action_confirm()
        reason = "the payer is right about it"
        wizards.create({"variance_id": variance.id, "reason": reason}).action_confirm()
        self.assertEqual((variance.state, variance.closing), ("closed", "no_variance"))
        entry = self.env["hc.transition"].search(
            [("res_model", "=", variance._name), ("res_id", "=", variance.id)],
            order="sequence desc",
            limit=1,
        )
        self.assertEqual((entry.reason, entry.to_state), (reason, "closed"))
        self._compare(variance.answer_id)
        self.assertEqual(variance.state, "closed", "a person said that it is none")

    def test_a_claim_adjusted_as_a_whole_is_compared_as_a_whole(self):
        claim = self._make_claim("PV-11", services=(("V1001", 1.0), ("L2002", 1.0)))
        remittance = self._post(
            [clp(claim.name, 190, 100, adjustments=[("CO", "45", 90)])], 100, trace="T-PV-11"
        )
        variance = self._compare(remittance.claim_ids)
        self.assertEqual(variance.amount_expected, 132.0, "100 + 80 % of 40")
        self.assertEqual((len(variance.line_ids), variance.amount), (1, 32.0))

    def test_a_line_that_the_payer_splits_is_priced_once(self):
        for number, paid, expected in (("PV-13", 100, []), ("PV-14", 90, [(200, 180, 20)])):
            with self.subTest(number):
                patient = self._create_patient(f"40{number}")
                coverage = self._create_coverage(patient)
                claim = self._make_claim(
                    number, services=(("V1001", 2.0),), patient=patient, coverage=coverage
                )
                parts = [("V1001", 150, paid, [("CO", "45", 150 - paid)])] * 2
                remittance = self._post(
                    [clp(claim.name, 300, 2 * paid, lines=parts)], 2 * paid, trace=f"T-{number}"
                )
                services = remittance.claim_ids.service_ids
                self.assertEqual(services.claim_line_id, claim.line_ids)
                self.assertEqual(len(services), 2)
                found = self._compare(remittance.claim_ids).line_ids
                self.assertEqual(
                    [(r.amount_expected, r.amount_allowed, r.amount_difference) for r in found],
                    expected,
                )

    def test_recovered_is_what_a_later_answer_paid(self):
        variance = self._compare(self._answer("PV-15", 90)).with_user(self.poster)
        variance.action_dispute()
        with self._refused("no later payment"):
            variance.action_recover()
        self.assertEqual((variance.state, variance.amount_recovered), ("disputed", 0.0))
        claim = variance.sudo().claim_id
        more = clp(claim.name, 0, 6, lines=[("V1001", 0, 6, [("CO", "45", -6)])])
        remittance = self._post([more], 6, trace="T-PV-15B")
        self.assertEqual(remittance.claim_ids.state, "posted")
        variance.action_recover()
        self.assertEqual((variance.state, variance.amount_recovered), ("recovered", 6.0))
        back = clp(claim.name, 0, -6, status="22", lines=[("V1001", 0, -6, [("CO", "45", 6)])])
        patient = self._create_patient("40915B")
        other = self._make_claim("PV-15C", patient=patient, coverage=self._create_coverage(patient))
        paid = clp(other.name, 150, 100, lines=[("V1001", 150, 100, [("CO", "45", 50)])])
        taken = self._post([back, paid], 94, trace="T-PV-15C")
        self.assertEqual((variance.state, variance.amount_recovered), ("disputed", 0.0))
        self.assertTrue(self._get_open_item(variance.sudo()))
        self.assertEqual(taken.state, "posted")

    def test_payers_without_contract_cost_nothing(self):
        self.contract._transition("withdrawn")
        answer = self._answer("PV-12", 90)
        with self.enter_registry_test_mode():
            self.env.ref("hc_claims.ir_cron_check_contracts").method_direct_trigger()
        self.assertFalse(answer.contract_checked_at)
        self.assertFalse(answer.variance_ids)


@tagged("post_install", "-at_install")
class TestCoordination(SecondaryCase):
    """A later payer is expected to pay what its contract allows less what was paid before it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        author = cls._create_user("contract.author", "claims_specialist")
        contract = (
            cls.env["hc.payer.contract"]
            .with_user(author)
            .create(
                {
                    "name": "Second",
                    "code": "SECOND",
                    "payer_id": cls.second_payer.id,
                    "date_from": SERVICE_DATE.replace(month=1, day=1),
                    "term_ids": [(0, 0, {"method": "per_service", "amount": 360.0})],
                }
            )
        )
        contract.with_user(cls.manager).action_publish()

    def _answer_both(self, number, paid, cut, *, lines=False):
        """The primary pays 300 of 500 and leaves 75; the second pays and cuts its part."""
        patient = self._create_patient(f"44{number}")
        second = self._create_coverage(
            patient, payer_id=self.second_payer.id, coverage_order="2", member_id=f"S{number}"
        )
        claim = self._make_claim(
            number,
            patient=patient,
            coverage=self._create_coverage(patient),
            secondary_coverage_id=second.id,
        )
        answers = (300, PRIMARY), (paid, [("OA", "23", 425), *cut])
        for order, (amount, adjustments) in enumerate(answers):
            asked = claim.case_id.claim_ids.sorted("payer_order")[order]
            for state in ("draft", "ready", "submitted"):
                asked._transition_where_allowed(state)
            parts = {"lines": [("V1001", 500, amount, adjustments)]}
            answer = clp(
                asked.name,
                500,
                amount,
                status="2" if order else "1",
                **(parts if lines else {"adjustments": adjustments}),
            )
            remittance = self._post(
                [answer],
                amount,
                trace=f"T{order}-{number}",
                payer="70055" if order else "60054",
                method="ACH" if amount else "NON",
            )
            self.assertEqual(remittance.claim_ids.state, "posted", remittance.claim_ids.hold_note)
        answer = remittance.claim_ids
        answer._check_contracts()
        return answer

    def test_too_little_after_the_primary_is_found_and_said_in_words(self):
        for number, lines in (("CO-1", False), ("CO-2", True)):
            answer = self._answer_both(number, 40, [("CO", "45", 35)], lines=lines)
            variance = answer.variance_ids
            self.assertEqual((variance.kind, variance.amount), ("underpaid", 20.0), number)
            self.assertEqual((variance.amount_expected, variance.amount_allowed), (60.0, 40.0))
            self.assertIn("earlier payers paid", variance.explanation)

    def test_paying_less_because_the_primary_paid_is_no_underpayment(self):
        paid_in_full = self._answer_both("CO-3", 60, [("CO", "45", 15)], lines=True)
        own_share = self._answer_both("CO-4", 50, [("CO", "45", 15), ("PR", "2", 10)])
        all_that_was_left = self._answer_both("CO-5", 75, [])
        for answer in (paid_in_full, own_share, all_that_was_left):
            self.assertTrue(answer.contract_checked_at)
            self.assertFalse(answer.variance_ids)
        self.assertEqual(paid_in_full.amount_expected, 60.0)
