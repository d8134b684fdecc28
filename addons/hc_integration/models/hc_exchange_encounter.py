# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class HcExchange(models.Model):
    """Which visit an event was about, for those who work on it."""

    _inherit = "hc.exchange"

    encounter_id = fields.Many2one(
        "hc.encounter", "Visit", readonly=True, index="btree_not_null", ondelete="set null"
    )
    event_summary = fields.Char("In Short", compute="_compute_event_summary")

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"encounter_id"}

    @api.depends("error", "event_note", "event_changes")
    def _compute_event_summary(self):
        for exchange in self:
            text = exchange.error or exchange.event_note or exchange.event_changes
            exchange.event_summary = text.partition("\n")[0] if text else False

    def _finish_event(self, outcome):
        record = outcome.record
        encounter = record if record is not None and record._name == "hc.encounter" else None
        if encounter is None and record and "encounter_id" in record._fields:
            encounter = record.sudo().encounter_id
        if encounter:
            self._write_guarded({"encounter_id": encounter.id})
        return super()._finish_event(outcome)
