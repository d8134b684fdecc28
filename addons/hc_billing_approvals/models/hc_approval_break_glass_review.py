# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from .hc_approval_presence import check_in_person

_REVIEWING_GROUP = "hc_revenue_base.group_hc_compliance"


class HcApprovalBreakGlass(models.Model):
    """The review afterwards: by compliance, and by nobody who had a hand in it."""

    _inherit = "hc.approval.break.glass"

    can_review = fields.Boolean(compute="_compute_can_review")

    @api.depends_context("uid")
    @api.depends("state")
    def _compute_can_review(self):
        is_compliance = self.env.user.has_group(_REVIEWING_GROUP)
        for grant in self:
            grant.can_review = (
                is_compliance
                and (grant.state in ("used", "expired") or grant._is_over())
                and self.env.user not in grant._get_involved_users()
            )

    def _is_over(self):
        return self.state == "active" and self.expires_at <= self.env.cr.now()

    def _get_involved_users(self):
        """Holder, requester and deciders of the request: they do not judge the grant."""
        self.ensure_one()
        request = self.sudo().request_id
        decisions = request.decision_ids.filtered(
            lambda each: each.verdict in ("approve", "reject")
        )
        return (
            self.sudo().user_id
            | request.requester_id
            | decisions.user_id
            | decisions.on_behalf_of_id
            | self.sudo().action_id.approval_request_ids.decision_ids.user_id
        )

    def _prepare_review_item(self):
        """The work item that asks compliance to look, within one working day."""
        self.ensure_one()
        now = self.env.cr.now().replace(microsecond=0)
        calendar = self.company_id.sudo().resource_calendar_id
        due_at = calendar.plan_hours(calendar.hours_per_day or 8.0, now, compute_leaves=True)
        return {
            "kind": "break_glass_review",
            "severity": "error",
            "queue_code": "compliance",
            "dedup_key": f"break_glass_review:{self.id}",
            "name": self.env._("Review break-glass: %s", self.request_id.name),
            "description": self.env._(
                "%(user)s took leave to decide a request that names others. Read why, look at "
                "what was decided, and say whether it was justified.",
                user=self.user_id.name,
            ),
            "due_at": due_at or fields.Datetime.add(now, days=1),
            "company_id": self.company_id.id,
            "facility_id": self.facility_id.id,
            "case_id": self.case_id.id,
            "res_model": self._name,
            "res_id": self.id,
        }

    def action_open_review(self):
        """Ask for the finding and its reasons."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Review Break-Glass"),
            "res_model": "hc.approval.break.glass.review",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_grant_id": self.id},
        }

    def _review(self, verdict, text):
        """Put the finding of the current user on record.

        :param str verdict: ``justified`` or ``not_justified``
        :param str text: why
        :raise AccessError: another role, or somebody who had a hand in it
        :raise UserError: no reasons, or the grant is still active or reviewed already
        """
        self.ensure_one()
        self.check_access("read")
        self._check_reviewer()
        if not (text or "").strip():
            raise UserError(self.env._("Say why you found so."))
        grant_sudo = self.sudo()
        grant_sudo._lock_for_transition(["state"])
        # Its hours are over by the clock, whether the Scheduled Action ran or not.
        if grant_sudo._is_over():
            grant_sudo._expire()
        grant_sudo._write_guarded(
            {
                "verdict": verdict,
                "review_text": text.strip(),
                "reviewer_id": self.env.uid,
                "reviewed_at": self.env.cr.now().replace(microsecond=0),
            }
        )
        grant_sudo._transition("reviewed", reason=text.strip(), facts={"verdict": verdict})
        grant_sudo._resolve_review_items()
        if verdict == "not_justified" and grant_sudo.decision_ids:
            self.env["hc.work.item"]._open([grant_sudo._prepare_reversal_item()])

    def _check_reviewer(self):
        check_in_person(self, "review_break_glass")
        reason = None
        if not self.env.user.has_group(_REVIEWING_GROUP):
            reason = "role"
        elif self.env.user in self._get_involved_users():
            reason = "involved"
        if reason:
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "review_break_glass",
                self.env._(
                    "Compliance reviews break-glass: somebody who neither held it, nor requested "
                    "or decided what it was for."
                ),
                refusal="duty",
                reason=reason,
            )

    def _resolve_review_items(self):
        items = self.env["hc.work.item"].search(
            [
                ("dedup_key", "in", [f"break_glass_review:{grant.id}" for grant in self]),
                ("state", "in", ("open", "in_progress")),
            ]
        )
        if items:
            items._resolve("fixed")

    def _prepare_reversal_item(self):
        """Work for somebody who may request the reversal: the review itself moves no money."""
        self.ensure_one()
        return {
            "kind": "break_glass_reversal",
            "severity": "critical",
            "queue_code": "billing",
            "dedup_key": f"break_glass_reversal:{self.id}",
            "name": self.env._("Reverse? Break-glass was not justified: %s", self.request_id.name),
            "description": self.env._(
                "The request is %(state)s. If it was applied, request its reversal on the "
                "controlled action; if it still waits, look at it again before anybody decides.",
                state=self.request_id._get_lifecycle("state").label(self.request_id.state).lower(),
            ),
            "company_id": self.company_id.id,
            "facility_id": self.facility_id.id,
            "case_id": self.case_id.id,
            "res_model": "hc.controlled.action",
            "res_id": self.request_id.action_id.id,
        }


class HcWorkItem(models.Model):
    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[
            ("break_glass_review", "Break-Glass Review"),
            ("break_glass_reversal", "Reversal Proposed"),
        ],
        ondelete={
            "break_glass_review": "set default",
            "break_glass_reversal": "set default",
        },
    )
