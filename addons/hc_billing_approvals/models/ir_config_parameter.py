# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.exceptions import ValidationError

OWN_PREFIX = "hc_billing_approvals."
BREAK_GLASS_HOURS = f"{OWN_PREFIX}break_glass_hours"
_HOURS_DEFAULT, _HOURS_MIN, _HOURS_MAX = 4, 1, 24


class IrConfigParameter(models.Model):
    """The system parameters of this module are controlled configuration, within bounds."""

    _name = "ir.config_parameter"
    _inherit = ["ir.config_parameter", "hc.suite.config.mixin"]
    _config_fields = ("key", "value")

    def _filter_config_controlled(self):
        own = self.filtered(lambda parameter: (parameter.key or "").startswith(OWN_PREFIX))
        return super(IrConfigParameter, own)._filter_config_controlled()

    @api.constrains("key", "value")
    def _check_break_glass_hours(self):
        for parameter in self.filtered(lambda each: each.key == BREAK_GLASS_HOURS):
            if _parse_hours(parameter.value) is None:
                raise ValidationError(
                    self.env._(
                        "%(key)s is a whole number of hours from %(low)s to %(high)s.",
                        key=parameter.key,
                        low=_HOURS_MIN,
                        high=_HOURS_MAX,
                    )
                )

    @api.model
    def _get_break_glass_hours(self):
        """How long a break-glass grant is valid; the default where the parameter is gone."""
        return _parse_hours(self.sudo().get_param(BREAK_GLASS_HOURS)) or _HOURS_DEFAULT


def _parse_hours(text):
    text = str(text or "").strip()
    hours = int(text) if text.isascii() and text.isdigit() else 0
    return hours if _HOURS_MIN <= hours <= _HOURS_MAX else None
