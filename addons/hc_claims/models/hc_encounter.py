# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcEncounter(models.Model):
    """What only institutional claims say about a stay (UB-04, CL1 of the 837I)."""

    _inherit = "hc.encounter"

    patient_status_code = fields.Char(
        "Patient Status", size=2, help="Discharge status, such as 01; outpatients: 01 if empty."
    )
    admission_type_code = fields.Char("Admission Type", size=1)
    admission_source_code = fields.Char("Admission Source", size=1)
