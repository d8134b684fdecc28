# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcSpecialty(models.Model):
    """A medical specialty, for grouping facilities, departments and practitioners."""

    _name = "hc.specialty"
    _description = "Specialty"
    _order = "name"

    name = fields.Char(required=True, translate=True)
    taxonomy_code = fields.Char("Taxonomy", size=10, help="Provider taxonomy code.")
    active = fields.Boolean(default=True)

    _name_unique = models.UniqueIndex("(name)", "This specialty exists already.")


class HcDepartment(models.Model):
    """A department of a facility: where services are documented and revenue belongs."""

    _name = "hc.department"
    _description = "Department"
    _order = "facility_id, name"
    _check_company_auto = True

    name = fields.Char(required=True)
    code = fields.Char(required=True, help="Short code used in imports.")
    facility_id = fields.Many2one("hc.facility", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="facility_id.company_id", store=True, index=True)
    specialty_id = fields.Many2one("hc.specialty", index=True)
    revenue_account_id = fields.Many2one(
        "account.account", check_company=True, help="Empty: the facility's revenue account."
    )
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(facility_id, code)", "Another department of the facility has this code."
    )
