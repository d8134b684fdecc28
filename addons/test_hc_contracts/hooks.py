# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the module puts in order before it goes."""


def uninstall_hook(env):
    """Move records out of the state that goes with this module, through their own door."""
    held = env["hc.work.item"].search([("state", "=", "on_hold")])
    held._transition("cancelled", reason=env._("patient transport is no longer installed"))
