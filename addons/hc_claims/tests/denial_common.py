# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import base64
import io

from odoo.tools.pdf import PdfFileWriter

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from .remittance_common import RemittanceCase, clp


def _make_pdf():
    writer = PdfFileWriter()
    writer.add_blank_page(200, 200)
    with io.BytesIO() as buffer:
        writer.write(buffer)
        return base64.b64encode(buffer.getvalue())


PDF = _make_pdf()


class DenialCase(RemittanceCase):
    """Claims of two services, of which the payer pays the first and denies the second."""

    SERVICES = (("V1001", 1.0), ("L2002", 1.0))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.specialist = cls._create_user("denial.specialist", "claims_specialist")
        cls.reader = cls._create_user("denial.reader", "executive")
        cls.administrator = cls._create_user("denial.administrator", "administrator")
        cls._make_spares()

    def _answer(self, claim, adjustments, *, remarks=(), status="1", number=""):
        """An answer that pays the visit and adjusts the blood panel.

        :param adjustments: of the blood panel, of 40.00
        :param remarks: RARC of the blood panel
        """
        paid = 40 - sum(amount for _group, _reason, amount in adjustments)
        rows = clp(
            claim.name,
            190,
            100 + paid,
            status=status,
            payer_number=number or f"P{claim.id}",
            lines=[
                ("V1001", 150, 100, [("CO", "45", 50)]),
                ("L2002", 40, paid, list(adjustments)),
            ],
        )
        return rows + [f"LQ*HE*{remark}" for remark in remarks]

    def _reverse_answer(self, claim, adjustments):
        paid = 40 - sum(amount for _group, _reason, amount in adjustments)
        return clp(
            claim.name,
            -190,
            -100 - paid,
            status="22",
            payer_number=f"P{claim.id}",
            lines=[
                ("V1001", -150, -100, [("CO", "45", -50)]),
                ("L2002", -40, -paid, [(g, r, -amount) for g, r, amount in adjustments]),
            ],
        )

    def _deny(self, number, adjustments=(("CO", "197", 40),), remarks=(), claim=None):
        """Post an answer that denies; return its denials."""
        claim = claim or self._make_own_claim(number)
        paid = 140 - sum(amount for _group, _reason, amount in adjustments)
        remittance = self._post(
            [self._answer(claim, adjustments, remarks=remarks)], paid, trace=f"T-{number}"
        )
        self.assertEqual(remittance.claim_ids.state, "posted", remittance.claim_ids.hold_note)
        return claim.denial_ids

    def _appeal(self, denials, user=None):
        """An appeal with all evidence."""
        action = denials.with_user(user or self.specialist).action_appeal()
        appeal = self.env["hc.appeal"].browse(action["res_id"]).with_user(user or self.specialist)
        for evidence in appeal.evidence_ids.filtered("is_required"):
            evidence.write({"file": PDF, "file_name": "record.pdf"})
        return appeal

    def _send(self, appeal, **values):
        appeal.action_approve()
        appeal._submit(
            **{
                "channel": "portal",
                "submitted_on": appeal.letter_date,
                "reference": "CONF-1",
                "late_reason": "The day of the test is none of the story's.",
                **values,
            }
        )

    def _decide(self, appeal, outcome, amount=None, **values):
        won = {"overturned": appeal.amount, "upheld": 0.0}
        appeal._decide(
            outcome,
            decided_on=appeal.submitted_on,
            note="The payer has looked at the record again.",
            document=PDF,
            amount=won.get(outcome, 0.0) if amount is None else amount,
            **{"document_name": "decision.pdf", **values},
        )

    def _allow(self, action):
        """Let an act pass that a module with approvals holds."""
        if action.state == "pending":
            action._settle(GateDecision("allow"))
        return action
