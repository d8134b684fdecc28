# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models


class HcAutomation(models.Model):
    """Every automation is looked at again from time to time."""

    _inherit = "hc.automation"

    review_interval_months = fields.Integer("Review Every (months)", default=6, required=True)
    next_review_on = fields.Date("Next Review", index=True, tracking=True)
    is_review_due = fields.Boolean(compute="_compute_is_review_due")

    _interval_positive = models.Constraint(
        "CHECK (review_interval_months > 0)", "The review interval is at least one month."
    )

    @api.depends("next_review_on", "mode")
    def _compute_is_review_due(self):
        today = fields.Date.context_today(self)
        for automation in self:
            due_on = automation.next_review_on
            automation.is_review_due = bool(due_on) and due_on < today

    def _schedule_review(self):
        today = fields.Date.context_today(self)
        self.next_review_on = today + relativedelta(months=self.review_interval_months)

    def action_mark_reviewed(self):
        """Put on record that purpose, scope and procedures were looked at today."""
        self.check_access("write")
        for automation in self:
            automation._schedule_review()
            automation._log_decision(
                reason=self.env._("reviewed"),
                facts={"next_review_on": fields.Date.to_string(automation.next_review_on)},
            )
        self._get_open_items("automation_review").sudo()._resolve("fixed")

    def _cron_check_reviews(self):
        """Scheduled Action: automations that nobody has looked at for too long."""
        today = fields.Date.context_today(self)
        self._run_in_batches([("next_review_on", "<", today)], "_open_review")

    def _open_review(self):
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "automation_review",
                    "severity": "warning",
                    "queue_code": "operations",
                    "dedup_key": f"automation_review:{automation.code}",
                    "name": self.env._("Review due: %(name)s", name=automation.name),
                    "description": self.env._(
                        "Read its purpose, scope and procedures, look at its runs, then press "
                        "Mark as Reviewed."
                    ),
                    "res_model": automation._name,
                    "res_id": automation.id,
                }
                for automation in self
            ]
        )
