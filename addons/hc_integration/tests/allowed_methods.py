# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The public methods of this module; see the file of the same name in the base."""

ALLOWED = {
    "hc.data.owner": {"create"},
    "hc.data.proposal": {"action_accept", "action_open_record", "action_reject"},
    "hc.data.proposal.line": {"write"},
    "hc.event.entry": {"action_enter"},
    "hc.exchange": {"action_give_up_event", "action_open_event_record", "action_try_event_again"},
    "hc.integration.key": {"action_revoke"},
    "hc.integration.key.wizard": {"action_make"},
    "hc.integration.source": {
        "action_activate",
        "action_enter_event",
        "action_make_key",
        "action_open_keys",
        "action_open_waiting_events",
        "action_pause",
        "action_retire",
    },
}
