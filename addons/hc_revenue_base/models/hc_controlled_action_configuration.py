# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.exceptions import UserError

from .hc_controlled_action import GateDecision


class HcControlledAction(models.Model):
    """Configuration changes as controlled actions: base lets one other person decide."""

    _inherit = "hc.controlled.action"

    kind = fields.Selection(
        selection_add=[("configuration_change", "Configuration Change")],
        ondelete={"configuration_change": "cascade"},
    )

    def _gate(self):
        if self.kind == "configuration_change":
            return GateDecision("wait", self.env._("waits for a second person"))
        return super()._gate()

    def _is_decided_by_second_person(self):
        """Whether base's rule decides; a module with approval policies answers False."""
        return self.kind == "configuration_change"

    def _settle_by_second_person(self, verdict, reason=""):
        """Decide a configuration change by base's own rule: one other person.

        :param str verdict: ``allow`` or ``refuse``
        :raise UserError: it was decided already, or an approval policy decides it
        """
        self.ensure_one()
        self._lock_for_transition(["state"])
        if self.state != "pending":
            raise UserError(
                self.env._("“%(action)s” was decided already. Reload the page.", action=self.name)
            )
        if not self._is_decided_by_second_person():
            raise UserError(
                self.env._(
                    "“%(action)s” is decided by an approval policy. Open its approval request.",
                    action=self.name,
                )
            )
        self._settle(GateDecision(verdict, reason))

    def _apply_configuration_change(self):
        """Take the agreement of whoever decided."""
        self._get_subject()._agree()

    def _on_state_rejected(self, previous):
        for action in self.filtered(lambda action: action.kind == "configuration_change"):
            action._get_subject()._transition("rejected", reason=action._get_rejection())

    def _on_state_void(self, previous):
        self._withdraw_changes()

    def _on_state_expired(self, previous):
        self._withdraw_changes()

    def _withdraw_changes(self):
        for action in self.filtered(lambda action: action.kind == "configuration_change"):
            action._get_subject()._transition("withdrawn", reason=self.env._("request ended"))

    def _get_rejection(self):
        """Why the action was refused, as its log says."""
        entry = self.env["hc.transition"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)], limit=1
        )
        return entry.reason
