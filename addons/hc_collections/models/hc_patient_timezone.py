# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP


class HcPatient(models.Model):
    """On whose clock a guarantor is called."""

    _inherit = "hc.patient"

    timezone = fields.Selection(
        selection=lambda self: (
            self.env["res.partner"]._fields["tz"]._description_selection(self.env)
        ),
        string="Time Zone",
        groups=PHI_GROUP,
        help="Where the patient is; empty: every time zone of the address counts.",
    )
