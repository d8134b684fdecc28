# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcWorkItem(models.Model):
    """An indicator that is not well is work for somebody."""

    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[("kpi_alert", "Indicator Alert")], ondelete={"kpi_alert": "set default"}
    )
