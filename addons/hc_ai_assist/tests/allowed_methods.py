# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The public methods of this module; see the file of the same name in the base."""

ALLOWED = {
    "hc.ai.policy": {"action_live", "action_off", "action_shadow"},
    "hc.ai.suggestion": {
        "action_accept",
        "action_accept_other",
        "action_agree",
        "action_disagree",
        "action_open_record",
        "action_reject",
        "ask",
        "get_panel",
    },
}
