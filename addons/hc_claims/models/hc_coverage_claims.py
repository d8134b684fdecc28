# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcCoverage(models.Model):
    """Who may never be billed for the patient's share."""

    _inherit = "hc.coverage"

    is_qualified_medicare_beneficiary = fields.Boolean(
        "QMB",
        help="Qualified Medicare Beneficiary: nobody may bill the patient for deductible or "
        "coinsurance (42 U.S.C. 1396a(n)(3)(B)).",
    )
