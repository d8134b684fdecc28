# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from .hc_patient import CLINICAL_GROUP
from .hc_work_item import OPEN_STATES

# Columns that the board of cases shows even when they are empty.
_BOARD_STAGES = ("coding", "exception", "ready", "invoiced")


class HcBillingCase(models.Model):
    """What the case's screens show besides its own fields, and where their buttons lead."""

    _inherit = "hc.billing.case"

    stage = fields.Selection(group_expand="_expand_stages")
    open_work_item_count = fields.Integer(
        "Open Work Items", compute="_compute_open_work_item_count"
    )
    days_in_stage = fields.Integer("Days in Stage", compute="_compute_days_in_stage")
    encounter_class = fields.Selection(related="encounter_id.encounter_class")
    encounter_started_at = fields.Datetime(related="encounter_id.started_at")
    encounter_ended_at = fields.Datetime(related="encounter_id.ended_at")
    attending_id = fields.Many2one(related="encounter_id.attending_id")
    coding_state = fields.Selection(related="encounter_id.coding_state", string="Coding")
    note_signed_on = fields.Date(related="encounter_id.note_signed_on")
    primary_coverage_id = fields.Many2one(related="encounter_id.primary_coverage_id")
    secondary_coverage_id = fields.Many2one(related="encounter_id.secondary_coverage_id")
    eligibility_status = fields.Selection(related="primary_coverage_id.eligibility_status")
    eligibility_checked_on = fields.Date(related="primary_coverage_id.eligibility_checked_on")
    authorization_id = fields.Many2one(related="encounter_id.authorization_id")
    referral_id = fields.Many2one(related="encounter_id.referral_id")
    diagnosis_ids = fields.One2many(
        related="encounter_id.diagnosis_ids", string="Diagnoses", groups=CLINICAL_GROUP
    )

    @api.model
    def _expand_stages(self, stages, domain):
        """Columns of the board, in the order of the life cycle: those in use and the usual ones."""
        shown = {*stages, *_BOARD_STAGES}
        return [code for code, _label in self._get_lifecycle("stage").selection() if code in shown]

    def _compute_open_work_item_count(self):
        items = dict(
            self.env["hc.work.item"]._read_group(
                [("case_id", "in", self.ids), ("state", "in", OPEN_STATES)],
                ["case_id"],
                ["__count"],
            )
        )
        for case in self:
            case.open_work_item_count = items.get(case, 0)

    @api.depends("stage_entered_at")
    def _compute_days_in_stage(self):
        now = self.env.cr.now()
        for case in self:
            case.days_in_stage = (now - case.stage_entered_at).days if case.stage_entered_at else 0

    def action_open_encounter(self):
        """Open the encounter that the case bills."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "hc.encounter",
            "res_id": self.encounter_id.id,
            "views": [(False, "form")],
        }
