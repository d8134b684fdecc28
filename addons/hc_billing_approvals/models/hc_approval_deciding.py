# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.hc_revenue_base.models.hc_batch_mixin import CONCURRENCY_ERRORS
from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

# Who applies again what others approved and the books refused.
_IN_CHARGE = (
    "hc_revenue_base.group_hc_supervisor",
    "hc_revenue_base.group_hc_finance_manager",
)


class HcApprovalRequest(models.Model):
    """Deciding: the one way for buttons, lists, operations and jobs."""

    _inherit = "hc.approval.request"

    can_apply_again = fields.Boolean(compute="_compute_can_apply_again")

    def action_approve(self):
        """Approve the step of each request that waits for the user."""
        return self._decide("approve")

    def _decide(self, verdict, reason=None):
        """Decide the step of each request that is open to the current user.

        :param str verdict: ``approve`` or ``reject``
        :param str reason: required for a refusal
        :return: a message for the user where a request started again, else None
        :raise UserError: a duty rule, missing evidence or a request that waits for nobody here;
            nothing is recorded then, except the refused attempt
        """
        requests_sudo = self.sorted("id").sudo()
        self.check_access("read")
        requests_sudo._lock_for_transition(["state", "round", "content_digest", "due_at"])
        chosen = [(request, *request._choose_step()) for request in requests_sudo]
        restarted = requests_sudo.filtered(lambda request: request._restart_where_changed())
        rows = [
            {
                "request": request,
                "step": step,
                "verdict": verdict,
                "reason": reason,
                "on_behalf_of": delegator,
            }
            for request, step, delegator in chosen
            if request not in restarted
        ]
        if verdict == "approve":
            for row in rows:
                row["step"]._check_evidence()
        requests_sudo._record_decisions(rows)
        requests_sudo._follow([row["step"].id for row in rows], verdict, reason)
        return restarted._tell_restarted() if restarted else None

    def _choose_step(self):
        """The step that the current user may decide, and in whose name."""
        self.ensure_one()
        if self.state != "waiting":
            raise UserError(
                self.env._(
                    "%(request)s is %(state)s: there is nothing to decide any more. "
                    "Reload the page.",
                    request=self.name,
                    state=self._get_lifecycle("state").label(self.state).lower(),
                )
            )
        return self._find_step_for(self.env.user)

    def _record_decisions(self, rows):
        """Write decisions down, and into the log of their requests."""
        self.env["hc.approval.decision"]._record(rows)
        self.env["hc.transition"]._append(
            [
                {
                    "record": row["request"],
                    "kind": "decision",
                    "reason": row["reason"],
                    "facts": {
                        "step": row["step"].rule_id.id,
                        "verdict": row["verdict"],
                        "round": row["request"].round,
                        "content": row["request"].content_digest,
                    },
                    "on_behalf_of": row["on_behalf_of"] or None,
                }
                for row in rows
            ]
        )

    def _follow(self, step_ids, verdict, reason):
        """What decisions bring about: the steps, the next ones, the end."""
        steps = self.env["hc.approval.step"].browse(step_ids)
        if verdict == "reject":
            steps._transition("rejected", reason=reason)
            steps.request_id._transition("rejected", reason=reason)
            steps.request_id._void_steps()
            for request in steps.request_id:
                request.action_id._settle(GateDecision("refuse", reason))
            return
        done = steps.filtered(lambda step: step.approval_count >= step.needed_count)
        done._transition("approved")
        finished = done.request_id._open_next_steps()
        finished._transition("approved")
        for request in finished:
            request._apply_action()

    def _apply_action(self):
        """Perform what was approved, once; what fails stays approved and is tried again.

        :return: whether it was applied
        """
        self.ensure_one()
        self._lock_for_transition(["state", "content_digest"])
        if self.state != "approved" or self._restart_where_changed():
            return False
        try:
            with self.env.cr.savepoint():
                self.action_id._settle(GateDecision("allow", self.env._("approved")))
                self._transition("applied")
        except CONCURRENCY_ERRORS:
            raise
        except UserError as error:
            self._note_apply_failure(str(error))
            return False
        self._resolve_apply_failure()
        return True

    def _note_apply_failure(self, error):
        """Approved, but the books refuse: the request stays, with why, and work for somebody."""
        self._write_guarded({"apply_error": error, "apply_attempts": self.apply_attempts + 1})
        self._log_decision(kind="event", facts={"event": "not_applied"})
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "approved_not_applied",
                    "name": self.env._("Approved, not applied: %s", self.name),
                    "description": error,
                    "dedup_key": f"approved_not_applied:{self.id}",
                    "queue_code": "billing",
                    "severity": "error",
                    "company_id": self.company_id.id,
                    "facility_id": self.facility_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )

    def _resolve_apply_failure(self):
        if not self.apply_error:
            return
        self._write_guarded({"apply_error": False})
        items = self.env["hc.work.item"].search(
            [
                ("dedup_key", "=", f"approved_not_applied:{self.id}"),
                ("state", "in", ("open", "in_progress")),
            ]
        )
        if items:
            items._resolve("fixed")

    def action_apply_again(self):
        """Try again to perform what was approved; asks nobody to decide anew."""
        for request in self:
            request.check_access("read")
            request.sudo()._check_may_apply_again(self.env.user)
            if not request.sudo()._apply_action():
                raise UserError(request.sudo().apply_error or self.env._("Nothing to apply."))

    @api.depends_context("uid")
    @api.depends("state", "requester_id", "decision_ids")
    def _compute_can_apply_again(self):
        for request in self:
            request.can_apply_again = (
                request.state == "approved" and request.sudo()._may_be_applied_by(self.env.user)
            )

    def _may_be_applied_by(self, user):
        """Whether the user decided the request or is in charge: the asker does not pay."""
        decided = self.decision_ids.filtered(lambda each: not each.is_void).user_id
        in_charge = any(map(user.has_group, _IN_CHARGE))
        return user != self.requester_id and (user in decided or in_charge)

    def _check_may_apply_again(self, user):
        if not self._may_be_applied_by(user):
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "apply_again",
                self.env._(
                    "Whoever decided “%(request)s”, or a supervisor, applies it again; never its "
                    "requester.",
                    request=self.name,
                ),
                reason="not_in_charge",
            )

    def _restart_where_changed(self):
        """Void the decisions of a request whose content is no longer what they were about.

        :return: whether it was so
        """
        self.ensure_one()
        digest = self._get_content_digest()
        if digest == self.content_digest:
            return False
        reason = self.env._("The content has changed since it was requested or approved.")
        self.env["hc.approval.decision"]._record(
            [{"request": self, "verdict": "void", "reason": reason}]
        )
        live = self._get_live_steps().filtered(lambda step: step.state != "void")
        live._transition("void", reason=reason)
        if self.state == "approved":
            self._transition("waiting", reason=reason)
        self._write_guarded({"round": self.round + 1, "content_digest": digest})
        self._log_decision(reason=reason, kind="event", facts={"event": "restarted"})
        self._start_round()
        return True

    def _tell_restarted(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Look again before you decide"),
                "message": self.env._(
                    "%(requests)s changed since you opened it. Earlier decisions are void and "
                    "the steps start again; yours was not recorded.",
                    requests=", ".join(self.sudo().mapped("name")),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }


class HcWorkItem(models.Model):
    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[("approved_not_applied", "Approved, Not Applied")],
        ondelete={"approved_not_applied": "set default"},
    )
