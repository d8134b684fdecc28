# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging

from odoo import fields, models
from odoo.tools import format_amount, format_datetime

from odoo.addons.hc_revenue_base.models.hc_batch_mixin import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)

_LINES = 20
_DIGEST_HOUR = 7


class ResUsers(models.Model):
    """The e-mail about approvals: one for a person and a moment, with links, without patients."""

    _inherit = "res.users"

    hc_approval_notice = fields.Selection(
        [
            ("at_once", "At Once"),
            ("daily", "Once a Day"),
            ("none", "No E-Mail"),
        ],
        "Approval E-Mails",
        default="at_once",
        required=True,
        help="What waits for the user's decision or answer, and what came of their requests. "
        "The counter at the top of the screen shows it in any case.",
    )
    hc_approval_digest_on = fields.Date("Last Approval Digest", readonly=True, copy=False)

    @property
    def SELF_READABLE_FIELDS(self):  # noqa: N802 - Odoo's name
        return super().SELF_READABLE_FIELDS + ["hc_approval_notice"]

    @property
    def SELF_WRITEABLE_FIELDS(self):  # noqa: N802 - Odoo's name
        return super().SELF_WRITEABLE_FIELDS + ["hc_approval_notice"]

    def _send_daily_digests(self):
        """One e-mail a day, in the morning of the user's time zone, with all that waits."""
        commit_progress = self.env["ir.cron"]._commit_progress
        now = self.env.cr.now()
        users = self.search([("hc_approval_notice", "=", "daily")])
        commit_progress(remaining=len(users))
        for user in users:
            local = fields.Datetime.context_timestamp(user.with_context(tz=user.tz), now)
            last = user.hc_approval_digest_on
            if local.hour >= _DIGEST_HOUR and (not last or last < local.date()):
                user._send_daily_digest(local.date())
            if not commit_progress(1):
                break

    def _send_daily_digest(self, day):
        self.ensure_one()
        steps = self.env["hc.approval.step"].with_user(self)
        steps = steps.with_context(allowed_company_ids=self.company_ids.ids)
        waiting = steps.search(steps._search_mine(meant=True), order="due_at, id")
        requests = self.env["hc.approval.request"]._take_notices(self)
        self._send_approval_notice(waiting.sudo(), requests)
        self.hc_approval_digest_on = day

    def _send_approval_notice(self, steps, requests):
        """Send one e-mail about steps to decide and about requests of one's own.

        :param steps: what waits for the user's decision, the most urgent first
        :param requests: requests of the user that were decided, asked about or not applied
        """
        self.ensure_one()
        template = self.env.ref("hc_billing_approvals.mail_template_approval_notice", False)
        if not template or not self.email or not (steps or requests):
            return
        mine = self.with_context(lang=self.lang, tz=self.tz)
        template_sudo = template.sudo().with_context(
            approval_lines=[mine._describe_step(step) for step in steps[:_LINES]],
            request_lines=[mine._describe_own(request) for request in requests[:_LINES]],
            summary=mine._summarize(len(steps), len(requests)),
            approval_count=len(steps),
            request_count=len(requests),
            inbox_url=f"{self.get_base_url()}/odoo/revenue-approvals-to-decide",
        )
        try:
            with self.env.cr.savepoint():
                template_sudo.send_mail(self.id)
        except CONCURRENCY_ERRORS:
            raise
        except Exception:
            # One e-mail that cannot be written, for an address or a template that somebody
            # edited, does not keep the others from theirs.
            _logger.exception("approval e-mail to user %s could not be written", self.id)

    def _summarize(self, approvals, requests):
        parts = []
        if approvals:
            parts.append(self.env._("%s to decide", approvals))
        if requests:
            parts.append(self.env._("news of %s of your requests", requests))
        return ", ".join(parts)

    def _describe_step(self, step):
        kinds = dict(step._fields["notice_kind"]._description_selection(self.env))
        due = step.due_at and format_datetime(self.env, step.due_at, dt_format="short")
        return self._describe_request(step.request_id) | {
            "status": kinds[step.notice_kind],
            "due": due or "",
        }

    def _describe_own(self, request):
        labels = {
            "information": self.env._("waits for your answer"),
            "approved": self.env._("approved, but could not be applied yet"),
            "applied": self.env._("approved and applied"),
            "rejected": self.env._("refused"),
            "expired": self.env._("nobody decided in time"),
        }
        return self._describe_request(request) | {"status": labels.get(request.state, "")}

    def _describe_request(self, request):
        """What may leave the house about a request: its kind, number and amount."""
        kinds = dict(request._fields["kind"]._description_selection(self.env))
        return {
            "kind": kinds.get(request.kind, request.kind),
            "number": request.case_id.name or "",
            "amount": format_amount(self.env, request.amount, request.currency_id),
            "url": f"{self.get_base_url()}/odoo/revenue-approvals/{request.id}",
        }
