# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models


class HcWorkQueue(models.Model):
    """How fast a queue must work, and what is routed to it; its people are everyday business."""

    _name = "hc.work.queue"
    _inherit = ["hc.work.queue", "hc.config.controlled.mixin"]
    _config_fields = (
        "sla_hours",
        "sla_hours_critical",
        "resource_calendar_id",
        "code",
        "company_id",
        "active",
    )

    @api.model_create_multi
    def create(self, vals_list):
        # A new queue would take work over by its code: it rests until somebody else agrees.
        if not self._is_loading_registry():
            vals_list = [{**vals, "active": False} for vals in vals_list]
        return super().create(vals_list)
