# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections import defaultdict

from odoo import models

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from .hc_approval_request import OPEN_STATES


class HcApprovalRequest(models.Model):
    """Requests of a withdrawn version go through the version in force.

    A Scheduled Action does it for all of them, and a decision about one that it has not reached
    yet does it for that one: under a withdrawn version nothing is decided and nothing applied.
    """

    _inherit = "hc.approval.request"

    def _restart_where_changed(self):
        if self.policy_id.state == "withdrawn":
            self._route_again()
            return True
        return super()._restart_where_changed()

    def _cron_route_again(self):
        """Scheduled Action: route open requests of withdrawn versions by the one in force."""
        self._run_in_batches(
            [("state", "in", OPEN_STATES), ("policy_id.state", "=", "withdrawn")],
            "_route_again",
        )

    def _route_again(self):
        """Void what was decided, visibly, and do what the version in force says."""
        answers = self.action_id._ask_policies()
        self._void_round(self.env._("The policy version that it was decided by was withdrawn."))
        waiting = self.filtered(lambda request: answers[request.action_id.id].verdict == "wait")
        for request in self:
            request._take_route(answers[request.action_id.id])
        waiting._start_round()
        for request in self - waiting:
            request._settle_without_steps(answers[request.action_id.id])

    def _void_round(self, reason):
        """End the current round of each request: its decisions and steps are void."""
        self.env["hc.approval.decision"]._record(
            [{"request": request, "verdict": "void", "reason": reason} for request in self]
        )
        # Leave to break the glass was given by the version that is gone.
        self.break_glass_ids.filtered(lambda grant: grant.state == "active")._expire()
        steps = self.step_ids.filtered(
            lambda step: (
                step.round == step.request_id.round
                and step.state in ("upcoming", "open", "approved")
            )
        )
        if steps:
            steps._transition("void", reason=reason)
        self.filtered(lambda request: request.state != "waiting")._transition(
            "waiting", reason=reason
        )
        by_round = defaultdict(self.browse)
        for request in self:
            by_round[request.round] |= request
        for number, requests in by_round.items():
            requests._write_guarded({"round": number + 1})
        self._log_decision(reason=reason, kind="event", facts={"event": "routed_again"})

    def _take_route(self, answer):
        """Note which version and route decide from now on."""
        self.ensure_one()
        if not answer.route_id:
            return
        vals = self._prepare_request_vals(self.action_id, answer)
        for name in ("action_id", "expires_at"):
            del vals[name]
        self._write_guarded(vals | {"apply_error": False})
        self.action_id._write_guarded({"gate_reason": answer.reason})

    def _settle_without_steps(self, answer):
        """What the version in force allows is done; what it has no route for is refused."""
        self.ensure_one()
        if answer.verdict == "allow":
            self._transition("approved", reason=answer.reason)
            self._apply_action()
            return
        self._transition("rejected", reason=answer.reason)
        self.action_id._settle(GateDecision("refuse", answer.reason))
