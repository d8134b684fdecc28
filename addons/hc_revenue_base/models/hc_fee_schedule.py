# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcFeeSchedule(models.Model):
    """Prices of procedures, by facility and date (the charge master)."""

    _name = "hc.fee.schedule"
    _description = "Fee Schedule"
    _inherit = ["mail.thread"]
    _order = "date_from desc, name"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    facility_id = fields.Many2one(
        "hc.facility",
        index=True,
        check_company=True,
        tracking=True,
        help="Empty: all facilities of the company that have no schedule of their own.",
    )
    date_from = fields.Date("Effective From", required=True, tracking=True)
    date_to = fields.Date("Effective To", tracking=True)
    active = fields.Boolean(default=True)
    line_ids = fields.One2many("hc.fee.schedule.line", "schedule_id", "Prices", copy=True)

    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)", "The schedule ends before it starts."
    )


class HcFeeScheduleLine(models.Model):
    """The price of one procedure, optionally with one modifier."""

    _name = "hc.fee.schedule.line"
    _description = "Fee Schedule Price"
    _order = "schedule_id, code_id, modifier_id"

    schedule_id = fields.Many2one("hc.fee.schedule", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="schedule_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="schedule_id.currency_id", store=True)
    code_id = fields.Many2one(
        "hc.code",
        "Procedure",
        required=True,
        index=True,
        domain="[('system', '=', 'procedure')]",
    )
    modifier_id = fields.Many2one(
        "hc.code", domain="[('system', '=', 'modifier')]", help="Empty: any other modifier."
    )
    unit_price = fields.Monetary(required=True)

    _price_unique = models.UniqueIndex(
        "(schedule_id, code_id, modifier_id) NULLS NOT DISTINCT",
        "The schedule has a price for this procedure and modifier already.",
    )
    _price_positive = models.Constraint("CHECK (unit_price >= 0)", "A price cannot be negative.")
