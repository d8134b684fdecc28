# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The public methods of this module; see the file of the same name in the base."""

ALLOWED = {
    "hc.integration.source": {"action_activate", "action_pause", "action_retire"}
    | {"action_open_messages", "action_open_refusals", "create", "write", "unlink"},
    "hc.exchange": {"action_process_again"},
}
