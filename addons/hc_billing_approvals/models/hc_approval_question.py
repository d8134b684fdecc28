# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from .hc_approval_presence import check_in_person


class HcApprovalRequest(models.Model):
    """Questions to the requester: the clock of the steps stands still, but not for ever."""

    _inherit = "hc.approval.request"

    answer_due_at = fields.Datetime("Answer By", readonly=True, copy=False)
    question = fields.Text(compute="_compute_question")

    _answer_due = models.Index("(answer_due_at) WHERE state = 'information'")

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"answer_due_at"}

    @api.depends("state", "decision_ids")
    def _compute_question(self):
        for request in self:
            is_asked = request.state == "information"
            request.question = is_asked and request._get_last_question().reason

    def _get_last_question(self):
        return self.decision_ids.filtered(lambda each: each.verdict == "ask").sorted("id")[-1:]

    def _ask(self, question):
        """Put a question to the requester: the request waits for the answer."""
        now = self.env.cr.now().replace(microsecond=0)
        for request in self.sorted("id"):
            request.check_access("read")
            request_sudo = request.sudo()
            step, delegator = request_sudo._find_step_for(self.env.user)
            request_sudo._transition("information", reason=question)
            due_at = step._plan(now, request_sudo.route_id.answer_hours)
            request_sudo._write_guarded({"answer_due_at": due_at})
            self.env["hc.approval.decision"].sudo()._record(
                [
                    {
                        "request": request_sudo,
                        "step": step,
                        "verdict": "ask",
                        "reason": question,
                        "on_behalf_of": delegator,
                    }
                ]
            )

    def _answer(self, answer):
        """Answer as the requester: the request waits for its approvers again."""
        check_in_person(self, "answer")
        for request in self.sorted("id"):
            if request.requester_id != self.env.user:
                raise self.env["hc.refused.attempt"]._refuse(
                    request,
                    "answer",
                    self.env._("Only the requester answers."),
                    reason="not_requester",
                )
            request_sudo = request.sudo()
            request_sudo._transition("waiting", reason=answer)
            self.env["hc.approval.decision"].sudo()._record(
                [{"request": request_sudo, "verdict": "answer", "reason": answer}]
            )
            request_sudo._resume_clock()

    def _resume_clock(self):
        """Give the open steps the time that the question took, as far as it may take any."""
        self.ensure_one()
        now = self.env.cr.now().replace(microsecond=0)
        ended_at = min(now, self.answer_due_at or now)
        paused = ended_at - self._get_last_question().decided_at
        steps = self._get_live_steps().filtered(lambda step: step.state == "open")
        for step in steps:
            times = ("due_at", "next_reminder_at", "next_escalation_at")
            step._write_guarded({name: step[name] + paused for name in times if step[name]})
        self._write_guarded({"answer_due_at": False})
        self._take_due_times()

    def _cron_end_questions(self):
        """Scheduled Action: what was not answered in time stops the clock no longer."""
        self._run_in_batches(
            [("state", "=", "information"), ("answer_due_at", "<=", self.env.cr.now())],
            "_end_questions",
        )

    def _end_questions(self):
        self._transition("waiting", reason=self.env._("nobody answered in time"))
        for request in self:
            request._resume_clock()
