# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

_DECIDERS = ("hc_revenue_base.group_hc_manager", "hc_revenue_base.group_hc_finance_manager")
_REFUSED_STATES = ("rejected", "void", "expired")
WITHIN_TIER = "within_tier_table"


class HcControlledAction(models.Model):
    """Payment plans: the party's own choice within the tier, a decision outside of it."""

    _inherit = "hc.controlled.action"

    kind = fields.Selection(
        selection_add=[("payment_plan", "Payment Plan")],
        ondelete={"payment_plan": "cascade"},
    )

    def _gate(self):
        """Base alone lets managers agree to plans outside the tiers."""
        if (
            self.kind == "payment_plan"
            and self.exception_category != WITHIN_TIER
            and not any(map(self.requester_id.has_group, _DECIDERS))
        ):
            return GateDecision(
                "refuse",
                self.env._(
                    "%(why)s Managers agree to such plans: ask one, or choose fewer months.",
                    why=self._get_subject().sudo().tier_note,
                ),
            )
        return super()._gate()

    def _move(self, target, field_name, reason, facts, on_behalf_of):
        result = super()._move(target, field_name, reason, facts, on_behalf_of)
        if field_name == "state" and target in _REFUSED_STATES:
            for action in self.filtered(lambda action: action.kind == "payment_plan"):
                action._get_subject().sudo()._drop_refused(action)
        return result

    def _apply_payment_plan(self):
        self._get_subject().sudo()._activate(self)
