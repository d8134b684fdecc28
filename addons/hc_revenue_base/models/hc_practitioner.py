# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..hc_core import npi


class HcPractitioner(models.Model):
    """Who performs, orders or refers services."""

    _name = "hc.practitioner"
    _description = "Practitioner"
    _order = "name"

    name = fields.Char(required=True)
    npi = fields.Char("NPI", size=10, required=True, index=True)
    taxonomy_code = fields.Char("Taxonomy", size=10)
    specialty_id = fields.Many2one("hc.specialty", index=True)
    facility_ids = fields.Many2many("hc.facility", string="Facilities")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one("res.users", index=True)
    active = fields.Boolean(default=True)
    enrollment_ids = fields.One2many("hc.practitioner.enrollment", "practitioner_id")

    _npi_unique = models.UniqueIndex(
        "(company_id, npi)", "Another practitioner of the company has this NPI."
    )

    @api.constrains("npi")
    def _check_npi(self):
        for practitioner in self:
            if not npi.is_valid(practitioner.npi):
                raise ValidationError(
                    self.env._(
                        "%(npi)s is not a valid NPI (10 digits with a check digit).",
                        npi=practitioner.npi,
                    )
                )


class HcPractitionerEnrollment(models.Model):
    """When a practitioner is enrolled with a payer (credentialing)."""

    _name = "hc.practitioner.enrollment"
    _description = "Payer Enrollment"
    _order = "practitioner_id, payer_id, date_from"

    practitioner_id = fields.Many2one(
        "hc.practitioner", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="practitioner_id.company_id", store=True, index=True)
    payer_id = fields.Many2one("hc.payer", required=True, index=True, ondelete="cascade")
    date_from = fields.Date("Effective From", required=True)
    date_to = fields.Date("Effective To")
    provider_number = fields.Char(help="The payer's own number for the practitioner.")

    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "The enrollment ends before it starts.",
    )
