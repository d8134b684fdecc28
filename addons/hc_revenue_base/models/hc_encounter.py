# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..hc_core import lifecycles
from .hc_patient import CLINICAL_GROUP, PHI_GROUP

ENCOUNTER_CLASSES = [
    ("ambulatory", "Ambulatory"),
    ("emergency", "Emergency"),
    ("inpatient", "Inpatient"),
    ("virtual", "Virtual"),
]


class HcEncounter(models.Model):
    """One visit or stay: where the bill begins."""

    _name = "hc.encounter"
    _description = "Encounter"
    _inherit = ["hc.lifecycle.mixin", "mail.thread", "mail.activity.mixin"]
    _rec_name = "number"
    _order = "started_at desc, id desc"
    _check_company_auto = True
    _lifecycles = {"state": lifecycles.ENCOUNTER, "coding_state": lifecycles.CODING}

    number = fields.Char("Encounter No.", required=True, index=True, tracking=True)
    source = fields.Char(default="manual", required=True, help="System that sent the encounter.")
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="planned",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    coding_state = fields.Selection(
        selection=lambda self: self._get_lifecycle("coding_state").selection(),
        default="open",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    facility_id = fields.Many2one(
        "hc.facility",
        required=True,
        index=True,
        check_company=True,
        tracking=True,
        default=lambda self: self.env.user.hc_facility_ids[:1],
    )
    company_id = fields.Many2one(related="facility_id.company_id", store=True, index=True)
    department_id = fields.Many2one(
        "hc.department", index=True, domain="[('facility_id', '=', facility_id)]"
    )
    patient_id = fields.Many2one(
        "hc.patient", required=True, index=True, check_company=True, ondelete="restrict"
    )
    encounter_class = fields.Selection(ENCOUNTER_CLASSES, required=True, default="ambulatory")
    started_at = fields.Datetime(
        "Start",
        required=True,
        index=True,
        default=lambda self: self.env.cr.now().replace(microsecond=0),
    )
    ended_at = fields.Datetime("End")
    is_scheduled = fields.Boolean(help="Booked in advance (a Good Faith Estimate may be due).")
    attending_id = fields.Many2one("hc.practitioner", check_company=True)
    referring_id = fields.Many2one("hc.practitioner", check_company=True)
    primary_coverage_id = fields.Many2one(
        "hc.coverage",
        index=True,
        domain="[('patient_id', '=', patient_id)]",
        tracking=True,
        help="Empty: self-pay.",
    )
    secondary_coverage_id = fields.Many2one(
        "hc.coverage", domain="[('patient_id', '=', patient_id)]", tracking=True
    )
    payer_id = fields.Many2one(
        related="primary_coverage_id.payer_id", store=True, index=True, string="Payer"
    )
    authorization_id = fields.Many2one(
        "hc.authorization",
        domain="[('patient_id', '=', patient_id), ('authorization_type', '=', 'authorization')]",
    )
    referral_id = fields.Many2one(
        "hc.authorization",
        domain="[('patient_id', '=', patient_id), ('authorization_type', '=', 'referral')]",
    )
    note_signed_on = fields.Date(help="When the clinical note was signed.")
    type_of_bill = fields.Char(size=4, help="Institutional claims: type of bill.")
    diagnosis_ids = fields.One2many(
        "hc.encounter.diagnosis", "encounter_id", "Diagnoses", groups=CLINICAL_GROUP
    )
    service_line_ids = fields.One2many("hc.service.line", "encounter_id", "Services")
    charge_ids = fields.One2many("hc.charge", "encounter_id", "Charges")
    case_ids = fields.One2many("hc.billing.case", "encounter_id", "Billing Cases")
    document_ids = fields.One2many("hc.document", "encounter_id", "Documents", groups=PHI_GROUP)
    case_count = fields.Integer(compute="_compute_case_count")

    _number_unique = models.UniqueIndex(
        "(facility_id, source, number)", "The facility has this encounter already."
    )
    _number_short = models.Constraint(
        "CHECK (char_length(number) <= 64 AND char_length(source) <= 64)",
        "Number and source of an encounter have at most 64 characters each.",
    )
    _period_ordered = models.Constraint(
        "CHECK (ended_at IS NULL OR ended_at >= started_at)", "The encounter ends before it starts."
    )

    def _compute_case_count(self):
        for encounter in self:
            encounter.case_count = len(encounter.case_ids)

    @api.model_create_multi
    def create(self, vals_list):
        encounters = super().create(vals_list)
        encounters._join_patients_to_facilities()
        return encounters

    def write(self, vals):
        moves = {"patient_id", "facility_id"} & vals.keys()
        if moves:
            self._check_not_billed(vals)
        result = super().write(vals)
        if moves:
            self._join_patients_to_facilities()
        return result

    def _join_patients_to_facilities(self):
        """Who treats a patient sees the patient."""
        for patient_sudo, encounters in self.sudo().grouped("patient_id").items():
            new = encounters.facility_id - patient_sudo.facility_ids
            if new:
                patient_sudo.facility_ids += new

    def _check_not_billed(self, vals):
        """Refuse to move what is billed to another patient or facility: the ledger stays."""
        for encounter in self.sudo():
            changes = any(
                name in vals and encounter[name].id != vals[name]
                for name in ("patient_id", "facility_id")
            )
            if changes and "billed" in encounter.charge_ids.mapped("state"):
                raise UserError(
                    self.env._(
                        "%(number)s is billed: its patient and facility stay. Reopen its codes, "
                        "void and rebill its case, and correct it before the codes are approved.",
                        number=encounter.number,
                    )
                )

    def action_start(self):
        """The patient has arrived."""
        self._transition("in_progress")

    def action_complete(self):
        """The visit is over: services may be charged."""
        self._transition("completed")

    def action_cancel(self):
        """The visit did not take place, or was entered in error."""
        self._transition("cancelled")

    def action_approve_coding(self):
        """The coder declares the codes final."""
        self._check_may_code()
        self._transition("approved", field_name="coding_state")

    def action_reopen_coding(self):
        """The codes must change."""
        self._check_may_code()
        self._transition("open", field_name="coding_state")

    def _check_may_code(self):
        if not self.env.su and not self.env.user.has_group("hc_revenue_base.group_hc_coder"):
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "code",
                self.env._("Only coders approve or reopen codes. Ask your coding team."),
                reason="not_coder",
            )

    def _guard_state_completed(self):
        return {
            encounter.id: [self.env._("enter when the encounter ended")]
            for encounter in self
            if not encounter.ended_at
        }

    def _guard_state_cancelled(self):
        return {
            encounter.id: [self.env._("cancel its billing case first")]
            for encounter in self
            if encounter.case_ids.filtered(lambda case: case.stage != "cancelled")
        }

    def _guard_coding_state_approved(self):
        return {
            encounter.id: [self.env._("document at least one service")]
            for encounter in self
            if not encounter.service_line_ids
        }


class HcEncounterDiagnosis(models.Model):
    """A diagnosis of an encounter; the first in order is the principal one."""

    _name = "hc.encounter.diagnosis"
    _description = "Encounter Diagnosis"
    _order = "encounter_id, sequence, id"
    _rec_name = "code_id"

    encounter_id = fields.Many2one("hc.encounter", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="encounter_id.company_id", store=True, index=True)
    facility_id = fields.Many2one(related="encounter_id.facility_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    code_id = fields.Many2one(
        "hc.code",
        "Diagnosis",
        required=True,
        index=True,
        domain="[('system', '=', 'diagnosis')]",
    )

    _diagnosis_unique = models.UniqueIndex(
        "(encounter_id, code_id)", "The encounter has this diagnosis already."
    )
