# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

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
        return self._ask_policies()[self.id]

    def _ask_policies(self):
        """What the policies in force say, by id of the action."""
        policies, decisions = self.env["hc.approval.policy"].sudo(), {}
        today = self.env.cr.now().date()
        for company, actions in self.grouped("company_id").items():
            policy = policies.browse(policies._get_id_in_force(company.id, today))
            if policy:
                decisions |= policy._route(actions)
            else:
                reason = self.env._(
                    "No approval policy is in force. A billing administrator must publish one."
                )
                decisions |= dict.fromkeys(actions.ids, PolicyDecision("refuse", reason))
        return decisions

    def _settle_by_gate(self):
        """Open the requests of acts that wait, as one set; the policy settles the others."""
        waiting, decisions = [], self._ask_policies()
        for action in self:
            decision = decisions[action.id]
            if decision.verdict == "wait":
                waiting.append((action, decision))
            else:
                action._log_decision(
                    reason=decision.reason,
                    facts={"policy": decision.policy_id, "route": decision.route_id},
                )
                action._settle(decision)
        self.env["hc.approval.request"].sudo()._open(waiting)

    @api.model
    def _route_pending(self):
        """Route what was requested before the module was there; nobody else would decide it."""
        for action in self.search(
            [("state", "=", "pending"), ("approval_request_ids", "=", False)], order="id"
        ):
            try:
                with self.env.cr.savepoint():
                    action._settle_by_gate()
            except UserError as error:
                # Allowed, but not possible any more: the requester sees why, and withdraws it.
                action._write_guarded({"gate_reason": str(error)})

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
