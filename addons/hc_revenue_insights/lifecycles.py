# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The life cycles of this module's records, each declared once."""

from odoo.addons.hc_revenue_base.hc_core.lifecycle import Lifecycle, State, Transition

KPI_ALERT = Lifecycle(
    "indicator alert",
    (
        State("open", "Open"),
        State("acknowledged", "Acknowledged"),
        State("closed", "Closed"),
    ),
    (
        Transition("open", "acknowledged", "somebody takes it", "owner"),
        Transition("open", "closed", "the figure is well again", "system"),
        Transition("acknowledged", "closed", "the figure is well again", "system"),
    ),
    "open",
)
