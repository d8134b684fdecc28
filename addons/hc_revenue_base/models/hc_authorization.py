# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcAuthorization(models.Model):
    """A payer's prior authorization or a referral: for what, when and how much."""

    _name = "hc.authorization"
    _description = "Authorization"
    _inherit = ["mail.thread"]
    _rec_name = "number"
    _order = "date_to desc, id desc"
    _check_company_auto = True

    number = fields.Char(required=True, index=True, tracking=True)
    authorization_type = fields.Selection(
        [("authorization", "Prior Authorization"), ("referral", "Referral")],
        required=True,
        default="authorization",
    )
    patient_id = fields.Many2one("hc.patient", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="patient_id.company_id", store=True, index=True)
    coverage_id = fields.Many2one(
        "hc.coverage", index=True, domain="[('patient_id', '=', patient_id)]"
    )
    payer_id = fields.Many2one("hc.payer", required=True, index=True, check_company=True)
    code_ids = fields.Many2many(
        "hc.code",
        string="Procedures",
        domain="[('system', '=', 'procedure')]",
        help="Empty: any procedure.",
    )
    practitioner_id = fields.Many2one("hc.practitioner", help="Empty: any practitioner.")
    date_from = fields.Date("Valid From", required=True)
    date_to = fields.Date("Valid To", required=True, tracking=True)
    approved_units = fields.Float(digits=(12, 3), help="0: unlimited.", tracking=True)
    active = fields.Boolean(default=True)

    _number_unique = models.UniqueIndex(
        "(payer_id, patient_id, number)", "The patient has this authorization already."
    )
    _dates_ordered = models.Constraint(
        "CHECK (date_to >= date_from)", "The authorization ends before it starts."
    )


class HcAuthorizationRequirement(models.Model):
    """Which procedures a payer wants authorized, where and since when; loadable as a table."""

    _name = "hc.authorization.requirement"
    _description = "Authorization Requirement"
    _order = "payer_id, code_id, date_from"
    _check_company_auto = True

    payer_id = fields.Many2one(
        "hc.payer", required=True, index=True, check_company=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="payer_id.company_id", store=True, index=True)
    code_id = fields.Many2one(
        "hc.code",
        "Procedure",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('system', '=', 'procedure')]",
    )
    place_of_service_id = fields.Many2one(
        "hc.code", domain="[('system', '=', 'place_of_service')]", help="Empty: anywhere."
    )
    authorization_type = fields.Selection(
        [("authorization", "Prior Authorization"), ("referral", "Referral")],
        required=True,
        default="authorization",
    )
    date_from = fields.Date("Effective From", required=True)
    date_to = fields.Date("Effective To")
