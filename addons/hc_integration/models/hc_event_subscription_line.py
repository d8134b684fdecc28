# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class HcEventSubscriptionLine(models.AbstractModel):
    """A part of a subscription that is changed only while nothing is sent."""

    _name = "hc.event.subscription.line"
    _description = "Part of a Subscription"

    subscription_id = fields.Many2one(
        "hc.event.subscription", required=True, index=True, ondelete="cascade"
    )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_parents()
        return lines

    def write(self, vals):
        self._check_parents()
        result = super().write(vals)
        self._check_parents()
        return result

    def unlink(self):
        self._check_parents()
        return super().unlink()

    def _check_parents(self):
        self.subscription_id._check_changeable()
        self.env.registry.clear_cache()
