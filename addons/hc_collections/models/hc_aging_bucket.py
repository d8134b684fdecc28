# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcAgingBucket(models.Model):
    """One column of an aging report; made from its policy."""

    _name = "hc.aging.bucket"
    _description = "Aging Bucket"
    _order = "day_from, id"

    name = fields.Char(required=True, readonly=True)
    policy_id = fields.Many2one(
        "hc.aging.policy", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True)
    day_from = fields.Integer(required=True, readonly=True)
    day_to = fields.Integer(required=True, readonly=True)
