# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The public methods of this module; see the file of the same name in the base."""

ALLOWED = {
    "hc.health.page": {"get_overview"},
    "hc.kpi.alert": {"action_acknowledge", "action_open_figure"},
    "hc.kpi.alert.rule": {"action_open_alerts"},
}
