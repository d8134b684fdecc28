# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcTransportTariff(models.Model):
    """What a ride costs, and up to which amount it is waived without asking: controlled."""

    _name = "hc.transport.tariff"
    _description = "Transport Tariff"
    _inherit = ["hc.config.controlled.mixin"]
    _config_fields = ("waiver_limit", "active")

    name = fields.Char(required=True)
    ride_fee = fields.Monetary(help="Of one ride.")
    waiver_limit = fields.Monetary(help="Above it a waiver waits for a second person.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    active = fields.Boolean(default=True)
