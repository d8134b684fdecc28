# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the module puts in order before it goes, each record through its own door."""


def uninstall_hook(env):
    """Leave nothing behind that base would not know what to do with."""
    reason = env._("patient transport is no longer installed")
    env["hc.work.item"].search([("state", "=", "on_hold")])._transition("cancelled", reason=reason)
    jobs = env["hc.job"].search(
        [("res_model", "=", "hc.transport.request"), ("state", "in", ("pending", "dead"))]
    )
    jobs._transition("cancelled", reason=reason)
    env["hc.kpi.target"].search([("code", "=", "transports_requested")]).unlink()
