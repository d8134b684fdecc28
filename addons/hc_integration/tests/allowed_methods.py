# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The public methods of this module; see the file of the same name in the base."""

ALLOWED = {
    "hc.file.drop": {"action_look"},
    "hc.integration.key": {"action_revoke"},
    "hc.integration.key.wizard": {"action_make"},
    "hc.integration.source": {
        "action_activate",
        "action_make_key",
        "action_open_keys",
        "action_pause",
        "action_retire",
    },
}
