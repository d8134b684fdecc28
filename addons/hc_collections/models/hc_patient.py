# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

from ..hc_dunning_core.statement_words import LANGUAGES


class HcPatient(models.Model):
    """The language in which the patient is written to."""

    _inherit = "hc.patient"

    language = fields.Selection(
        list(LANGUAGES.items()),
        groups=PHI_GROUP,
        help="Empty: English. Letters, statements and the portal speak this language.",
    )
