# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Disputes, assistance and placements that collections asked for, decided by approvals."""

import base64

# Requests that are decided, by the start of their key; the others stay for whoever tries it out.
_DECIDED = ("demo:dispute upheld", "demo:assistance granted", "demo:placement placed")
_REQUESTER_ROLES = ("manager", "supervisor", "collector")
# Who may be asked, from the nearest to the highest; a step says which of them it waits for.
_DECIDER_ROLES = (
    "team_lead",
    "supervisor",
    "manager",
    "finance_manager",
    "operations",
    "compliance",
    "director",
    "cfo",
)
_WORDS = "Checked against the account, the chart and the policy that was in force."


class DecisionStory:
    """Evidence is added by those who asked, and others agree, each with their own rights.

    :param office: the demonstration group
    """

    def __init__(self, office):
        self.office = office

    def run(self):
        """Decide; what waits for nobody of the group, or is decided already, stays as it is."""
        actions = self.office.env_of("compliance")["hc.controlled.action"].sudo()
        for key in _DECIDED:
            mine = [("company_id", "=", self.office.company.id), ("state", "=", "pending")]
            for action in actions.search([*mine, ("idempotency_key", "=like", f"{key}%")]):
                self._decide(action.approval_request_ids)

    def _decide(self, request):
        self._add_evidence(request)
        while request.state == "waiting":
            role = self._find_decider(request)
            if role is None:
                return
            request.with_env(self.office.env_of(role)).action_approve()

    def _find_decider(self, request):
        """The nearest role that may decide the open step; nobody who asked for it."""
        for role in _DECIDER_ROLES:
            env = self.office.env_of(role)
            mine = env["hc.approval.request"].search([("id", "=", request.id)])
            if env.user != request.requester_id and mine.is_mine_to_decide:
                return role
        return None

    def _add_evidence(self, request):
        roles = (
            role
            for role in _REQUESTER_ROLES
            if self.office.ref(f"user_{role}") == request.requester_id
        )
        asked = request.with_env(self.office.env_of(next(roles)))
        for kind in asked.missing_evidence_ids:
            values = {"request_id": asked.id, "type_id": kind.id, "text": _WORDS}
            if kind.source == "attachment":
                content = asked.env["hc.pdf"]._render(
                    "hc_billing_approvals.hc_demo_document",
                    {"title": kind.name, "case": request.name, "text": _WORDS},
                )
                values |= {"file": base64.b64encode(content), "file_name": f"{kind.name}.pdf"}
            asked.env["hc.approval.evidence.wizard"].create(values).action_add()
