# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import base64
from unittest.mock import patch

from odoo.addons.hc_revenue_base.tests.common import HcCommon

# A document of one pixel: evidence that is what it says it is.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class ApprovalCommon(HcCommon):
    """An office with somebody in every role, and a case that owes 9,000."""

    ROLES = (
        "clerk",
        "team_lead",
        "supervisor",
        "manager",
        "finance_manager",
        "director",
        "cfo",
        "operations",
        "compliance",
        "administrator",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for role in cls.ROLES:
            setattr(cls, role, cls._create_user(f"ap.{role}", role))
        cls.second_manager = cls._create_user("ap.manager.2", "manager")
        cls.env["hc.ledger.account"]._create_missing(cls.company)
        cls.reason = cls.env["hc.reason.code"].search([("usage", "=", "write_off")], limit=1)
        cls.case = cls._create_case("AP-1", 60)

    @classmethod
    def _create_case(cls, number, visits):
        """An invoiced case, of a patient of its own, that owes 150 a visit."""
        patient = cls._create_patient(number)
        encounter = cls._create_encounter(
            number,
            services=(("V1001", float(visits)),),
            patient=patient,
            coverage=cls._create_coverage(patient),
        )
        encounter.action_complete()
        encounter.action_approve_coding()
        cls.env.cr.precommit.run()
        return encounter.case_ids

    def _give(self, *codes, content=PNG):
        """Evidence of the given types."""
        evidence = []
        for code in codes:
            kind = self.env.ref(f"hc_billing_approvals.evidence_{code}")
            if kind.source == "attachment":
                attachment = self.env["ir.attachment"].create(
                    {
                        "name": f"{code}.png",
                        "raw": content,
                        "res_model": "hc.facility",
                        "res_id": self.facility.id,
                    }
                )
                evidence.append(
                    {
                        "evidence_type": "attachment",
                        "type_id": kind.id,
                        "attachment_id": attachment.id,
                    }
                )
            else:
                evidence.append(
                    {"evidence_type": "justification", "type_id": kind.id, "text": "because"}
                )
        return evidence

    def _request(self, kind, amount, *, user=None, case=None, key=None, evidence=(), **values):
        """Request an act on the case as a user."""
        case = case or self.case
        action = (
            self.env["hc.controlled.action"]
            .with_user(user or self.clerk)
            ._request(
                kind,
                case.with_user(user or self.clerk),
                idempotency_key=key or f"{kind}:{amount}:{case.id}",
                amount=amount,
                case_id=case.id,
                reason_code_id=self.reason.id,
                justification="for this story",
                parameters={"responsibility": "payer_1"},
                evidence=list(evidence),
                **values,
            )
        )
        return self.env["hc.controlled.action"].browse(action.id)

    def _request_write_off(self, amount, **values):
        """A denial write-off with everything that its steps want to see."""
        values.setdefault(
            "evidence",
            self._give("appeal_decision", "root_cause", "appeal_exhausted", "legal_note"),
        )
        return self._request("denial_write_off", amount, **values)

    def _run_cron(self, name):
        with self.enter_registry_test_mode():
            self.env.ref(f"hc_billing_approvals.ir_cron_{name}").method_direct_trigger()
        self.env.invalidate_all()

    def _approve(self, action, *users):
        """Approve as users who have just confirmed their identity."""
        request = action.approval_request_ids
        with patch.object(type(request), "_is_identity_fresh", lambda request: True):
            for user in users:
                request.with_user(user).action_approve()
        self.env.invalidate_all()

    def _request_refund(self):
        """The payer paid 400 too much and is to get it back."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.payer.partner_id.id,
                "amount": 9400.0,
            }
        )
        payment.action_post()
        receivable = self.case.invoice_ids.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        (payment.move_id.line_ids.filtered("credit") | receivable).reconcile()
        self.reason = self.env["hc.reason.code"].search([("usage", "=", "refund")], limit=1)
        self.action = self._request(
            "refund_payer", 400.0, evidence=self._give("remittance", "refund_calculation")
        )
        return self.action
