# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcFacility(models.Model):
    """Which law of hospitals a facility is under."""

    _inherit = "hc.facility"

    is_nonprofit_hospital = fields.Boolean(
        "Nonprofit Hospital",
        default=True,
        tracking=True,
        help="Under 26 U.S.C. 501(r): financial assistance comes before extraordinary collection "
        "action. When in doubt leave it switched on.",
    )
