# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .remittance_common import clp
from .test_credit_balance import SHARES, CreditCase

BACK = [(group, reason, -amount) for group, reason, amount in SHARES]


@tagged("post_install", "-at_install")
class TestRemittanceSettlement(CreditCase):
    """The ways out for answers that are held because posting them would create a credit."""

    def _balances(self):
        rows = self.env["account.move.line"]._read_group(
            [("company_id", "=", self.company.id), ("parent_state", "=", "posted")],
            ["account_id"],
            ["balance:sum"],
        )
        return {account.code: round(total, 2) for account, total in rows if round(total, 2)}

    def _posted_by_hand(self, number, mrn, amount=80.0):
        """A claim whose payment a person posted before the file came."""
        patient = self._create_patient(mrn)
        claim = self._make_claim(number, patient=patient, coverage=self._create_coverage(patient))
        payment = self._pay_amount(claim.case_id, amount)
        remittance = self._post(
            [clp(claim.name, 150, 80, adjustments=SHARES)], 80, trace=f"{number}A"
        )
        self.assertEqual(remittance.claim_ids.hold_code, "credit")
        return claim, remittance, payment

    def _settle(self, answer, settlement, items, user=None, key="first"):
        action = answer.with_user(user or self.finance)._request_settlement(
            settlement,
            items,
            idempotency_key=f"{settlement}:{answer.id}:{key}",
            justification="posted by hand from the paper advice",
        )
        return self._agree_to(action)

    def test_settled_elsewhere_posts_only_what_is_missing(self):
        claim, remittance, payment = self._posted_by_hand("SE-1", "4200001")
        answer = remittance.claim_ids
        [item] = answer._get_settlement_items()
        self.assertEqual(item.move_id, payment.move_id)
        self.assertEqual(self._get_clearing(remittance), 80.0)
        action = self._settle(answer, "elsewhere", item)
        self.assertEqual((action.state, answer.state), ("applied", "posted"))
        self.assertEqual(answer.settlement_item_ids, item)
        case = claim.case_id
        self.assertEqual(self._get_party_open(case, "payer_1"), 0.0)
        self.assertEqual(self._get_party_open(case, "patient"), 20.0)
        self.assertEqual((claim.state, claim.amount_paid), ("paid", 80.0))
        self.assertEqual(self._get_clearing(remittance), 0.0, "the remittance is explained")
        in_transit = payment.move_id.line_ids - item
        self.assertTrue(in_transit.reconciled, "the money came once")
        self.assertEqual(answer.amount_allowed_off, 50.0)
        with self._refused("held because"):
            self._settle(answer, "elsewhere", item, key="again")

    def test_undoing_it_leaves_the_payment_of_the_person(self):
        _claim, remittance, payment = self._posted_by_hand("SE-2", "4200002")
        before = self._balances()
        answer = remittance.claim_ids
        self._settle(
            answer,
            "elsewhere",
            answer.env["account.move.line"].union(*answer._get_settlement_items()),
        )
        self.assertNotEqual(self._balances(), before)
        action = remittance.with_user(self.finance)._request_undo(
            idempotency_key="undo-se2", justification="wrong company"
        )
        self._agree_to(action)
        self.assertEqual(remittance.state, "undone")
        receipts = self._balances()
        self.assertEqual(self._get_party_open(answer.case_id, "payer_1"), 70.0)
        self.assertEqual(self._get_party_open(answer.case_id, "patient"), 0.0)
        in_transit = payment.move_id.line_ids.filtered("debit")
        self.assertFalse(in_transit.reconciled)
        self.assertEqual(receipts[in_transit.account_id.code], before[in_transit.account_id.code])

    def test_the_payer_takes_back_what_was_posted_by_hand(self):
        claim, remittance, payment = self._posted_by_hand("SE-3", "4200003")
        answer = remittance.claim_ids
        [item] = answer._get_settlement_items()
        self._settle(answer, "elsewhere", item)
        back = self._post(
            [clp(claim.name, -150, -80, status="22", adjustments=BACK)],
            0,
            trace="SE-3B",
            plb=[("WO", claim.name, -80)],
            method="NON",
        )
        self.assertEqual((answer.state, back.claim_ids.state), ("reversed", "posted"))
        self.assertEqual(self._get_party_open(claim.case_id, "payer_1"), 150.0)
        self.assertEqual(self._get_party_open(claim.case_id, "patient"), 0.0)
        self.assertEqual(self._get_clearing(back), 0.0)
        self.assertTrue((payment.move_id.line_ids - item).reconciled, "that money did come")
        again = self._post(
            [clp(claim.name, 150, 90, adjustments=[("CO", "45", 60)])], 90, trace="SE-3C"
        )
        self.assertEqual(again.claim_ids.state, "posted")
        self.assertEqual(self._get_party_open(claim.case_id, "payer_1"), 0.0)

    def test_a_difference_of_a_cent_is_refused(self):
        _claim, remittance, _payment = self._posted_by_hand("SE-4", "4200004", 80.01)
        answer = remittance.claim_ids
        [item] = answer._get_settlement_items()
        with self._refused("do not come to"):
            self._settle(answer, "elsewhere", item)
        with self._refused("Choose the postings"):
            self._settle(answer, "elsewhere", item.browse())
        stranger = self._posted_by_hand("SE-5", "4200005")[2].move_id.line_ids.filtered("credit")
        with self._refused("settle what this payer owes"):
            self._settle(answer, "elsewhere", stranger)

    def test_payment_and_allowance_of_people_stand_for_the_whole(self):
        patient = self._create_patient("4200006")
        claim = self._make_claim("SE-6", patient=patient, coverage=self._create_coverage(patient))
        case = claim.case_id
        self._pay_amount(case, 80.0)
        written_off = self._agree_to(self._adjust(case, "contract_deviation", 50.0))
        remittance = self._post([clp(claim.name, 150, 80, adjustments=SHARES)], 80, trace="SE-6A")
        answer = remittance.claim_ids
        items = answer.env["account.move.line"].union(*answer._get_settlement_items())
        self.assertEqual(len(items), 2)
        self._settle(answer, "elsewhere", items)
        payment = items.move_id.origin_payment_id
        with self._refused("stands for the answer"):
            payment.action_draft()
        with self._refused("stands for the answer"):
            payment.move_id.button_draft()
        with self._refused("stands for the answer"):
            items.filtered(lambda item: item.move_id == payment.move_id).remove_move_reconcile()
        with self._refused("stands for the answer"):
            self._reverse(written_off)
        self.assertEqual(self._get_party_open(case, "payer_1"), 0.0)
        self.assertEqual(self._get_party_open(case, "patient"), 20.0)
        self._post(
            [clp(claim.name, -150, -80, status="22", adjustments=BACK)],
            0,
            trace="SE-6B",
            plb=[("WO", claim.name, -80)],
            method="NON",
        )
        self.assertEqual(self._get_party_open(case, "payer_1"), 150.0)
        use = self.env["hc.ledger.account"]._get_for(self.company, "contract_deviation")
        self.assertNotIn(use.account_id.code, self._balances(), "booked back where it was booked")

    def test_paid_twice_is_taken_in_as_credit_and_refunded(self):
        claim, held = self._twice("SE-7")
        credit = self._credits([("answer_id", "=", held.id)])
        wizard = Form(
            self.env["hc.remittance.settlement.wizard"]
            .with_user(self.finance)
            .with_context(default_answer_id=held.id)
        )
        wizard.settlement = "credit"
        wizard.reason = "The same check was issued twice."
        record = wizard.save()
        with self._refused("Look at the postings first"):
            record.action_confirm()
        record.is_reviewed = True
        record.action_confirm()
        self._agree_to(
            self.env["hc.controlled.action"].search(
                [("res_model", "=", held._name), ("res_id", "=", held.id)]
            )
        )
        self.assertEqual((held.state, held.settlement), ("posted", "credit"))
        self.assertEqual(credit.state, "resolved", "its money is on the case now")
        self.assertEqual(self._get_party_open(claim.case_id, "payer_1"), -80.0)
        self.assertEqual(claim.amount_paid, 160.0)
        self._find()
        credit = self._credits([("source", "=", "balance"), ("case_id", "=", claim.case_id.id)])
        self.assertEqual((credit.amount, credit.proposed_cause), (80.0, "duplicate_payment"))
        action = credit.with_user(self.manager)._request_refund(
            80.0,
            idempotency_key="se-7",
            reason_code_id=self._reason("refund").id,
            justification="they paid the claim twice",
        )
        self.assertEqual(self._agree_to(action).state, "applied")
        self.assertEqual((credit.state, credit.resolution), ("resolved", "refunded"))
        self.assertEqual(self._get_party_open(claim.case_id, "payer_1"), 0.0)

    def _take_in(self, number):
        """A claim that its payer paid twice, the second time taken in as its credit.

        :return: the claim, the second answer, the credit on the case
        """
        claim, held = self._twice(number)
        self._settle(held, "credit", self.env["account.move.line"])
        self._find()
        credit = self._credits([("source", "=", "balance"), ("case_id", "=", claim.case_id.id)])
        return claim, held, credit

    def _refund(self, credit, amount, case=None, key="refund"):
        action = credit.with_user(self.manager)._request_refund(
            amount,
            case,
            idempotency_key=f"{key}:{credit.id}",
            reason_code_id=self._reason("refund").id,
            justification="it is their money",
        )
        return self._agree_to(action)

    def test_a_refund_pays_back_what_it_was_asked_for_and_nothing_else(self):
        patient = self._create_patient("4200019")
        owing = self._make_claim("SE-9Z", patient=patient, coverage=self._create_coverage(patient))
        loose = self._overpay(owing.case_id, 200.0).move_id.line_ids.filtered("credit")
        later = self._overpay(owing.case_id, 50.0).move_id.line_ids.filtered("credit")
        claim, _held, credit = self._take_in("SE-9")
        with self._refused("less than the"):
            self._refund(credit, 100.0)
        with self._refused("requested already"):
            credit._transition("refund_requested")
            self._refund(credit, 80.0)
        part = self._refund(credit, 30.0, key="part")
        self.assertEqual((part.state, credit.state, credit.amount), ("applied", "open", 50.0))
        self._refund(credit, 50.0)
        self.assertEqual((credit.state, credit.resolution), ("resolved", "refunded"))
        self.assertEqual(self._get_party_open(claim.case_id, "payer_1"), 0.0)
        self.assertEqual((loose + later).mapped("amount_residual"), [-200.0, -50.0])
        unplaced = self._credits([("item_id", "=", later.id)])
        with self._refused("no party"):
            self._refund(unplaced, 50.0, self._bill_patient("SE-9P"))
        with self._refused("less than the"):
            self._refund(unplaced, 60.0, owing.case_id)
        self._refund(unplaced, 50.0, owing.case_id)
        self.assertEqual((loose + later).mapped("amount_residual"), [-200.0, 0.0])

    def test_a_third_payment_and_one_beside_a_denied_part_are_taken_in(self):
        claim, held = self._twice("SE-10")
        answer = clp(claim.name, 150, 80, adjustments=SHARES)
        third = self._post([answer], 80, trace="SE-10C").claim_ids
        self._settle(held, "credit", self.env["account.move.line"])
        self._settle(third, "credit", self.env["account.move.line"])
        self.assertEqual(third.state, "posted")
        self.assertEqual(self._get_party_open(claim.case_id, "payer_1"), -160.0)
        patient = self._create_patient("4200011")
        partly = self._make_claim("SE-11", patient=patient, coverage=self._create_coverage(patient))
        answer = clp(partly.name, 150, 80, adjustments=[("CO", "197", 70)])
        self._post([answer], 80, trace="SE-11A")
        again = self._post([answer], 80, trace="SE-11B").claim_ids
        self.assertEqual((again.state, again.hold_code), ("held", "credit"))
        self._settle(again, "credit", self.env["account.move.line"])
        self.assertEqual(self._get_party_open(partly.case_id, "payer_1"), -10.0)

    def test_a_refunded_credit_is_not_undone_behind_the_refund(self):
        _claim, held, credit = self._take_in("SE-12")
        refund = self._refund(credit, 80.0)

        def undo(key):
            action = held.remittance_id.with_user(self.finance)._request_undo(
                idempotency_key=f"undo-se12:{key}", justification="the check bounced"
            )
            return self._agree_to(action)

        with self._refused("Reverse that first"):
            undo("early")
        self._agree_to(self._reverse(refund))
        undo("now")
        self.assertEqual((held.remittance_id.state, held.state), ("undone", "undone"))

    def test_the_clock_runs_on_when_the_money_is_moved_or_its_refund_undone(self):
        self.payer.payer_type = "medicare"
        claim, held = self._twice("SE-14")
        listed = self._credits([("answer_id", "=", held.id)])
        identified = listed.identified_on - timedelta(days=55)
        listed._set_clock(identified_on=identified)
        listed._investigate("all visits of that payer since May")
        self._settle(held, "credit", self.env["account.move.line"])
        self.assertEqual(listed.state, "resolved")
        self.assertTrue(listed.suspension_ended_on)
        on_case = [("source", "=", "balance"), ("case_id", "=", claim.case_id.id)]
        self._find()
        credit = self._credits(on_case)
        self.assertEqual((credit.identified_on, credit.days_left), (identified, 5))
        self.assertEqual(credit.suspension_ended_on, listed.suspension_ended_on)
        refund = self._refund(credit, 80.0)
        self.assertEqual(credit.state, "resolved")
        self._agree_to(self._reverse(refund))
        self._find()
        again = self._credits(on_case) - credit
        self.assertEqual((again.amount, again.identified_on), (80.0, identified))
        self._refund(again, 80.0, key="again")
        third = self._post(
            [clp(claim.name, 150, 80, adjustments=SHARES)], 80, trace="SE-14C"
        ).claim_ids
        self._settle(third, "credit", self.env["account.move.line"])
        self._find()
        other = self._credits(on_case) - credit - again
        self.assertGreater(other.identified_on, identified, "the first money was returned")

    def test_requesting_a_refund_ends_the_investigation(self):
        self.payer.payer_type = "medicare"
        _claim, _held, credit = self._take_in("SE-15")
        credit._investigate("all visits of that payer since May")
        self.assertEqual(credit.clock_status, "suspended")
        self._refund(credit, 30.0)
        self.assertEqual((credit.state, credit.clock_status), ("open", "running"))
        self.assertTrue(credit.suspension_ended_on)

    def test_wizards_show_nothing_of_other_facilities(self):
        _claim, held, credit = self._take_in("SE-13")
        stranger = self._create_user(
            "settlement.stranger", "claims_specialist", facilities=self.other_facility
        )
        foreign = self.env["account.move.line"].search(
            [("hc_case_id", "=", held.case_id.id)], limit=1
        )
        for model, name, record, shown in (
            ("hc.credit.decision.wizard", "credit_id", credit, "credit_amount"),
            ("hc.remittance.settlement.wizard", "answer_id", held, "amount_paid"),
        ):
            wizards = self.env[model].with_user(stranger)
            vals = {name: record.id, "decision": "cause", "note": "x", "reason": "x"}
            vals = {key: value for key, value in vals.items() if key in wizards._fields}
            self.env.invalidate_all()
            with self.subTest(shown=shown):
                with self.assertRaises(AccessError):
                    wizards.onchange(vals, [], {name: {}, shown: {}})
                with self.assertRaises(AccessError):
                    wizards.with_context(**{f"default_{name}": record.id}).onchange(
                        {}, [], {name: {}, shown: {}}
                    )
                with self.assertRaises(AccessError):
                    wizards.create(vals)
        answer = self._twice("SE-16")[1]
        wizard = self.env["hc.remittance.settlement.wizard"].with_user(self.poster)
        wizard = wizard.create({"answer_id": answer.id, "reason": "x"})
        line = wizard.line_ids.create({"wizard_id": wizard.id, "item_id": foreign.id})
        self.assertFalse(line.name, "a posting that has nothing to do with the answer")

    def test_posters_do_not_settle_by_themselves(self):
        _claim, remittance, _payment = self._posted_by_hand("SE-8", "4200008")
        answer = remittance.claim_ids
        [item] = answer._get_settlement_items()
        action = answer.with_user(self.poster)._request_settlement(
            "elsewhere", item, idempotency_key="poster", justification="looked at it"
        )
        self.assertNotEqual(action.state, "applied")
        self.assertEqual(answer.state, "held")
