# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models

_RETRY_LIMIT = 20


class HcApprovalRequest(models.Model):
    """What time brings about: expiry, and another try of what could not be applied."""

    _inherit = "hc.approval.request"

    def _cron_expire_requests(self):
        """Scheduled Action: requests that nobody decided in time are over."""
        self._run_in_batches(
            [
                ("state", "in", ("waiting", "information")),
                ("expires_at", "<=", self.env.cr.now()),
            ],
            "_expire",
        )

    def _expire(self):
        reason = self.env._("nobody decided in time")
        self.action_id.filtered(lambda action: action.state == "pending")._transition(
            "expired", reason=reason
        )
        self._close("expired", reason)

    def _cron_apply_approved(self):
        """Scheduled Action: try again what was approved and could not be applied."""
        self._run_in_batches(
            [("state", "=", "approved"), ("apply_attempts", "<", _RETRY_LIMIT)],
            "_apply_each",
            batch_size=50,
        )

    def _apply_each(self):
        for request in self:
            request._apply_action()


class HcApprovalStep(models.Model):
    """Reminders and escalation of open steps."""

    _name = "hc.approval.step"
    _inherit = ["hc.approval.step", "hc.batch.mixin"]

    def _cron_escalate(self):
        """Scheduled Action: overdue steps go to those who may decide in their place."""
        self._run_in_batches(
            [
                ("state", "=", "open"),
                ("escalated_at", "=", False),
                ("due_at", "<=", self.env.cr.now()),
            ],
            "_escalate",
        )

    def _escalate(self):
        now = self.env.cr.now().replace(microsecond=0)
        self._write_guarded({"escalated_at": now})
        self._log_decision(kind="event", facts={"event": "escalated"})

    def _cron_remind(self):
        """Scheduled Action: remind approvers of what waits for them."""
        self._run_in_batches(
            [("state", "=", "open"), ("next_reminder_at", "<=", self.env.cr.now())], "_remind"
        )

    def _remind(self):
        """Leave a note on the request for its followers and named approvers."""
        now = self.env.cr.now().replace(microsecond=0)
        for step in self:
            step._write_guarded({"next_reminder_at": step._plan(now, step.rule_id.reminder_hours)})
            step.request_id.message_post(
                body=self.env._("%(step)s: still waiting for a decision.", step=step.name),
                partner_ids=step.approver_ids.partner_id.ids,
                subtype_xmlid="mail.mt_note",
            )
