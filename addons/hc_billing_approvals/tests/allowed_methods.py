# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The public methods of this module; see the file of the same name in the base."""

ALLOWED = {
    # Guards on what Odoo lets a client do.
    "ir.attachment": {"unlink", "write"},
    "account.move": {"write"},
    "account.partial.reconcile": {"create"},
    "account.payment": {"create", "write"},
    "hc.approval.draft.mixin": {"create", "write"},
    "hc.approval.policy": {
        "action_discard",
        "action_new_version",
        "action_open_routes",
        "action_open_simulation",
        "action_open_withdrawal",
        "action_submit",
        "create",
        "write",
    },
    "hc.approval.request": {
        "action_apply_again",
        "action_approve",
        "action_approve_selected",
        "action_open_action",
        "action_open_add_evidence",
        "action_open_answer",
        "action_open_ask",
        "action_open_case",
        "action_open_reject",
        "action_withdraw",
    },
    "hc.approval.evidence.type": {"write"},
    "hc.patient": {"write"},
    "hc.approval.delegation": {"action_accept", "action_decline", "action_revoke", "write"},
    "hc.approval.decision.wizard": {"action_confirm"},
    "hc.approval.evidence.wizard": {"action_add", "action_add_another", "default_get"},
    "hc.approval.withdrawal.wizard": {"action_confirm"},
    "hc.billing.case": {"action_open_approval_requests"},
    "hc.controlled.action": {"action_withdraw"},
}
