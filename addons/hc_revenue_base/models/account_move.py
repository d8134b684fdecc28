# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

RESPONSIBILITIES = [
    ("payer_1", "Primary Payer"),
    ("payer_2", "Secondary Payer"),
    ("payer_3", "Tertiary Payer"),
    ("patient", "Patient"),
]


class AccountMove(models.Model):
    _inherit = "account.move"

    hc_case_id = fields.Many2one(
        "hc.billing.case", "Billing Case", readonly=True, copy=False, index="btree_not_null",
        ondelete="restrict",
    )
    hc_facility_id = fields.Many2one(
        related="hc_case_id.facility_id", store=True, index="btree_not_null", string="Facility"
    )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    hc_case_id = fields.Many2one(
        "hc.billing.case", "Billing Case", readonly=True, copy=False, index="btree_not_null",
        ondelete="restrict",
    )
    hc_responsibility = fields.Selection(
        RESPONSIBILITIES, "Responsibility", readonly=True, copy=False
    )
    hc_charge_id = fields.Many2one(
        "hc.charge", "Charge", readonly=True, copy=False, index="btree_not_null",
        ondelete="restrict",
    )
