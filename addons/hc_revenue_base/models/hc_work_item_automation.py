# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcWorkItem(models.Model):
    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[
            ("automation_failed", "Automation Failed"),
            ("automation_review", "Automation Review"),
            ("config_change", "Configuration Change"),
            ("config_change_failed", "Configuration Change Failed"),
            ("config_drift", "Configuration Drift"),
        ],
        ondelete={
            "automation_failed": "set default",
            "automation_review": "set default",
            "config_change": "set default",
            "config_change_failed": "set default",
            "config_drift": "set default",
        },
    )
