# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Values of controlled fields: what people read, what they may enter, what is stored."""

from odoo import api, fields, models
from odoo.exceptions import UserError

_CHOICES = 200
_WHOLE = 10_000


class HcConfigControlledMixin(models.AbstractModel):
    _inherit = "hc.config.controlled.mixin"

    @api.model
    def _config_label(self, name, value):
        """A stored value as people read it: labels and names, never ids."""
        field = self._fields[name]
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if field.type == "selection":
            return dict(field._description_selection(self.env)).get(value, value or "")
        if field.type == "many2one":
            return self._config_names(field, [value] if value else [])
        if field.type in ("many2many", "one2many"):
            return self._config_names(field, value or [])
        if field.type in ("integer", "float", "monetary"):
            return f"{value or 0:.15g}"
        return str(value or "")

    @api.model
    def _config_names(self, field, ids):
        records = self.env[field.comodel_name].sudo().browse(ids)
        gone = records - records.exists()
        names = [record.display_name for record in records - gone]
        names += [self.env._("(deleted)")] * len(gone)
        return ", ".join(names)

    @api.model
    def _config_options(self, name, current):
        """What may be chosen: ``[[value, label], …]``; none for a field that is typed in."""
        field = self._fields[name]
        if field.type == "selection":
            return [list(item) for item in field._description_selection(self.env)]
        if field.type not in ("many2one", "many2many"):
            return []
        comodel = self.env[field.comodel_name]
        chosen = comodel.sudo().browse(current if isinstance(current, list) else [current or 0])
        found = comodel.search([("id", ">", 0)], limit=_CHOICES) | chosen.exists()
        return [[record.id, record.sudo().display_name] for record in found]

    @api.model
    def _config_parse(self, name, value):
        """A value as entered, checked and in the form in which it is stored.

        :raise UserError: it does not fit the field
        """
        field = self._fields[name]
        try:
            return getattr(self, f"_config_parse_{field.type}", self._config_parse_text)(
                field, value
            )
        except (TypeError, ValueError, OverflowError):
            raise UserError(
                self.env._(
                    "“%(value)s” is no value for %(field)s. Enter it in the form of the value "
                    "before.",
                    value=str(value)[:80],
                    field=field.string,
                )
            ) from None

    @api.model
    def _config_parse_text(self, field, value):
        if value and not isinstance(value, str):
            raise ValueError(field.name)
        if field.required and not (value or "").strip():
            raise ValueError(field.name)
        return value or False

    @api.model
    def _config_parse_integer(self, field, value):
        if isinstance(value, float) and not value.is_integer():
            raise ValueError(field.name)
        return int(value or 0)

    @api.model
    def _config_parse_float(self, field, value):
        number = float(value or 0.0)
        if number != number or abs(number) == float("inf"):
            raise ValueError(field.name)
        return number

    _config_parse_monetary = _config_parse_float

    @api.model
    def _config_parse_boolean(self, field, value):
        if value not in (True, False, None):
            raise ValueError(field.name)
        return bool(value)

    @api.model
    def _config_parse_selection(self, field, value):
        if not value and not field.required:
            return False
        if value not in field.get_values(self.env):
            raise ValueError(field.name)
        return value

    @api.model
    def _config_parse_date(self, field, value):
        return fields.Date.to_string(fields.Date.to_date(value)) if value else False

    @api.model
    def _config_parse_datetime(self, field, value):
        return fields.Datetime.to_string(fields.Datetime.to_datetime(value)) if value else False

    @api.model
    def _config_parse_many2one(self, field, value):
        if not value and not field.required:
            return False
        return self._config_parse_many2many(field, [value])[0]

    @api.model
    def _config_parse_many2many(self, field, value):
        ids = [int(item) for item in value or []]
        if len(ids) > _WHOLE or len(self.env[field.comodel_name].browse(ids).exists()) != len(ids):
            raise ValueError(field.name)
        return sorted(ids)

    @api.model
    def _config_parse_stored(self, name, value):
        """A value read back from JSON, in which nothing is told from 0, "" and []."""
        field = self._fields[name]
        empty = {"integer": 0, "float": 0.0, "monetary": 0.0, "many2many": [], "one2many": []}
        return empty.get(field.type, False) if value in (None, False, "") else value

    def _config_prepare_lines(self, values):
        """One line per controlled field: as agreed last, as it is, and as proposed.

        What was changed without agreement shows in the proposal by itself: it differs from what
        was agreed last.

        :param dict values: proposed values by field name, in the form of a version
        """
        versions = self.env["hc.config.version"].sudo()
        agreed = versions._get_last(self._name, self.id)
        if not agreed:
            agreed = versions._take(self, "shipped")
        current = self._config_snapshot()
        lines = []
        for name in self._config_fields:
            field = self._fields[name]
            stable = name not in self._config_volatile_fields
            old = agreed.content.get(name, current[name]) if stable else current[name]
            new = values.get(name, current[name]) if stable else current[name]
            lines.append(
                {
                    "field_name": name,
                    "label": field.string,
                    "field_type": field.type,
                    "options": self._config_options(name, new),
                    "old_value": old,
                    "seen_value": current[name],
                    "new_value": new,
                    "before_text": self._config_label(name, old),
                }
            )
        return lines

    def _config_conflicts(self, change):
        """Why this record is not as it was when a change of it was proposed, as texts."""
        current = self._config_snapshot()
        moved = [
            line.label
            for line in change.line_ids
            if line.field_name not in self._config_volatile_fields
            and self._config_parse_stored(line.field_name, line.seen_value)
            != self._config_parse_stored(line.field_name, current[line.field_name])
        ]
        if not moved:
            return []
        return [
            self.env._(
                "%(fields)s changed since this was proposed: withdraw it and propose again",
                fields=", ".join(moved),
            )
        ]
