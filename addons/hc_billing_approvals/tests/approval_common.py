# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import base64

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
                    {"name": f"{code}.png", "raw": content}
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
        for user in users:
            action.approval_request_ids.with_user(user).action_approve()
        self.env.invalidate_all()
