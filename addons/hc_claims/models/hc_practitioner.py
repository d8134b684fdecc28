# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from ..hc_x12.parties import Name, Provider

_TITLES = ("dr", "dr.", "prof", "prof.", "mr", "mr.", "ms", "ms.", "mrs", "mrs.")


class HcPractitioner(models.Model):
    """The practitioner as claims name one: last and first name, without titles."""

    _inherit = "hc.practitioner"

    last_name = fields.Char(compute="_compute_name_parts", store=True, readonly=False)
    first_name = fields.Char(compute="_compute_name_parts", store=True, readonly=False)

    @api.depends("name")
    def _compute_name_parts(self):
        for practitioner in self:
            # What stands behind a comma are degrees: “Ada Stone, MD”.
            words = (practitioner.name or "").partition(",")[0].split()
            while len(words) > 1 and words[0].lower() in _TITLES:
                words = words[1:]
            practitioner.last_name = words[-1] if words else False
            practitioner.first_name = " ".join(words[:-1])

    def _prepare_claim_provider(self):
        """The practitioner as a claim names one; None where there is none."""
        if not self:
            return None
        return Provider(
            name=Name(self.last_name or "", self.first_name or ""),
            npi=self.npi or "",
            taxonomy=self.taxonomy_code or "",
        )
