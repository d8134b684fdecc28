# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models


class HcPatient(models.Model):
    _inherit = "hc.patient"

    # The readiness facts look for other patients of the same name and birth date.
    _same_person_index = models.Index(
        "(company_id, birth_date, lower(last_name)) WHERE birth_date IS NOT NULL"
    )
