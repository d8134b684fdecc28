# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the module puts in order before it goes."""

from odoo.addons.hc_revenue_base.tools.uninstall import release_records


def uninstall_hook(env):
    """Leave nothing behind that base would not know what to do with."""
    release_records(env, "hc_revenue_insights", env._("the insights module is no longer installed"))
