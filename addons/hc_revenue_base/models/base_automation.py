# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models


class BaseAutomation(models.Model):
    _name = "base.automation"
    _inherit = ["base.automation", "hc.suite.config.mixin"]
    _config_fields = (
        "active",
        "name",
        "model_id",
        "trigger",
        "trigger_field_ids",
        "filter_pre_domain",
        "filter_domain",
        "trg_date_range",
        "trg_date_range_type",
    )
