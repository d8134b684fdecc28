# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcWorkItem(models.Model):
    _inherit = "hc.work.item"

    finding_id = fields.Many2one(
        "hc.readiness.finding", "Finding", readonly=True, index="btree_not_null",
        ondelete="restrict",
    )
