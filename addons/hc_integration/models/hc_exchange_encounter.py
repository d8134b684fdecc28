# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class HcExchange(models.Model):
    """Whom and which visit an event was about, for those who work on it."""

    _inherit = "hc.exchange"

    encounter_id = fields.Many2one(
        "hc.encounter", "Visit", readonly=True, index="btree_not_null", ondelete="set null"
    )
    patient_id = fields.Many2one(
        "hc.patient", readonly=True, index="btree_not_null", ondelete="set null"
    )
    event_summary = fields.Char("In Short", compute="_compute_event_summary")

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"encounter_id", "patient_id"}

    @api.depends("error", "event_note", "event_changes")
    def _compute_event_summary(self):
        for exchange in self:
            text = exchange.error or exchange.event_note or exchange.event_changes
            exchange.event_summary = text.partition("\n")[0] if text else False

    def _finish_event(self, outcome):
        if outcome.record:
            self._write_guarded(self._prepare_subject_vals(outcome.record.sudo()))
        return super()._finish_event(outcome)

    @api.model
    def _prepare_subject_vals(self, record_sudo):
        """The visit and the patient of a record, as far as it has them."""
        encounter, patient = (
            record_sudo
            if record_sudo._name == model
            else record_sudo[name]
            if name in record_sudo._fields
            else self.env[model]
            for name, model in (("encounter_id", "hc.encounter"), ("patient_id", "hc.patient"))
        )
        return {"encounter_id": encounter.id, "patient_id": patient.id}
