# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections import defaultdict

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
    """Reminders of open steps."""

    _name = "hc.approval.step"
    _inherit = ["hc.approval.step", "hc.batch.mixin"]

    def _cron_remind(self):
        """Scheduled Action: remind approvers of what waits for them."""
        self._run_in_batches(
            [
                ("state", "=", "open"),
                ("request_id.state", "=", "waiting"),
                ("next_reminder_at", "<=", self.env.cr.now()),
            ],
            "_remind",
            batch_size=1000,
        )

    def _remind(self):
        """Have those told again who may decide; see the notices."""
        now = self.env.cr.now().replace(microsecond=0)
        alike = defaultdict(self.browse)
        for step in self:
            alike[step.rule_id, step.company_id] |= step
        for (rule, _company), steps in alike.items():
            steps._write_guarded(
                {
                    "next_reminder_at": steps[0]._plan(now, rule.reminder_hours),
                    "noticed_at": False,
                    "notice_kind": "reminder",
                }
            )
