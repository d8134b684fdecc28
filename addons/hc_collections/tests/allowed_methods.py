# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The public methods of this module; see the file of the same name in the base."""

ALLOWED = {
    "account.partial.reconcile": {"create", "unlink"},
    "hc.adjustment.proposal": {"action_open_request"},
    "hc.adjustment.proposal.wizard": {"action_request"},
    "hc.aging.policy": {"create", "write"},
    "hc.collection.account": {
        "action_open_aging",
        "action_open_plan_calculator",
        "action_open_promise",
        "action_open_promises",
    },
    "hc.payment.plan": {"action_open_cancel", "action_open_decision", "action_open_reschedule"},
    "hc.payment.plan.end.wizard": {"action_confirm"},
    "hc.payment.plan.wizard": {"action_confirm"},
    "hc.payment.plan.instalment": {"action_send_link"},
    "hc.payment.report": {"action_open_assign"},
    "hc.payment.report.wizard": {"action_assign", "action_dismiss"},
    "payment.transaction": {"action_refund"},
    "hc.payment.promise": {"action_open_withdraw"},
    "hc.payment.promise.wizard": {"action_confirm", "action_withdraw"},
}
