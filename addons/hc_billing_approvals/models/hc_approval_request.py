# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.hc_revenue_base.hc_core.config_diff import config_digest

from .. import lifecycles

OPEN_STATES = ("waiting", "information", "approved")


class HcApprovalRequest(models.Model):
    """A controlled action on its way through the steps of its route.

    What is approved is the action as it stands: amount, subject, reason and evidence go into one
    digest, which every decision carries. Decisions are rows that nobody changes; content that
    changes voids them, visibly, and the steps start again.
    """

    _name = "hc.approval.request"
    _description = "Approval Request"
    _inherit = ["hc.lifecycle.mixin", "hc.batch.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "due_at, id"
    _lifecycles = {"state": lifecycles.APPROVAL_REQUEST}
    _guarded_line_models = ("hc.approval.step",)
    _guarded_fields = frozenset(
        {
            "action_id",
            "policy_id",
            "route_id",
            "routed_amount",
            "aggregated_amount",
            "round",
            "content_digest",
            "due_at",
            "expires_at",
            "apply_error",
            "apply_attempts",
        }
    )

    action_id = fields.Many2one(
        "hc.controlled.action", required=True, readonly=True, index=True, ondelete="cascade"
    )
    name = fields.Char(related="action_id.name", store=True)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="waiting",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    kind = fields.Selection(related="action_id.kind", store=True, index=True)
    amount = fields.Monetary(related="action_id.amount", store=True)
    currency_id = fields.Many2one(related="action_id.currency_id", store=True)
    company_id = fields.Many2one(related="action_id.company_id", store=True, index=True)
    facility_id = fields.Many2one(related="action_id.facility_id", store=True, index=True)
    case_id = fields.Many2one(related="action_id.case_id", store=True, index=True)
    requester_id = fields.Many2one(related="action_id.requester_id", store=True, index=True)
    reason_code_id = fields.Many2one(related="action_id.reason_code_id")
    justification = fields.Text(related="action_id.justification")
    evidence_ids = fields.One2many(related="action_id.evidence_ids")
    policy_id = fields.Many2one(
        "hc.approval.policy", required=True, readonly=True, index=True, ondelete="restrict"
    )
    route_id = fields.Many2one(
        "hc.approval.route", required=True, readonly=True, index=True, ondelete="restrict"
    )
    policy_currency_id = fields.Many2one(related="policy_id.currency_id", store=True)
    routed_amount = fields.Monetary(
        readonly=True,
        currency_field="policy_currency_id",
        help="By which the route was chosen: with recent acts that count together.",
    )
    aggregated_amount = fields.Monetary(
        "With Recent Acts", readonly=True, currency_field="policy_currency_id"
    )
    round = fields.Integer(
        required=True, readonly=True, default=1, help="Rises when changed content starts it again."
    )
    content_digest = fields.Char(readonly=True)
    step_ids = fields.One2many("hc.approval.step", "request_id", "Steps", readonly=True)
    decision_ids = fields.One2many("hc.approval.decision", "request_id", readonly=True)
    due_at = fields.Datetime("Decide By", readonly=True, index=True)
    expires_at = fields.Datetime(readonly=True, index=True)
    apply_error = fields.Text("Why It Was Not Applied", readonly=True)
    apply_attempts = fields.Integer(readonly=True)
    is_overdue = fields.Boolean(compute="_compute_is_overdue", search="_search_is_overdue")
    is_mine_to_decide = fields.Boolean(
        compute="_compute_is_mine_to_decide", search="_search_is_mine_to_decide"
    )
    is_meant_for_me = fields.Boolean(
        compute="_compute_is_meant_for_me", search="_search_is_meant_for_me"
    )
    waiting_for = fields.Char(compute="_compute_waiting_for")

    _action_unique = models.UniqueIndex("(action_id)", "This action has a request already.")

    @api.depends("due_at", "state")
    def _compute_is_overdue(self):
        now = self.env.cr.now()
        for request in self:
            request.is_overdue = (
                request.state == "waiting" and bool(request.due_at) and request.due_at < now
            )

    @api.model
    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("state", "=", "waiting") & Domain("due_at", "<", self.env.cr.now())

    @api.depends_context("uid")
    def _compute_is_mine_to_decide(self):
        mine = self.env["hc.approval.step"]._search_mine() & Domain("request_id", "in", self.ids)
        decidable = self.env["hc.approval.step"].search(mine).request_id
        for request in self:
            request.is_mine_to_decide = request in decidable

    @api.model
    def _search_is_mine_to_decide(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("step_ids", "any", self.env["hc.approval.step"]._search_mine())

    @api.depends_context("uid")
    def _compute_is_meant_for_me(self):
        meant = self.search(Domain("is_meant_for_me", "=", True) & Domain("id", "in", self.ids))
        for request in self:
            request.is_meant_for_me = request in meant

    @api.model
    def _search_is_meant_for_me(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("step_ids", "any", self.env["hc.approval.step"]._search_mine(meant=True))

    @api.depends("step_ids.state")
    def _compute_waiting_for(self):
        for request in self:
            steps = request.step_ids.filtered(lambda step: step.state == "open")
            request.waiting_for = " + ".join(steps.mapped("name"))

    @api.model
    def _open(self, waiting):
        """Open the requests of actions, with their steps; the first ones wait at once.

        :param waiting: pairs of a pending controlled action and the
            :class:`PolicyDecision` that says to wait
        """
        by_reason = defaultdict(self.env["hc.controlled.action"].browse)
        for action, decision in waiting:
            by_reason[decision.reason] |= action
        for reason, actions in by_reason.items():
            actions._write_guarded({"gate_reason": reason})
        # The log has every step; a line of chatter for each would cost as much as the request.
        requests = self.with_context(tracking_disable=True)._create_guarded(
            [self._prepare_request_vals(action, decision) for action, decision in waiting]
        )
        requests = requests.with_env(self.env)
        for requester, asked in requests.grouped("requester_id").items():
            self.env["mail.followers"]._insert_followers(
                self._name, asked.ids, requester.partner_id.ids, check_existing=False
            )
        requests._start_round()
        return requests

    @api.model
    def _prepare_request_vals(self, action, decision):
        route = self.env["hc.approval.route"].browse(decision.route_id)
        days = route.expires_after_days
        now = self.env.cr.now().replace(microsecond=0)
        return {
            "action_id": action.id,
            "policy_id": decision.policy_id,
            "route_id": route.id,
            "routed_amount": float(decision.routed_amount),
            "aggregated_amount": float(decision.aggregated_amount),
            "expires_at": fields.Datetime.add(now, days=days) if days else False,
            "content_digest": self._digest_content(action, route),
        }

    def _get_creation_facts(self):
        return {
            "action": self.action_id.id,
            "policy": self.policy_id.id,
            "route": self.route_id.code,
            "kind": self.kind,
            "amount": f"{self.amount:.{self.currency_id.decimal_places}f}",
            "currency": self.currency_id.name,
        }

    @api.model
    def _digest_content(self, action, route):
        """The digest of what people approve: ids, codes and figures, in one form."""
        action_sudo = action.sudo()
        return config_digest(
            {
                "kind": action_sudo.kind,
                "subject": f"{action_sudo.res_model},{action_sudo.res_id}",
                "amount": f"{action_sudo.amount:.{action_sudo.currency_id.decimal_places}f}",
                "currency": action_sudo.currency_id.name,
                "reason_code": action_sudo.reason_code_id.code or "",
                "justification": action_sudo.justification or "",
                "parameters": action_sudo.parameters or {},
                "policy": [route.policy_id.id, route.policy_id.version],
                "route": route.code,
                "evidence": action_sudo._get_evidence_content(),
            }
        )

    def _get_content_digest(self):
        self.ensure_one()
        return self._digest_content(self.action_id, self.route_id)

    def _start_round(self):
        """Lay the steps of the routes out and open the first ones."""
        self.env["hc.approval.step"]._create_guarded(
            [
                rule._prepare_step_vals(request)
                for request in self
                for rule in request.route_id.step_rule_ids
            ]
        )
        self._open_next_steps()

    def _get_live_steps(self):
        """The steps of the current round."""
        return self.step_ids.filtered(lambda step: step.round == step.request_id.round)

    def _open_next_steps(self):
        """Open the earliest undecided steps of each request.

        :return: the requests of which none is left
        """
        finished, following = self.browse(), self.env["hc.approval.step"]
        for request in self:
            undecided = request._get_live_steps().filtered(
                lambda step: step.state in ("upcoming", "open")
            )
            if undecided:
                first = min(undecided.mapped("sequence"))
                following |= undecided.filtered(
                    lambda step, first=first: step.sequence == first and step.state == "upcoming"
                )
            else:
                finished |= request
        if following:
            following._transition("open")
        (self - finished)._take_due_times()
        return finished

    def _take_due_times(self):
        """The earliest time by which an open step is to be decided."""
        by_time = defaultdict(self.browse)
        for request in self:
            opened = request._get_live_steps().filtered(lambda step: step.state == "open")
            by_time[min(opened.filtered("due_at").mapped("due_at"), default=False)] |= request
        for due_at, requests in by_time.items():
            requests._write_guarded({"due_at": due_at})

    def _close(self, state, reason=None):
        """End requests that nobody will decide any more, and their steps."""
        requests = self.filtered(lambda request: request.state in OPEN_STATES)
        if requests:
            requests._transition(state, reason=reason)
            requests._void_steps(reason)

    def _void_steps(self, reason=None):
        steps = self.step_ids.filtered(lambda step: step.state in ("upcoming", "open"))
        if steps:
            steps._transition("void", reason=reason)
