# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Values of controlled fields: what people read, what they may choose, what a proposal holds."""

from odoo import api, models

_CHOICES = 200


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
        found = comodel.browse(current if isinstance(current, list) else [current or 0]).exists()
        # Files are no list to choose from: they are those of all records.
        if comodel._name != "ir.attachment" and comodel.has_access("read"):
            found |= comodel.search([("id", ">", 0)], limit=_CHOICES)
        return [[record.id, record.sudo().display_name] for record in found]

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
