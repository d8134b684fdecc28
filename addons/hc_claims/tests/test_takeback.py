# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import random
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .remittance_common import clp
from .test_credit_balance import SHARES, CreditCase

BACK = [(group, reason, -amount) for group, reason, amount in SHARES]


@tagged("post_install", "-at_install")
class TestTakeback(CreditCase):
    """What payers take back: announced, taken, acknowledged, explained, accepted or disputed."""

    def _claim(self, number, paid=True):
        claim = self._make_own_claim(number)
        if paid:
            self._post([clp(claim.name, 150, 80, adjustments=SHARES)], 80, trace=f"{number}P")
        return claim

    def _advise(self, trace, *rows, claims=()):
        """A remittance of provider adjustments, with a claim that pays for what is taken."""
        paid = sum(Decimal(claim[0].split("*")[4]) for claim in claims)
        payment = paid - sum(Decimal(str(amount)) for _code, _reference, amount in rows)
        self.assertGreaterEqual(payment, 0)
        method = "ACH" if payment else "NON"
        return self._post(list(claims), payment, trace=trace, plb=list(rows), method=method)

    def _reverse(self, claim):
        return clp(claim.name, -150, -80, status="22", adjustments=BACK)

    def _takeback(self, reference):
        return self.env["hc.takeback"].search(
            [("reference", "=", reference), ("payer_id", "=", self.payer.id)]
        )

    def _get_recoupment(self):
        """What the ledger says of the account with the payer."""
        use = self.env["hc.ledger.account"]._get_for(self.company, "payer_recoupment")
        [(total,)] = self.env["account.move.line"]._read_group(
            [
                ("account_id", "=", use.account_id.id),
                ("partner_id", "=", self.payer.partner_id.id),
                ("parent_state", "=", "posted"),
            ],
            [],
            ["balance:sum"],
        )
        return round(total, 2)

    def _accept(self, takeback, user=None, key="first"):
        action = takeback.with_user(user or self.finance)._request_acceptance(
            idempotency_key=f"accept:{takeback.id}:{key}", justification="their letter is right"
        )
        return self._agree_to(action)

    def _get_item(self, takeback):
        return self.env["hc.work.item"].search(
            [("dedup_key", "=", f"takeback:{takeback.id}"), ("state", "=", "open")]
        )

    def test_announced_partly_taken_and_recovered(self):
        claim, other = self._claim("TB-1"), self._claim("TB-2", paid=False)
        third = self._claim("TB-3", paid=False)
        self._advise("TB1", ("WO", claim.name, -80), claims=[self._reverse(claim)])
        takeback = self._takeback(claim.name)
        self.assertEqual((takeback.account_state, takeback.balance), ("announced", -80.0))
        self.assertEqual((takeback.claim_id, len(takeback.reversal_ids)), (claim, 1))
        self.assertFalse(self._get_item(takeback), "the reversal explains it")
        paid = clp(other.name, 150, 80, adjustments=SHARES)
        self._advise("TB2", ("WO", claim.name, 30), claims=[paid])
        self.assertEqual((takeback.account_state, takeback.balance), ("deferred", -50.0))
        last = self._advise(
            "TB3",
            ("WO", claim.name, 50),
            ("L6", "INTEREST", -2.5),
            claims=[clp(third.name, 150, 80, adjustments=SHARES)],
        )
        self.assertEqual((takeback.account_state, takeback.balance), ("recovered", 0.0))
        self.assertEqual(self._get_recoupment(), 0.0)
        self.assertFalse(self._takeback("INTEREST"), "interest is income, nobody owes it")
        action = last.with_user(self.finance)._request_undo(
            idempotency_key="undo-tb3", justification="sent again by the payer"
        )
        self._agree_to(action)
        self.assertEqual((takeback.account_state, takeback.balance), ("deferred", -50.0))

    def test_taken_without_a_reversal_is_accepted_of_its_claim(self):
        claim, other = self._claim("TB-4"), self._claim("TB-5", paid=False)
        paid = clp(other.name, 150, 80, adjustments=SHARES)
        self._advise("TB4", ("WO", claim.name, 80), claims=[paid])
        takeback = self._takeback(claim.name)
        self.assertEqual((takeback.account_state, takeback.is_explained), ("open", False))
        item = self._get_item(takeback)
        self.assertIn("took", item.name)
        wizard = Form(
            self.env["hc.takeback.decision.wizard"]
            .with_user(self.finance)
            .with_context(default_takeback_id=takeback.id)
        )
        wizard.note = "The visit was billed twice, their letter is right."
        wizard.save().action_confirm()
        self._agree_to(takeback.action_ids[:1])
        self.assertEqual((takeback.state, takeback.balance), ("accepted", 0.0))
        self.assertEqual(self._get_party_open(claim.case_id, "payer_1"), 80.0)
        self.assertEqual(item.state, "resolved")
        self.assertEqual(self._get_recoupment(), 0.0)
        # The payer's own reversal comes late: what we booked is booked back.
        self._advise("TB5", ("WO", claim.name, -80), claims=[self._reverse(claim)])
        self.assertEqual((takeback.state, takeback.balance), ("new", -80.0))
        self.assertTrue(self._get_item(takeback))
        self.assertEqual(self._accept(takeback, key="again").state, "applied")
        self.assertEqual((takeback.balance, takeback.amount_booked), (0.0, 0.0))
        self.assertEqual(self._get_party_open(claim.case_id, "payer_1"), 150.0)
        self.assertEqual(self._get_recoupment(), 0.0)

    def test_a_large_one_is_not_accepted_by_who_posts(self):
        other = self._claim("TB-8", paid=False)
        # A case rate: paid above the charge, which comes as a negative allowance.
        paid = clp(other.name, 150, 1200, adjustments=[("CO", "45", -1050)])
        self._advise("TB8", ("WO", "LARGE", 1100), claims=[paid])
        takeback = self._takeback("LARGE")
        action = takeback.with_user(self.poster)._request_acceptance(
            idempotency_key="poster", justification="they may be right"
        )
        self.assertNotEqual(action.sudo().state, "applied")
        if action.sudo().state == "pending":
            action.with_user(self.poster).action_withdraw()
        self.assertEqual((takeback.state, takeback.balance), ("new", 1100.0))

    def test_what_was_asked_for_is_what_is_accepted(self):
        claim, wrong = self._claim("TB-9"), self._claim("TB-10", paid=False)
        paid = clp(wrong.name, 150, 80, adjustments=SHARES)
        self._advise("TB9", ("WO", claim.name, 80), claims=[paid])
        takeback = self._takeback(claim.name)
        asked = SimpleNamespace(
            parameters={"claim_id": takeback.claim_id.id, "balance": takeback.balance}
        )
        takeback._check_acceptable(asked)
        stranger = self._create_user(
            "takeback.stranger", "claims_specialist", facilities=self.other_facility
        )
        with self.assertRaises(AccessError):
            takeback.with_user(stranger)._pick_claim(wrong.with_user(stranger))
        with self._refused("another claim"):
            takeback._pick_claim(wrong)
            takeback._check_acceptable(asked)
        takeback._transition("requested")
        with self._refused("is of the claim that was asked for"):
            takeback._pick_claim(wrong)
        with self._refused("requested already"):
            self._accept(takeback)

    def test_without_a_claim_it_is_a_settlement_and_a_dispute_books_nothing(self):
        other = self._claim("TB-6", paid=False)
        paid = clp(other.name, 150, 80, adjustments=SHARES)
        self._advise("TB6", ("CS", "AUDIT 7", 25), ("J1", "POOL", 5), claims=[paid])
        audit, pool = self._takeback("AUDIT 7"), self._takeback("POOL")
        self.assertFalse(audit.claim_id)
        with self._refused("Say in a sentence"):
            audit.with_user(self.poster)._dispute("no")
        audit.with_user(self.poster)._dispute("no such audit is known here")
        self.assertEqual((audit.state, audit.balance), ("disputed", 25.0))
        self.assertFalse(self._get_item(audit))
        self.assertEqual(self._get_recoupment(), 30.0)
        audit._refresh()
        self.assertEqual(audit.state, "disputed")
        self.assertEqual(self._accept(pool).state, "applied")
        self.assertEqual((pool.balance, self._get_recoupment()), (0.0, 25.0))
        use = self.env["hc.ledger.account"]._get_for(self.company, "payer_settlement")
        entry = pool.sudo().booking_ids
        self.assertEqual(
            entry.line_ids.filtered(lambda line: line.account_id == use.account_id).debit, 5.0
        )
        with self._refused("Use “Reverse”"):
            entry.button_draft()

    def test_what_is_taken_after_a_dispute_is_decided_again(self):
        for number, total in (("TB-9", 25), ("TB-10", 50)):
            other = self._claim(number, paid=False)
            paid = clp(other.name, 150, 80, adjustments=SHARES)
            self._advise(number, ("CS", "AUDIT 8", 25), claims=[paid])
            audit = self._takeback("AUDIT 8")
            self.assertEqual((audit.state, audit.balance), ("new", total))
            self.assertTrue(self._get_item(audit))
            audit.with_user(self.poster)._dispute("no such audit is known here")
            self.assertEqual((audit.state, audit.disputed_balance), ("disputed", total))
            self.assertFalse(self._get_item(audit))

    def test_our_refund_is_acknowledged(self):
        claim, held = self._twice("TB-7")
        self._agree_to(
            held.with_user(self.finance)._request_settlement(
                "credit",
                self.env["account.move.line"],
                idempotency_key="tb-7",
                justification="they paid the claim twice",
            )
        )
        refund = self._agree_to(
            self._adjust(
                claim.case_id, "refund_payer", 80.0, reason_code_id=self._reason("refund").id
            )
        )
        self.assertEqual(refund.state, "applied")
        self.assertEqual(self._get_party_open(claim.case_id, "payer_1"), 0.0)
        # The payer takes one payment back on paper, and says by code 72 that it has the refund.
        self._advise("TB7", ("72", claim.name, -80), claims=[self._reverse(claim)])
        takeback = self._takeback(claim.name)
        self.assertEqual((takeback.amount_returned, takeback.balance), (-80.0, -80.0))
        self.assertTrue(self._get_item(takeback))
        self.assertEqual(self._accept(takeback).state, "applied")
        self.assertEqual((takeback.account_state, takeback.balance), ("offset", 0.0))
        self.assertEqual(self._get_recoupment(), 0.0)
        self.assertEqual(self._get_party_open(claim.case_id, "payer_1"), 0.0)

    def test_any_order_of_documents_comes_to_the_same(self):
        claims = [self._claim(f"TBO-{n}", paid=False) for n in range(6)]
        chance = random.Random(5)
        documents = [("WO", -40), ("FB", -15), ("WO", 25), ("FB", 15), ("72", -10), ("WO", 25)]
        chance.shuffle(documents)
        total = Decimal(0)
        for number, ((code, amount), claim) in enumerate(zip(documents, claims, strict=True)):
            total += amount
            self._advise(
                f"TBO{number}",
                (code, "ORDER 1", amount),
                claims=[clp(claim.name, 150, 80, adjustments=SHARES)],
            )
            takeback = self._takeback("ORDER 1")
            self.assertEqual(takeback.balance, float(total), documents[: number + 1])
            self.assertEqual(self._get_recoupment(), float(total))
        self.assertEqual(takeback.account_state, "offset")

    def _undo(self, takeback, key="undo"):
        return self._agree_to(
            takeback.with_user(self.finance)._request_undo(
                idempotency_key=f"{key}:{takeback.id}",
                justification="their letter was of another clinic",
                reason_code_id=self._reason("reversal").id,
            )
        )

    def test_an_acceptance_in_error_is_undone_and_the_returned_money_closes_it(self):
        claim, other = self._claim("TB-11"), self._claim("TB-12", paid=False)
        paid = clp(other.name, 150, 80, adjustments=SHARES)
        self._advise("TB11", ("WO", claim.name, 80), claims=[paid])
        takeback = self._takeback(claim.name)
        takeback.with_user(self.poster)._dispute("this visit was paid correctly")
        before = (takeback.state, takeback.balance, self._get_recoupment())
        owed = self._get_party_open(claim.case_id, "payer_1")
        with self._refused("nothing to reverse|does not belong"):
            self._undo(takeback, "none")
        accepted = self._accept(takeback)
        self.assertEqual((takeback.state, takeback.acceptance_id), ("accepted", accepted))
        self.assertNotEqual(self._get_party_open(claim.case_id, "payer_1"), owed)
        wizard = Form(
            self.env["hc.takeback.decision.wizard"]
            .with_user(self.finance)
            .with_context(**accepted.action_open_reversal()["context"])
        )
        wizard.note = "Their letter was of another clinic."
        wizard.reason_code_id = self._reason("reversal")
        wizard.save().action_confirm()
        action = self._agree_to(accepted.search([("kind", "=", "reversal")], limit=1))
        accepted.invalidate_recordset(["reversal_id"])
        self.assertEqual((action.state, accepted.reversal_id), ("applied", action))
        self.assertEqual(before, (takeback.state, takeback.balance, self._get_recoupment()))
        self.assertEqual(self._get_party_open(claim.case_id, "payer_1"), owed)
        self.assertFalse(takeback.acceptance_id)
        back = self._claim("TB-13", paid=False)
        self._advise(
            "TB13",
            ("WO", claim.name, -80),
            claims=[clp(back.name, 150, 80, adjustments=SHARES)],
        )
        self.assertEqual((takeback.account_state, takeback.balance), ("recovered", 0.0))
        self.assertEqual(self._get_recoupment(), 0.0)
        self.assertFalse(self._get_item(takeback))

    def test_money_that_came_back_first_and_what_was_built_on_an_acceptance(self):
        claim, other = self._claim("TB-14"), self._claim("TB-15", paid=False)
        paid = clp(other.name, 150, 80, adjustments=SHARES)
        self._advise("TB14", ("WO", claim.name, 80), claims=[paid])
        takeback = self._takeback(claim.name)
        first = self._accept(takeback)
        self._advise("TB15", ("WO", claim.name, -80), claims=[])
        self.assertEqual((takeback.state, takeback.balance), ("new", -80.0))
        second = self._accept(takeback, key="again")
        with self._refused("accepted again since"):
            takeback._check_undoable(first)
        self.assertEqual(self._undo(takeback).state, "applied")
        self.assertEqual((second.reversal_id.state, takeback.acceptance_id), ("applied", first))
        self.assertEqual(self._undo(takeback, "first").state, "applied")
        self.assertEqual((takeback.account_state, takeback.balance), ("recovered", 0.0))
        self.assertEqual(self._get_recoupment(), 0.0)
        self.assertEqual(self._get_party_open(claim.case_id, "payer_1"), 0.0)

    def test_a_credit_whose_takeback_is_undone_keeps_its_clock(self):
        self.payer.payer_type = "medicare"
        claim, held = self._twice("TB-16")
        self._agree_to(
            held.with_user(self.finance)._request_settlement(
                "credit",
                self.env["account.move.line"],
                idempotency_key="tb-16",
                justification="they paid the claim twice",
            )
        )
        self._find()
        mine = [("case_id", "=", claim.case_id.id), ("state", "=", "open")]
        mine += [("source", "=", "balance"), ("responsibility", "=", "payer_1")]
        [credit] = self._credits(mine)
        known = credit.identified_on - timedelta(days=40)
        credit._set_identified(known, "their letter of that day")
        taken = self._advise("TB16", ("WO", claim.name, -80), claims=[self._reverse(claim)])
        credit._expect_offset(taken.provider_adjustment_ids, "their letter says so")
        self._find()
        self.assertEqual((credit.state, credit.resolution), ("resolved", "offset"))
        self._agree_to(
            taken.with_user(self.finance)._request_undo(
                idempotency_key="undo-tb16", justification="sent again by the payer"
            )
        )
        self._find()
        [again] = self._credits(mine)
        self.assertEqual((again.identified_on, again.deadline), (known, credit.deadline))
        # The same without a person who names the adjustment, of a credit listed an hour before.
        taken = self._advise("TB17", ("WO", claim.name, -80), claims=[self._reverse(claim)])
        self._find()
        self.assertEqual(again.state, "resolved")
        self.assertFalse(again._is_offset_undone(), "returned: other money has its own clock")
        self._agree_to(
            taken.with_user(self.finance)._request_undo(
                idempotency_key="undo-tb17", justification="sent again by the payer"
            )
        )
        self.env.cr.execute(
            "UPDATE hc_credit_balance SET create_date = create_date - interval '1 hour' "
            "WHERE id = %s",
            [again.id],
        )
        again.invalidate_recordset(["create_date"])
        self._find()
        self.assertEqual(self._credits(mine).identified_on, known)
