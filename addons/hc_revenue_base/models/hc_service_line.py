# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

from .hc_patient import CLINICAL_GROUP


class HcServiceLine(models.Model):
    """One documented service of an encounter, before it is priced."""

    _name = "hc.service.line"
    _description = "Documented Service"
    _order = "encounter_id, service_date, id"
    _check_company_auto = True

    encounter_id = fields.Many2one("hc.encounter", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="encounter_id.company_id", store=True, index=True)
    facility_id = fields.Many2one(related="encounter_id.facility_id", store=True, index=True)
    patient_id = fields.Many2one(related="encounter_id.patient_id", store=True, index=True)
    source = fields.Char(default="manual", required=True, help="System that sent the service.")
    external_id = fields.Char(copy=False, help="Identifier of the service in that system.")
    content_digest = fields.Char(
        readonly=True, copy=False, help="Digest of the imported row, to tell repeats from changes."
    )
    service_date = fields.Date(required=True, index=True)
    code_id = fields.Many2one(
        "hc.code",
        "Procedure",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('system', '=', 'procedure')]",
    )
    modifier_ids = fields.Many2many(
        "hc.code",
        "hc_service_line_modifier_rel",
        "service_line_id",
        "modifier_id",
        string="Modifiers",
        domain="[('system', '=', 'modifier')]",
    )
    units = fields.Float(digits=(12, 3), default=1.0, required=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    unit_price = fields.Monetary(
        "Documented Price",
        help="Price per unit that came with the service; 0: the fee schedule's price.",
    )
    department_id = fields.Many2one("hc.department", domain="[('facility_id', '=', facility_id)]")
    performer_id = fields.Many2one("hc.practitioner", check_company=True)
    revenue_code_id = fields.Many2one("hc.code", domain="[('system', '=', 'revenue')]")
    place_of_service_id = fields.Many2one("hc.code", domain="[('system', '=', 'place_of_service')]")
    diagnosis_ids = fields.Many2many(
        "hc.encounter.diagnosis",
        string="Diagnosis Pointers",
        domain="[('encounter_id', '=', encounter_id)]",
        groups=CLINICAL_GROUP,
    )
    authorization_id = fields.Many2one(
        "hc.authorization", domain="[('patient_id', '=', patient_id)]"
    )
    description = fields.Char(help="Needed for unlisted procedures.")
    drug_code = fields.Char("National Drug Code", size=11)
    drug_quantity = fields.Float(digits=(12, 3))
    drug_unit = fields.Selection(
        [
            ("F2", "International Unit"),
            ("GR", "Gram"),
            ("ME", "Milligram"),
            ("ML", "Milliliter"),
            ("UN", "Unit"),
        ],
    )
    charge_ids = fields.One2many("hc.charge", "service_line_id", "Charges")

    _external_unique = models.UniqueIndex(
        "(company_id, source, external_id) WHERE external_id IS NOT NULL",
        "This service was received already.",
    )
    _units_positive = models.Constraint(
        "CHECK (units > 0 AND units <= 9999.999)", "Units must be above 0 and below 10,000."
    )
    _price_positive = models.Constraint("CHECK (unit_price >= 0)", "A price cannot be negative.")
