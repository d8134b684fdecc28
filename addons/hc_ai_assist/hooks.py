# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the module puts in order when it comes and before it goes."""

from odoo.addons.hc_revenue_base.tools.uninstall import release_records


def post_init_hook(env):
    """Offer a policy, switched off, for everything on which the installed modules take advice."""
    env["hc.ai.policy"]._offer_missing()


def uninstall_hook(env):
    """Leave nothing behind that base would not know what to do with."""
    release_records(env, "hc_ai_assist", env._("the AI module is no longer installed"))
