# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from .remittance_common import RemittanceCase, clp

SHARES = [("CO", "45", 50), ("PR", "2", 20)]


class CreditCase(RemittanceCase):
    """Credits of a payer that pays twice, and of a patient who pays too much."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_spares()

    def _twice(self, number):
        """A claim that its payer pays twice by the same answer; the second is held."""
        claim = self._make_own_claim(number)
        answer = clp(claim.name, 150, 80, adjustments=SHARES)
        self._post([answer], 80, trace=f"{number}A")
        held = self._post([answer], 80, trace=f"{number}B").claim_ids
        self.assertEqual((held.state, held.hold_code), ("held", "credit"))
        return claim, held

    def _credits(self, domain=()):
        return self.env["hc.credit.balance"].search([("company_id", "=", self.company.id), *domain])

    def _find(self):
        self.env["hc.credit.balance"]._find_in_company(self.company)

    def _agree_to(self, action):
        action = action.sudo()
        if action.state == "pending":
            # A module with approvals is installed: its people agree.
            action._settle(GateDecision("allow"))
        return action


@tagged("post_install", "-at_install")
class TestCreditBalance(CreditCase):
    """Credits are found, explained, timed, and gone when the ledger says so."""

    def test_a_held_answer_is_a_credit_at_once_with_its_cause(self):
        claim, held = self._twice("CB-1")
        credit = self._credits([("answer_id", "=", held.id)])
        self.assertEqual((credit.state, credit.amount), ("open", 80.0))
        self.assertEqual(credit.proposed_cause, "duplicate_payment")
        self.assertEqual((credit.case_id, credit.payer_id), (claim.case_id, self.payer))
        self.assertFalse(credit.deadline, "no federal deadline for a commercial payer")
        self._find()
        self.assertEqual(len(self._credits([("answer_id", "=", held.id)])), 1, "once while open")
        item = self.env["hc.work.item"].search([("dedup_key", "=", f"credit_balance:{credit.id}")])
        self.assertEqual(item.state, "open")
        self._post(
            [
                clp(
                    claim.name,
                    -150,
                    -80,
                    status="22",
                    adjustments=[(group, reason, -amount) for group, reason, amount in SHARES],
                )
            ],
            0,
            trace="CB-1C",
            plb=[("WO", claim.name, -80)],
            method="NON",
        )
        self.assertEqual(held.state, "posted", "the payer took the first one back")
        self.assertEqual((credit.state, credit.resolution), ("resolved", "settled"))
        self.assertEqual(item.state, "resolved")

    def test_a_payment_beyond_what_is_owed_is_refunded(self):
        case = self._bill_patient("CB-2")
        self._pay_amount(case, 150.0)
        self._overpay(case, 30.0)
        self._find()
        credit = self._credits([("source", "=", "payment")])
        self.assertEqual((credit.amount, credit.responsibility), (30.0, "patient"))
        self.assertEqual(credit.proposed_cause, "patient_overpaid")
        with self._refused("Choose the case"):
            credit.with_user(self.manager)._request_refund(
                30.0, idempotency_key="none", justification="paid twice at the desk"
            )
        action = self._agree_to(
            credit.with_user(self.manager)._request_refund(
                30.0,
                case,
                idempotency_key="refund",
                reason_code_id=self._reason("refund").id,
                justification="paid twice at the desk",
            )
        )
        self.assertEqual(action.state, "applied")
        self.assertEqual(
            (credit.state, credit.amount, credit.resolution), ("resolved", 0.0, "refunded")
        )
        self._find()
        self.assertFalse(self._credits([("state", "!=", "resolved")]))

    def test_the_clock_of_a_federal_payer(self):
        self.payer.payer_type = "medicare"
        _claim, held = self._twice("CB-3")
        credit = self._credits([("answer_id", "=", held.id)])
        today = fields.Date.context_today(credit)
        self.assertEqual((credit.identified_on, credit.return_days), (today, 60))
        self.assertEqual(credit.deadline, today + timedelta(days=60))
        self.assertEqual(credit.clock_status, "running")
        with self._refused("no later one"):
            credit._set_identified(today + timedelta(days=1), "they called tomorrow")
        credit._set_identified(today - timedelta(days=50), "their letter of that day")
        self.assertEqual((credit.days_left, credit.clock_status), (10, "warning"))
        credit._follow_clock()
        item = self.env["hc.work.item"].search([("dedup_key", "=", f"credit_deadline:{credit.id}")])
        self.assertEqual((item.queue_id.code, item.severity), ("compliance", "error"))
        credit.with_user(self.manager)._investigate("all visits of that payer since May")
        self.assertEqual((credit.state, credit.clock_status), ("investigating", "suspended"))
        self.assertEqual(credit.deadline, today + timedelta(days=190))
        credit.with_user(self.manager)._conclude("no others found")
        self.assertEqual(credit.deadline, today + timedelta(days=10))
        with self._refused("once only"):
            credit._investigate("looking again")
        credit._set_clock(identified_on=today - timedelta(days=90))
        self.assertEqual((credit.clock_status, credit.severity), ("overdue", "critical"))

    def test_a_credit_has_an_owner(self):
        _claim, held = self._twice("CB-O")
        credit = self._credits([("answer_id", "=", held.id)])
        self.assertFalse(credit.responsible_user_id)
        reader = self._create_user("credit.reader", "executive")
        with self.assertRaises(AccessError):
            credit.with_user(reader).action_take()
        credit.with_user(self.poster).action_take()
        self.assertEqual(credit.responsible_user_id, self.poster)

    def test_a_person_chooses_the_cause_and_nobody_declares_a_credit_away(self):
        _claim, held = self._twice("CB-4")
        credit = self._credits([("answer_id", "=", held.id)])
        wizard = Form(
            self.env["hc.credit.decision.wizard"]
            .with_user(self.poster)
            .with_context(default_credit_id=credit.id, default_decision="cause")
        )
        self.assertEqual(wizard.cause, "duplicate_payment")
        wizard.cause = "takeback_pending"
        wizard.note = "They wrote that they will take it."
        wizard.save().action_confirm()
        self.assertEqual((credit.cause, credit.cause_user_id), ("takeback_pending", self.poster))
        with self._refused("still shows a credit"):
            credit._transition("resolved")
        with self._refused("not.*posted|not on an account"):
            credit.with_user(self.manager)._request_refund(
                80.0, idempotency_key="held", justification="paid twice"
            )
        reader = self._create_user("credit.reader", "executive")
        with self.assertRaises(AccessError):
            credit.with_user(reader)._choose_cause("unknown", "just looking")
        credit.with_user(self.poster)._expect_offset(
            self.env["hc.provider.adjustment"], "announced on the phone"
        )
        self.assertEqual(credit.state, "offset")
        credit.with_user(self.poster)._reconsider("they did not")
        self.assertEqual(credit.state, "open")

    def test_days_are_kept_as_they_were_and_a_company_has_its_own(self):
        rules = self.env["hc.overpayment.rule"]
        rules.create(
            {"payer_type": "commercial", "company_id": self.company.id, "return_days": 30}
        )._config_write({"active": True})
        _claim, held = self._twice("CB-5")
        credit = self._credits([("answer_id", "=", held.id)])
        self.assertEqual(credit.deadline - credit.identified_on, timedelta(days=30))
        credit._set_clock(identified_on=date(2026, 1, 1))
        credit._write_guarded({"found_on": credit.found_on - timedelta(days=45)})
        credit._follow_clock()
        self.assertEqual(credit.age_band, "31-60")
