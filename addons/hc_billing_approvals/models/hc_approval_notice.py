# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

ACTIVITY_TYPE = "hc_billing_approvals.mail_activity_type_approval"
BUS_TYPE = "hc_billing_approvals/changed"
NOTICE_KINDS = [
    ("opened", "Waits for You"),
    ("reminder", "Still Waits for You"),
    ("escalated", "Overdue: You May Decide Too"),
    ("alternates", "You Stand In"),
    ("reassigned", "Handed to You"),
]
# Where a request comes to that its requester wants to hear of.
_TOLD_STATES = frozenset({"information", "approved", "applied", "rejected", "expired"})
_STEPS_PER_RUN = 2000


class HcApprovalStep(models.Model):
    """Telling people what waits for them: later and together, never while somebody decides.

    Two thousand requests of one batch are one e-mail for each approver. Named approvers get an
    activity besides. Members of a role do not: the same request would stand in the list of each
    of them, and stay in those of all who were not the first; the systray counts it instead.
    """

    _inherit = "hc.approval.step"

    noticed_at = fields.Datetime("Told", readonly=True, copy=False)
    notice_kind = fields.Selection(NOTICE_KINDS, readonly=True, default="opened", copy=False)

    _to_notice = models.Index("(id) WHERE state = 'open' AND noticed_at IS NULL")

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"noticed_at", "notice_kind"}

    def _cron_notify(self):
        """Scheduled Action: tell approvers what waits for them, and requesters what came of it."""
        self._run_in_batches(
            [
                ("state", "=", "open"),
                ("request_id.state", "=", "waiting"),
                ("noticed_at", "=", False),
            ],
            "_notify_approvers",
            batch_size=_STEPS_PER_RUN,
        )
        self.env["hc.approval.request"]._run_in_batches(
            [
                ("requester_notice_at", "!=", False),
                ("requester_id.hc_approval_notice", "!=", "daily"),
            ],
            "_notify_requesters",
            batch_size=_STEPS_PER_RUN,
        )
        self.env["res.users"]._send_daily_digests()

    def _notify_approvers(self):
        """One e-mail for each person who may decide some of the steps, and their activities."""
        self._schedule_activities()
        people = self._get_people_to_tell()
        requests = self.env["hc.approval.request"]._take_notices(
            people.filtered(lambda user: user.hc_approval_notice == "at_once")
        )
        for user in people:
            steps = self._filter_to_tell(user)
            own = requests.filtered(lambda each, user=user: each.requester_id == user)
            if steps:
                user._bus_send(BUS_TYPE, {})
            if user.hc_approval_notice == "at_once":
                user._send_approval_notice(steps, own)
        self._write_guarded({"noticed_at": self.env.cr.now().replace(microsecond=0)})

    def _get_people_to_tell(self):
        """Everybody who may be asked to decide some of the steps, as far as roles tell."""
        steps_sudo = self.sudo()
        rules_sudo = steps_sudo.rule_id
        people = rules_sudo.group_ids.all_user_ids | steps_sudo.approver_ids
        people |= steps_sudo.filtered("alternates_since").rule_id.alternate_ids
        climbed = steps_sudo.filtered("escalation_level")
        people |= climbed.rule_id.escalation_ids.group_id.all_user_ids
        today = fields.Date.context_today(self)
        people |= self.env["hc.approval.delegation"].sudo().search(
            [
                ("delegator_id", "in", people.ids),
                ("state", "=", "accepted"),
                ("date_from", "<=", today),
                ("date_to", ">=", today),
            ]
        ).delegate_id  # fmt: skip
        return people.filtered(lambda user: user.active and not user.share)

    def _filter_to_tell(self, user):
        """Those that the user may decide and is to hear of, the most urgent first."""
        own = self.with_user(user).with_context(allowed_company_ids=user.company_ids.ids)
        steps = own.search(
            own._search_mine(meant=True) & Domain("id", "in", self.ids), order="due_at, id"
        )
        # Of an escalation hear those whom it reached and those who are named; the others have
        # known for long.
        return steps.sudo().filtered(
            lambda step: (
                step.notice_kind != "escalated"
                or step._is_escalated_to(user)
                or user in step.approver_ids
            )
        )

    def _schedule_activities(self):
        """An activity for each named approver who may see the request."""
        named = self.sudo().filtered("approver_ids")
        there = {(activity.res_id, activity.user_id.id) for activity in named._search_activities()}
        model_id = self.env["ir.model"]._get_id("hc.approval.request")
        kind, today = self.env.ref(ACTIVITY_TYPE), fields.Date.context_today(self)
        values = [
            {
                "activity_type_id": kind.id,
                "res_model_id": model_id,
                "res_id": step.request_id.id,
                "user_id": user.id,
                "summary": step.name,
                "date_deadline": fields.Date.to_date(step.due_at) or today,
            }
            for step in named
            for user in step.approver_ids - step.requester_id
            if (step.request_id.id, user.id) not in there
            and step.request_id.with_user(user).has_access("read")
        ]
        # Their e-mail comes with the others in one; Odoo's own would be one for each.
        self.env["mail.activity"].sudo().with_context(mail_activity_quick_update=True).create(
            values
        )

    def _search_activities(self):
        return (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("activity_type_id", "=", self.env.ref(ACTIVITY_TYPE).id),
                    ("res_model", "=", "hc.approval.request"),
                    ("res_id", "in", self.request_id.ids),
                ]
            )
        )

    def _close_activities(self):
        """Take the activities of steps away that nobody decides any more."""
        named = self.filtered("approver_ids")
        if not named:
            return
        opened = named.request_id.step_ids.filtered(lambda step: step.state == "open")
        ended, still = (
            {(step.request_id.id, user.id) for step in steps for user in step.approver_ids}
            for steps in (named, opened)
        )
        named._search_activities().filtered(
            lambda activity: (activity.res_id, activity.user_id.id) in ended - still
        ).unlink()

    def _on_state_approved(self, previous):
        self._close_activities()

    def _on_state_rejected(self, previous):
        self._close_activities()

    def _on_state_void(self, previous):
        self._close_activities()


class HcApprovalRequest(models.Model):
    """What the requester is to hear: a question, a decision, or that it was not applied."""

    _inherit = "hc.approval.request"

    requester_notice_at = fields.Datetime(readonly=True, copy=False, index="btree_not_null")

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"requester_notice_at"}

    def _prepare_move_vals(self, target, field_name):
        now = self.env.cr.now().replace(microsecond=0)
        return super()._prepare_move_vals(target, field_name) | {
            "requester_notice_at": now if target in _TOLD_STATES else False
        }

    def _decide(self, verdict, reason=None):
        result = super()._decide(verdict, reason)
        # The systray of the one who decides; those of all others follow with their notice.
        self.env.user._bus_send(BUS_TYPE, {})
        return result

    @api.model
    def _take_notices(self, users):
        """News of users' own requests, which are theirs to be told now."""
        requests = self.sudo().search(
            [("requester_id", "in", users.ids), ("requester_notice_at", "!=", False)]
        )
        requests = requests.try_lock_for_update(allow_referencing=True)
        requests._write_guarded({"requester_notice_at": False})
        return requests

    def _notify_requesters(self):
        """One e-mail for each requester."""
        by_requester = defaultdict(self.browse)
        for request in self:
            by_requester[request.requester_id] |= request
        for user, requests in by_requester.items():
            user._bus_send(BUS_TYPE, {})
            if user.active and user.hc_approval_notice == "at_once":
                user._send_approval_notice(self.env["hc.approval.step"], requests)
        self._write_guarded({"requester_notice_at": False})
