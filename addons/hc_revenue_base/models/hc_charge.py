# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from ..hc_core import lifecycles


class HcCharge(models.Model):
    """A priced service. Never edited: a correction voids it and creates a new one from it."""

    _name = "hc.charge"
    _description = "Charge"
    _inherit = ["hc.lifecycle.mixin"]
    _order = "encounter_id, service_date, id"
    _check_company_auto = True
    _lifecycles = {"state": lifecycles.CHARGE}
    _guarded_fields = frozenset(
        {
            "service_line_id",
            "case_id",
            "origin_id",
            "service_date",
            "code_id",
            "modifier_ids",
            "units",
            "unit_price",
            "amount",
            "fee_schedule_line_id",
            "department_id",
            "performer_id",
            "revenue_code_id",
            "place_of_service_id",
            "charged_on",
        }
    )

    name = fields.Char("Charge", compute="_compute_name", store=True)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="pending",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    service_line_id = fields.Many2one(
        "hc.service.line",
        "Service",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    encounter_id = fields.Many2one(related="service_line_id.encounter_id", store=True, index=True)
    case_id = fields.Many2one("hc.billing.case", readonly=True, index=True, ondelete="restrict")
    origin_id = fields.Many2one(
        "hc.charge", "Corrects", readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="encounter_id.company_id", store=True, index=True)
    facility_id = fields.Many2one(related="encounter_id.facility_id", store=True, index=True)
    patient_id = fields.Many2one(related="encounter_id.patient_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    service_date = fields.Date(required=True, readonly=True, index=True)
    code_id = fields.Many2one("hc.code", "Procedure", required=True, readonly=True, index=True)
    modifier_ids = fields.Many2many(
        "hc.code",
        "hc_charge_modifier_rel",
        "charge_id",
        "modifier_id",
        string="Modifiers",
        readonly=True,
    )
    units = fields.Float(digits=(12, 3), required=True, readonly=True)
    unit_price = fields.Monetary(required=True, readonly=True, aggregator=None)
    amount = fields.Monetary(required=True, readonly=True)
    fee_schedule_line_id = fields.Many2one(
        "hc.fee.schedule.line", "Price From", readonly=True, ondelete="restrict"
    )
    department_id = fields.Many2one("hc.department", readonly=True)
    performer_id = fields.Many2one("hc.practitioner", readonly=True)
    revenue_code_id = fields.Many2one("hc.code", readonly=True)
    place_of_service_id = fields.Many2one("hc.code", readonly=True)
    charged_on = fields.Date(required=True, readonly=True, default=fields.Date.context_today)
    invoice_line_ids = fields.One2many("account.move.line", "hc_charge_id", readonly=True)

    _one_live_charge = models.UniqueIndex(
        "(service_line_id) WHERE state != 'void'", "This service is charged already."
    )

    @api.depends("code_id.code", "modifier_ids.code", "service_date")
    def _compute_name(self):
        for charge in self:
            code = "-".join([charge.code_id.code or "", *charge.modifier_ids.mapped("code")])
            charge.name = f"{code} {charge.service_date or ''}"
