# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command, Domain

PHI_GROUP = "hc_revenue_base.group_hc_phi"
CLINICAL_GROUP = "hc_revenue_base.group_hc_clinical"


class HcPatient(models.Model):
    """A patient: the medical record number for everyone, the person behind the PHI group.

    Users without the group see the number only. The ledger partner carries the number too, never
    the name: contacts can be read by every internal user.
    """

    _name = "hc.patient"
    _description = "Patient"
    _inherit = ["mail.thread"]
    _rec_name = "mrn"
    _order = "mrn"

    mrn = fields.Char("MRN", required=True, help="Medical record number.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    facility_ids = fields.Many2many(
        "hc.facility",
        string="Facilities",
        default=lambda self: self.env.user.hc_facility_ids,
        help="Facilities that have treated the patient: their people see the record.",
    )
    shown_facility_ids = fields.Many2many(
        "hc.facility",
        string="Treated At",
        compute="_compute_shown_facility_ids",
        inverse="_inverse_shown_facility_ids",
        help="Of the facilities that have treated the patient those that I may see.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Ledger Partner",
        readonly=True,
        copy=False,
        index=True,
        ondelete="restrict",
    )
    active = fields.Boolean(default=True)
    last_name = fields.Char(groups=PHI_GROUP)
    first_name = fields.Char(groups=PHI_GROUP)
    birth_date = fields.Date(groups=PHI_GROUP)
    death_date = fields.Date("Date of Death", groups=PHI_GROUP)
    sex = fields.Selection(
        [("female", "Female"), ("male", "Male"), ("other", "Other"), ("unknown", "Unknown")],
        "Administrative Sex",
        groups=PHI_GROUP,
    )
    ssn_last4 = fields.Char("SSN, Last Four", size=4, groups=PHI_GROUP)
    street = fields.Char(groups=PHI_GROUP)
    street2 = fields.Char(groups=PHI_GROUP)
    city = fields.Char(groups=PHI_GROUP)
    state_id = fields.Many2one("res.country.state", groups=PHI_GROUP)
    zip = fields.Char("ZIP", groups=PHI_GROUP)
    phone = fields.Char(groups=PHI_GROUP)
    email = fields.Char(groups=PHI_GROUP)
    guarantor_id = fields.Many2one(
        "hc.patient",
        groups=PHI_GROUP,
        index=True,
        ondelete="restrict",
        help="Who answers for the patient's share; empty: the patient.",
    )
    coverage_ids = fields.One2many("hc.coverage", "patient_id", groups=PHI_GROUP)
    document_ids = fields.One2many("hc.document", "patient_id", groups=PHI_GROUP)
    encounter_ids = fields.One2many("hc.encounter", "patient_id")
    case_ids = fields.One2many("hc.billing.case", "patient_id")
    case_count = fields.Integer(compute="_compute_counts")
    encounter_count = fields.Integer(compute="_compute_counts")

    _mrn_unique = models.UniqueIndex(
        "(company_id, mrn)", "Another patient of the company has this MRN."
    )

    # An index takes no longer ones, and would say so in the database's words.
    _mrn_short = models.Constraint(
        "CHECK (char_length(mrn) <= 64)", "A record number (MRN) has at most 64 characters."
    )

    @api.depends("mrn", "last_name", "first_name")
    @api.depends_context("uid")
    def _compute_display_name(self):
        # Many2one names are read with sudo, so the user decides, not the superuser flag.
        sees_name = self.env.user.has_group(PHI_GROUP)
        for patient in self:
            name = ""
            if sees_name:
                patient_sudo = patient.sudo()
                name = ", ".join(
                    part for part in (patient_sudo.last_name, patient_sudo.first_name) if part
                )
            patient.display_name = f"{name} ({patient.mrn})" if name else patient.mrn

    @api.model
    def _search_display_name(self, operator, value):
        if not self.env.user.has_group(PHI_GROUP):
            return super()._search_display_name(operator, value)
        names = ("mrn", "last_name", "first_name")
        combine = Domain.AND if operator in Domain.NEGATIVE_OPERATORS else Domain.OR
        return combine([(name, operator, value)] for name in names)

    def _compute_counts(self):
        for patient in self:
            patient.case_count = len(patient.case_ids)
            patient.encounter_count = len(patient.encounter_ids)

    @api.depends("facility_ids")
    @api.depends_context("uid")
    def _compute_shown_facility_ids(self):
        """A record of several facilities opens for the people of each of them."""
        for patient in self:
            treating = patient.sudo().facility_ids.with_env(self.env)
            patient.shown_facility_ids = treating._filtered_access("read")

    def _inverse_shown_facility_ids(self):
        # By commands, and not as superuser: what is not shown stays, and the same checks apply.
        for patient in self:
            chosen = patient.shown_facility_ids
            shown = patient.sudo().facility_ids.with_env(self.env)._filtered_access("read")
            added = [Command.link(facility.id) for facility in chosen - shown]
            removed = [Command.unlink(facility.id) for facility in shown - chosen]
            if added or removed:
                patient.write({"facility_ids": added + removed})

    @api.constrains("facility_ids")
    def _check_treating_facilities(self):
        """Who treated the patient sees the patient: record rules read these facilities."""
        for patient in self.sudo():
            removed = patient.encounter_ids.facility_id - patient.facility_ids
            if removed:
                raise ValidationError(
                    self.env._(
                        "%(facilities)s treated patient %(mrn)s and stays on the record.",
                        facilities=", ".join(removed.mapped("name")),
                        mrn=patient.mrn,
                    )
                )

    @api.model
    def _prepare_partner_vals(self, vals):
        """Values of the ledger partner of a patient that is created with ``vals``."""
        if "company_id" not in vals:
            vals = {**vals, **self.default_get(["company_id"])}
        return {
            "name": self.env._("Patient account %(mrn)s", mrn=vals.get("mrn")),
            "company_id": vals["company_id"],
            "customer_rank": 1,
        }
