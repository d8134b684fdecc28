# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..hc_core.schema import UNSTORABLE

_WHOLE = 10_000
# What a column of the database holds.
_INTEGER_MAX = 2**31 - 1


class HcConfigControlledMixin(models.AbstractModel):
    """What may be entered as the value of a controlled field, by the type of the field."""

    _inherit = "hc.config.controlled.mixin"

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
        if value and (not isinstance(value, str) or UNSTORABLE.search(value)):
            raise ValueError(field.name)
        if field.required and not (value or "").strip():
            raise ValueError(field.name)
        return value or False

    @api.model
    def _config_parse_integer(self, field, value):
        if isinstance(value, float) and not value.is_integer():
            raise ValueError(field.name)
        if abs(int(value or 0)) > _INTEGER_MAX:
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
