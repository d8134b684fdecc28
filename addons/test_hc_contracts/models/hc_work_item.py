# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.hc_core.lifecycle import State, Transition


class HcWorkItem(models.Model):
    """A kind of its own, and a state that base does not know."""

    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[("transport_waiting", "Transport Waiting")],
        # Not "set default": the field is guarded, and the attempt would count as refused.
        ondelete={"transport_waiting": lambda items: items._write_guarded({"kind": "manual"})},
    )

    @api.model
    def _get_lifecycle(self, field_name):
        lifecycle = super()._get_lifecycle(field_name)
        if field_name != "state":
            return lifecycle
        return lifecycle.extend(
            [State("on_hold", "On Hold")],
            [
                Transition("open", "on_hold", "the carrier must call back", "clerk"),
                Transition("on_hold", "open", "the carrier called", "clerk"),
                Transition("on_hold", "cancelled", "not needed", "clerk"),
            ],
        )
