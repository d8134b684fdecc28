# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The public methods of this module; see the file of the same name in the base."""

ALLOWED = {
    "hc.clinical.document.wizard": {"action_hand_over"},
    "hc.data.owner": {"create"},
    "hc.data.proposal": {"action_accept", "action_open_record", "action_reject"},
    "hc.data.proposal.line": {"write"},
    "hc.event.delivery": {"action_cancel", "action_open_record", "action_replay"},
    "hc.event.entry": {"action_enter"},
    "hc.event.subscription": {
        "action_activate",
        "action_cancel_waiting",
        "action_disable",
        "action_end_pause",
        "action_open_deliveries",
        "action_pause",
        "action_ping",
        "action_replay_dead",
        "create",
        "write",
    },
    "hc.event.subscription.line": {"create", "unlink", "write"},
    "hc.exchange": {
        "action_give_up_event",
        "action_open_event_record",
        "action_process_again",
        "action_try_event_again",
    },
    "hc.file.drop": {"action_look"},
    "hc.integration.key": {"action_revoke"},
    "hc.integration.key.wizard": {"action_make"},
    "hc.integration.source": {
        "action_activate",
        "action_enter_event",
        "action_make_key",
        "action_open_keys",
        "action_open_messages",
        "action_open_refusals",
        "action_open_waiting_events",
        "action_pause",
        "action_retire",
        "create",
        "unlink",
        "write",
    },
    "ir.actions.server": {"create", "write"},
}
