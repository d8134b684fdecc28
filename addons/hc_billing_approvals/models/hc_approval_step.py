# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .. import lifecycles


class HcApprovalStep(models.Model):
    """A step of one request: open to those whom its rule names, until enough have approved."""

    _name = "hc.approval.step"
    _description = "Approval Step"
    _inherit = ["hc.lifecycle.mixin"]
    _order = "request_id, round, sequence, id"
    _lifecycles = {"state": lifecycles.APPROVAL_STEP}
    _guarded_fields = frozenset(
        {
            "request_id",
            "rule_id",
            "round",
            "sequence",
            "needed_count",
            "approver_ids",
            "opened_at",
            "due_at",
            "next_reminder_at",
        }
    )

    request_id = fields.Many2one(
        "hc.approval.request", required=True, readonly=True, index=True, ondelete="cascade"
    )
    rule_id = fields.Many2one(
        "hc.approval.step.rule", required=True, readonly=True, index=True, ondelete="restrict"
    )
    name = fields.Char(related="rule_id.name")
    company_id = fields.Many2one(related="request_id.company_id", store=True, index=True)
    facility_id = fields.Many2one(related="request_id.facility_id", store=True, index=True)
    requester_id = fields.Many2one(related="request_id.requester_id", store=True, index=True)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="upcoming",
        required=True,
        readonly=True,
        index=True,
    )
    round = fields.Integer(required=True, readonly=True, default=1)
    sequence = fields.Integer(required=True, readonly=True)
    needed_count = fields.Integer("Approvals Needed", required=True, readonly=True)
    approver_ids = fields.Many2many(
        "res.users",
        "hc_approval_step_user_rel",
        string="Named Approvers",
        readonly=True,
        help="Named by the rule, taken from the record, or put in by a supervisor.",
    )
    decision_ids = fields.One2many("hc.approval.decision", "step_id", readonly=True)
    approval_count = fields.Integer(compute="_compute_approval_count")
    opened_at = fields.Datetime(readonly=True)
    due_at = fields.Datetime("Decide By", readonly=True)
    next_reminder_at = fields.Datetime(readonly=True, index=True)
    is_mine_to_decide = fields.Boolean(
        compute="_compute_is_mine_to_decide", search="_search_is_mine_to_decide"
    )

    # The most urgent ones of an approver are found without reading the others.
    _open_by_due = models.Index("(due_at, id) WHERE state = 'open'")

    @api.depends("decision_ids")
    def _compute_approval_count(self):
        rows = self.env["hc.approval.decision"]._read_group(
            [("step_id", "in", self.ids), ("verdict", "=", "approve")], ["step_id"], ["__count"]
        )
        counts = {step.id: count for step, count in rows}
        for step in self:
            step.approval_count = counts.get(step.id, 0)

    @api.depends_context("uid")
    def _compute_is_mine_to_decide(self):
        mine = self.search(self._search_mine() & Domain("id", "in", self.ids))
        for step in self:
            step.is_mine_to_decide = step in mine

    @api.model
    def _search_is_mine_to_decide(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._search_mine()

    @api.model
    def _search_mine(self, meant=False):
        """Open steps that the user may decide, as far as a search can tell.

        The duty rules are asked again when the decision is made.

        :param meant: only those that are the user's work: a manager may decide what waits for a
            team lead, and is not told of it
        """
        user = self.env.user
        mine = self._get_approver_domain(user, meant)
        for delegation in self.env["hc.approval.delegation"]._get_active_for(user):
            mine |= delegation._get_step_domain(meant)
        return (
            Domain("state", "=", "open")
            & Domain("requester_id", "!=", user.id)
            & Domain.custom(to_sql=lambda model, alias, query: self._select_undecided(alias, user))
            & mine
        )

    @api.model
    def _select_undecided(self, alias, user):
        """Steps whose request waits and has no decision of the user's in its round.

        In words of its own: as a path, the planner reads the decisions of all times.
        """
        self.env["hc.approval.request"].flush_model(["state"])
        return SQL(
            """(EXISTS (SELECT FROM hc_approval_request request
                         WHERE request.id = %(step)s.request_id AND request.state = 'waiting')
                AND NOT EXISTS (
                    SELECT FROM hc_approval_decision decision
                     WHERE decision.request_id = %(step)s.request_id
                       AND decision.round = %(step)s.round AND decision.user_id = %(user)s
                       AND decision.verdict IN ('approve', 'reject')))""",
            step=SQL.identifier(alias),
            user=user.id,
        )

    def _on_state_open(self, previous):
        now = self.env.cr.now().replace(microsecond=0)
        alike = defaultdict(self.browse)
        for step in self:
            alike[step.rule_id, step.company_id] |= step
        for steps in alike.values():
            steps._write_guarded(steps[0]._prepare_open_vals(now))

    def _prepare_open_vals(self, now):
        """What opening writes to all steps of one rule and company."""
        self.ensure_one()
        return {
            "opened_at": now,
            "due_at": self._plan(now, self.rule_id.sla_hours),
            "next_reminder_at": self._plan(now, self.rule_id.reminder_hours),
        }

    def _plan(self, start, hours):
        """A time so many working hours of the company after another; False for no hours."""
        self.ensure_one()
        if not hours:
            return False
        calendar = self.company_id.sudo().resource_calendar_id
        planned = calendar.plan_hours(hours, start, compute_leaves=True) if calendar else False
        return planned or fields.Datetime.add(start, hours=hours)


class HcApprovalStepRule(models.Model):
    _inherit = "hc.approval.step.rule"

    def _prepare_step_vals(self, request):
        """Values of the step that this rule asks of a request."""
        self.ensure_one()
        return {
            "request_id": request.id,
            "rule_id": self.id,
            "round": request.round,
            "sequence": self.sequence,
            "needed_count": self.needed_count,
            "approver_ids": [(6, 0, self._get_named(request).ids)],
        }

    def _get_named(self, request):
        """Whom the rule names for a request, by name or by the record."""
        named = self.user_ids
        if self.uses_manager:
            named |= request.requester_id.sudo().hc_manager_id
        if self.record_field:
            named |= self._get_record_user(request)
        return named

    def _get_record_user(self, request):
        place = {
            "facility_manager": request.facility_id,
            "department_manager": request.action_id.sudo().department_id,
        }[self.record_field]
        return place.sudo().hc_manager_id
