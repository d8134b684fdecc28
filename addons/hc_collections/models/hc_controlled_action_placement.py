# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

_PLACING_GROUP = "hc_revenue_base.group_hc_supervisor"


class HcControlledAction(models.Model):
    """Handing an account to an agency."""

    _inherit = "hc.controlled.action"

    kind = fields.Selection(
        selection_add=[("agency_placement", "Placement with an Agency")],
        ondelete={"agency_placement": "cascade"},
    )

    def _gate(self):
        """Base alone lets supervisors place; a module with approvals asks its policies."""
        if self.kind == "agency_placement" and not self.requester_id.has_group(_PLACING_GROUP):
            return GateDecision(
                "refuse", self.env._("Supervisors place accounts with an agency. Ask one of them.")
            )
        return super()._gate()

    def _get_related_kind(self):
        return "bad_debt" if self.kind == "agency_placement" else super()._get_related_kind()

    def _apply_agency_placement(self):
        self._get_subject().sudo()._place(self)

    def _get_placements(self):
        placed = self.filtered(lambda action: action.kind == "agency_placement")
        return self.env["hc.placement"].sudo().browse(placed.mapped("res_id")).exists()

    def _move(self, target, field_name, reason, facts, on_behalf_of):
        """A placement that nobody agreed to is not waited for any longer."""
        result = super()._move(target, field_name, reason, facts, on_behalf_of)
        if field_name == "state" and target in ("rejected", "void", "expired"):
            self._get_placements()._transition_where_allowed("refused", reason=reason)
        return result
