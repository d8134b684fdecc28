# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

QUERY_CATEGORIES = [
    ("specificity", "Diagnosis Specificity"),
    ("validity", "Clinical Validity"),
    ("conflict", "Conflicting Documentation"),
    ("relationship", "Cause and Effect"),
    ("procedure", "Procedure Detail"),
    ("medical_necessity", "Medical Necessity"),
    ("time", "Time and Units"),
    ("other", "Other"),
]


class HcCodingQueryTemplate(models.Model):
    """A question to clinicians that leads to no answer.

    The wording follows the *Guidelines for Achieving a Compliant Query Practice* (ACDIS/AHIMA): it
    names no code and no payment, offers clinically supported choices, always *other* and *unable
    to determine*, and asks for what the record does not say.
    """

    _name = "hc.coding.query.template"
    _description = "Coding Query Template"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    category = fields.Selection(QUERY_CATEGORIES, required=True, default="other")
    company_id = fields.Many2one("res.company", index=True, help="Empty: all companies.")
    question = fields.Text(required=True, translate=True)
    note = fields.Text("When to Use", translate=True)
