# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime


class HcTransition(models.Model):
    """How a log entry reads in the timeline of its record."""

    _inherit = "hc.transition"

    model_label = fields.Char("Record Type", compute="_compute_labels")
    from_label = fields.Char("From State", compute="_compute_labels")
    to_label = fields.Char("To State", compute="_compute_labels")

    @api.depends("res_model", "field_name", "from_state", "to_state")
    def _compute_labels(self):
        for entry in self:
            model = self.env.get(entry.res_model)
            entry.model_label = model._description if model is not None else entry.res_model
            lifecycle = None
            if entry.field_name in getattr(model, "_lifecycles", {}):
                lifecycle = model._get_lifecycle(entry.field_name)
            for code, label in (("from_state", "from_label"), ("to_state", "to_label")):
                entry[label] = (
                    lifecycle.label(entry[code]) if lifecycle and entry[code] else entry[code]
                )

    def _describe(self, record):
        description = super()._describe(record)
        happened = fields.Datetime.context_timestamp(self, self.occurred_at)
        shown_field = record._fields.get(self.field_name)
        is_main = self.field_name == next(iter(getattr(record, "_lifecycles", {})), None)
        return description | {
            "day": self._get_day_label(happened.date()),
            "time": format_datetime(self.env, self.occurred_at, dt_format="HH:mm"),
            "field_label": shown_field._description_string(self.env)
            if shown_field and not is_main
            else "",
            "facts": [
                (name, self._get_fact_label(value)) for name, value in description["facts"] if value
            ],
        }

    def _get_fact_label(self, value):
        """A fact as people read it; lists and nested facts without brackets."""
        if isinstance(value, dict):
            return ", ".join(f"{name} {part}" for name, part in value.items())
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def _get_day_label(self, day):
        """A day as people say it: today, yesterday, or its date with the weekday."""
        today = fields.Datetime.context_timestamp(self, self.env.cr.now()).date()
        if day == today:
            return self.env._("Today")
        if day == today - timedelta(days=1):
            return self.env._("Yesterday")
        return format_date(self.env, day, date_format="EEEE, MMMM d, y")
