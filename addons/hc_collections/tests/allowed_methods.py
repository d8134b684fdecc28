# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The public methods of this module; see the file of the same name in the base."""

ALLOWED = {
    "hc.aging.policy": {"create", "write"},
    "hc.cadence.exclude.wizard": {"action_confirm"},
    "hc.cadence.line.mixin": {"create", "write"},
    "hc.cadence.policy": {
        "action_discard",
        "action_new_version",
        "action_publish",
        "action_retire",
        "create",
        "write",
    },
    "hc.cadence.proposal": {"action_open_exclusion"},
    "hc.cadence.run": {
        "action_cancel",
        "action_execute",
        "action_open_contacts",
        "action_open_proposals",
        "action_open_skipped",
    },
    "hc.collection.account": {
        "action_check_call",
        "action_open_aging",
        "action_open_consent_wizard",
        "action_start_follow_up",
    },
    "hc.contact": {"action_make_call"},
    "hc.contact.consent.wizard": {"action_confirm"},
}
