# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Money that is not the office's: what was paid twice or too much, and what payers take back."""

from datetime import timedelta
from decimal import Decimal

from .remittance_story import RemittanceStory

_TAKEN = Decimal("64.00")
_AUDIT = Decimal("38.50")
_ANNOUNCED = Decimal("-90.00")


class CreditStory(RemittanceStory):
    """Credits and takebacks in every state, found by the sweep and worked on by people."""

    def run(self):
        """Tell every story, then let the nightly sweep look at it."""
        self._pay_by_hand_before_the_file()
        self._take_without_a_reason()
        self._announce()
        self._overpay_at_the_desk()
        self._find()
        self._work_on_credits()

    def _pay_by_hand_before_the_file(self):
        """Meridian's check was posted from paper; now its file comes and does not fit."""
        [claim] = self._get_claims("meridian", 1)
        answer = self._answer(claim)
        finance = self.office.env_of("finance_manager")
        invoice = claim.case_id.invoice_ids.filtered(lambda move: move.state == "posted")[:1]
        register = finance["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        register.create(
            {
                "amount": float(sum(part.paid for part in answer.parts)),
                "payment_date": self.as_of - timedelta(days=9),
                "communication": "Check 0087698, from the paper advice",
            }
        )._create_payments()
        self._post(self._advise("meridian", "0087698", 3, (answer,), method="CHK"))

    def _take_without_a_reason(self):
        """Unity takes money for a visit of last year and for an audit; one is disputed."""
        claims = self._get_claims("unity", 2)
        self._post(
            self._advise(
                "unity",
                "UC-550871",
                6,
                tuple(self._answer(claim) for claim in claims),
                adjustments=(
                    ("WO", "UC2025-118834", _TAKEN),
                    ("CS", "AUDIT-Q4", _AUDIT),
                    ("L6", "INTEREST", Decimal("-1.12")),
                ),
            )
        )
        audit = self.office.env_of("claims_specialist")["hc.takeback"].search(
            [("reference", "=", "AUDIT-Q4")], limit=1
        )
        audit._dispute("No audit of the fourth quarter was announced to us.")

    def _announce(self):
        """Silverlake announces a takeback by its next payment and carries it forward."""
        claims = self._get_claims("silverlake", 1)
        answers = tuple(self._answer(claim) for claim in claims)
        self._post(
            self._advise(
                "silverlake",
                "SL-770101",
                1,
                answers,
                adjustments=(
                    ("WO", "SLR-20981", _ANNOUNCED),
                    ("FB", "SLR-20981", Decimal("40.00")),
                ),
            )
        )

    def _overpay_at_the_desk(self):
        """A patient pays at the desk what was paid online."""
        finance = self.office.env_of("finance_manager")
        patients = finance["hc.billing.case"].search(
            [("payer_id", "=", False), ("stage", "in", ("invoiced", "closed"))], limit=2, order="id"
        )
        for patient, amount in zip(patients.patient_id, (35.0, 120.0), strict=False):
            payment = finance["account.payment"].create(
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": patient.sudo().partner_id.id,
                    "amount": amount,
                    "date": self.as_of - timedelta(days=40),
                    "memo": "Paid at the desk",
                }
            )
            payment.action_post()

    def _find(self):
        env = self.office.company.env
        env["hc.credit.balance"].sudo()._find_in_company(self.office.company)

    def _work_on_credits(self):
        """Medicare's double payment has been known for weeks; a patient's money goes back."""
        credits_ = self.office.env_of("claims_specialist")["hc.credit.balance"]
        federal = credits_.search([("deadline", "!=", False)], limit=1)
        if federal:
            federal._set_identified(
                self.as_of - timedelta(days=48), "Their letter of that day is in the file."
            )
            federal._choose_cause("duplicate_payment", "Check 9920037 repeats check 9920014.")
            federal.action_take()
        federal.sudo()._follow_clock()
        collector = self.office.env_of("collector")
        of_patient = collector["hc.credit.balance"].search(
            [("responsibility", "=", "patient"), ("source", "=", "payment")],
            order="amount desc",
            limit=1,
        )
        case = collector["hc.billing.case"].search(
            [("patient_id.partner_id", "=", of_patient.partner_id.id)], limit=1
        )
        of_patient._request_refund(
            of_patient.amount,
            case,
            idempotency_key="demo refund",
            reason_code_id=self.office.reason("refund", "paid_twice").id,
            justification="Paid online and once more at the desk; both receipts are in the file.",
            evidence=[
                {
                    "evidence_type": "justification",
                    "text": "Paid online and once more at the desk.",
                }
            ],
        )
