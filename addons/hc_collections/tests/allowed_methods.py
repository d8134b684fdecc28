# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The public methods of this module; see the file of the same name in the base."""

ALLOWED = {
    "hc.aging.policy": {"create", "write"},
    "hc.billing.case": {"action_open_dispute", "action_open_disputes"},
    "hc.billing.dispute": {
        "action_investigate",
        "action_open_decision",
        "action_open_reopening",
        "action_open_withdrawal",
    },
    "hc.collection.account": {
        "action_open_aging",
        "action_open_dispute",
        "action_open_disputes",
    },
    "hc.dispute.decision.wizard": {"action_confirm"},
    "hc.dispute.wizard": {"action_confirm"},
}
