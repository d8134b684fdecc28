# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

CODE_SYSTEMS = [
    ("procedure", "Procedure (HCPCS / CPT / local)"),
    ("diagnosis", "Diagnosis (ICD-10-CM)"),
    ("revenue", "Revenue Code"),
    ("place_of_service", "Place of Service"),
    ("modifier", "Modifier"),
]


class HcCode(models.Model):
    """A code of a code system with the dates between which it may be used.

    The suite ships no copyrighted code text: ``name`` is the office's own label.
    """

    _name = "hc.code"
    _description = "Code"
    _rec_name = "code"
    _rec_names_search = ["code", "name"]
    _order = "system, code, date_from desc"

    system = fields.Selection(CODE_SYSTEMS, required=True, index=True)
    code = fields.Char(required=True)
    name = fields.Char("Label", translate=True)
    date_from = fields.Date("Effective From", default="2000-01-01", required=True)
    date_to = fields.Date("Effective To")
    active = fields.Boolean(default=True)
    is_header = fields.Boolean(
        "Not Specific", help="A category that may not be billed as it stands."
    )
    sex = fields.Selection([("female", "Female"), ("male", "Male")], "Only for Sex")
    age_from_years = fields.Integer(help="Youngest age in years; 0: none.")
    age_to_years = fields.Integer(help="Oldest age in years; 0: none.")
    requires_diagnosis_ids = fields.Many2many(
        "hc.code",
        "hc_code_diagnosis_rel",
        "procedure_id",
        "diagnosis_id",
        string="Supporting Diagnoses",
        help="Diagnoses that show medical necessity; empty: any.",
    )
    primary_code_ids = fields.Many2many(
        "hc.code",
        "hc_code_primary_rel",
        "add_on_id",
        "primary_id",
        string="Add-On To",
        help="For an add-on code: the codes it may accompany.",
    )
    revenue_code_ids = fields.Many2many(
        "hc.code",
        "hc_code_revenue_rel",
        "procedure_id",
        "revenue_id",
        string="Revenue Codes",
        help="Revenue codes the procedure may be billed under; empty: any.",
    )
    place_of_service_ids = fields.Many2many(
        "hc.code",
        "hc_code_place_rel",
        "procedure_id",
        "place_id",
        string="Places of Service",
        help="Places where the procedure may be performed; empty: any.",
    )
    companion_code_ids = fields.Many2many(
        "hc.code",
        "hc_code_companion_rel",
        "procedure_id",
        "companion_id",
        string="Companions",
        help="At least one of these is expected on the same day.",
    )
    required_modifier_ids = fields.Many2many(
        "hc.code",
        "hc_code_modifier_rel",
        "procedure_id",
        "modifier_id",
        string="One of the Modifiers",
        help="The procedure needs one of these modifiers.",
    )
    is_drug = fields.Boolean(help="Lines need a National Drug Code, quantity and unit.")
    is_unlisted = fields.Boolean(help="Lines need a description of the service.")
    is_laboratory = fields.Boolean(help="The facility needs a CLIA number.")
    needs_referring_practitioner = fields.Boolean()
    global_period_days = fields.Integer(
        help="Days after the procedure in which follow-up visits are included; 0: none."
    )
    is_evaluation_visit = fields.Boolean(help="A visit that a global period includes.")

    _code_unique = models.UniqueIndex(
        "(system, code, date_from)", "This code exists already with this effective date."
    )
    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)", "The code ends before it starts."
    )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for code in self:
            code.display_name = f"{code.code} {code.name}" if code.name else code.code

    @api.model
    def _find(self, system, code, as_of):
        """The code in force on a day, or an empty record."""
        return self.search(
            [
                ("system", "=", system),
                ("code", "=", code),
                ("date_from", "<=", as_of),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", as_of),
            ],
            limit=1,
        )


class HcCodePair(models.Model):
    """Two procedures that are not billed together, as NCCI-like tables have them."""

    _name = "hc.code.pair"
    _description = "Incompatible Code Pair"
    _order = "column1_code, column2_code, date_from"

    payer_type = fields.Selection(
        selection=lambda self: self.env["hc.payer"]._fields["payer_type"].selection,
        help="Empty: all payers.",
    )
    column1_code = fields.Char(required=True, index=True)
    column2_code = fields.Char(required=True, index=True)
    modifier_indicator = fields.Selection(
        [("0", "0: never together"), ("1", "1: with a modifier"), ("9", "9: not applied")],
        required=True,
    )
    date_from = fields.Date("Effective From", required=True)
    date_to = fields.Date("Effective To")

    _pair_unique = models.UniqueIndex(
        "(payer_type, column1_code, column2_code, date_from) NULLS NOT DISTINCT",
        "This pair exists already.",
    )


class HcCodeUnitLimit(models.Model):
    """The most units of a procedure per line or per day, as MUE-like tables have them."""

    _name = "hc.code.unit.limit"
    _description = "Unit Limit"
    _order = "code, date_from"

    code = fields.Char(required=True, index=True)
    units = fields.Float(digits=(12, 3), required=True)
    basis = fields.Selection([("line", "Per Line"), ("day", "Per Day")], required=True)
    date_from = fields.Date("Effective From", required=True)
    date_to = fields.Date("Effective To")

    _limit_unique = models.UniqueIndex("(code, basis, date_from)", "This limit exists already.")
    _units_positive = models.Constraint("CHECK (units > 0)", "A limit is above zero.")
