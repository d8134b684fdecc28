# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from .hc_approval_policy_routing import PolicyDecision


class HcControlledAction(models.Model):
    """Every controlled action waits for what the approval policy says."""

    _inherit = "hc.controlled.action"

    kind = fields.Selection(
        selection_add=[
            ("payment_plan", "Payment Plan"),
            ("takeback_accept", "Accepted Takeback"),
            ("approval_policy_change", "Approval Policy"),
        ],
        ondelete={
            "payment_plan": "cascade",
            "takeback_accept": "cascade",
            "approval_policy_change": "cascade",
        },
    )
    approval_request_ids = fields.One2many("hc.approval.request", "action_id", readonly=True)

    def _gate(self):
        """Ask the policy in force; without one nothing is allowed."""
        self.ensure_one()
        policies = self.env["hc.approval.policy"].sudo()
        policy = policies.browse(
            policies._get_id_in_force(self.company_id.id, self.env.cr.now().date())
        )
        if not policy:
            return GateDecision(
                "refuse",
                self.env._(
                    "No approval policy is in force. A billing administrator must publish one."
                ),
            )
        return policy._route(self)

    def _settle(self, decision):
        """Open the request of an act that waits; put on record by which rule another may go."""
        if isinstance(decision, PolicyDecision):
            if decision.verdict == "wait":
                self.env["hc.approval.request"].sudo()._open(self, decision)
            else:
                self._log_decision(
                    reason=decision.reason,
                    facts={"policy": decision.policy_id, "route": decision.route_id},
                )
        return super()._settle(decision)

    def _is_decided_by_second_person(self):
        """Whoever decides is said by the policy, for changes of configuration too."""
        return False

    def action_withdraw(self):
        """Withdraw one's own request, and what waits for it."""
        result = super().action_withdraw()
        self.sudo().approval_request_ids._close("withdrawn")
        return result

    def _expire(self):
        result = super()._expire()
        self.sudo().approval_request_ids._close("expired")
        return result
