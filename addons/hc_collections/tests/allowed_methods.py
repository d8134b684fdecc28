# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The public methods of this module; see the file of the same name in the base."""

ALLOWED = {
    "hc.aging.policy": {"create", "write"},
    "hc.assistance.application": {
        "action_complete",
        "action_open_decision",
        "action_open_withdrawal",
        "action_reopen",
        "action_score",
        "write",
    },
    "hc.assistance.decision.wizard": {"action_confirm"},
    "hc.assistance.wizard": {"action_confirm"},
    "hc.billing.case": {"action_open_dispute", "action_open_disputes"},
    "hc.billing.dispute": {
        "action_investigate",
        "action_open_decision",
        "action_open_reopening",
        "action_open_withdrawal",
    },
    "hc.collection.account": {
        "action_log_call",
        "action_log_email",
        "action_log_letter",
        "action_open_assign",
        "action_place_hold",
        "action_take",
        "action_open_aging",
        "action_open_applications",
        "action_open_assistance",
        "action_open_dispute",
        "action_open_disputes",
        "action_open_placement",
    },
    "hc.collection.agency": {"action_create_file"},
    "hc.placement": {"action_open_recall"},
    "hc.placement.recall.wizard": {"action_confirm"},
    "hc.placement.wizard": {"action_confirm"},
    "hc.collection.assign.wizard": {"action_confirm"},
    "hc.collection.hold": {"action_open_release"},
    "hc.contact.wizard": {"action_confirm"},
    "hc.hold.release.wizard": {"action_confirm"},
    "hc.hold.wizard": {"action_confirm"},
    "hc.dispute.decision.wizard": {"action_confirm"},
    "hc.dispute.wizard": {"action_confirm"},
}
