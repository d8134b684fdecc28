# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The public methods of this module; see the file of the same name in the base."""

ALLOWED = {
    "hc.integration.source": {"action_activate", "action_pause", "action_retire"},
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
    "hc.event.delivery": {"action_cancel", "action_open_record", "action_replay"},
    "ir.actions.server": {"create", "write"},
}
