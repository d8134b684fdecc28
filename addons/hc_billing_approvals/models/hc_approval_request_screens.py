# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

_SIMILAR_LIMIT = 10


class HcApprovalRequest(models.Model):
    """What the request form shows: the path, similar decisions, and the questions between."""

    _inherit = "hc.approval.request"

    path_html = fields.Html("Path", compute="_compute_path_html", sanitize=False)
    similar_ids = fields.Many2many(
        "hc.approval.request", compute="_compute_similar_ids", string="Similar Decisions"
    )
    is_mine = fields.Boolean(compute="_compute_is_mine")

    @api.depends_context("uid")
    @api.depends("requester_id")
    def _compute_is_mine(self):
        for request in self:
            request.is_mine = request.requester_id == self.env.user

    @api.depends("step_ids.state", "decision_ids")
    def _compute_path_html(self):
        for request in self:
            stages = {}
            for step in request.sudo()._get_live_steps().sorted(lambda each: each.sequence):
                stages.setdefault(step.sequence, []).append(step._describe())
            request.path_html = self.env["ir.qweb"]._render(
                "hc_billing_approvals.hc_approval_request_path", {"stages": list(stages.values())}
            )

    def _compute_similar_ids(self):
        """Decided requests of the same kind and reason, nearest in amount first."""
        for request in self:
            decided = self.search(
                [
                    ("kind", "=", request.kind),
                    ("state", "in", ("applied", "rejected")),
                    ("company_id", "=", request.company_id.id),
                    ("action_id.reason_code_id", "=", request.reason_code_id.id),
                    ("id", "not in", request.ids),
                ],
                order="id desc",
                limit=200,
            )
            request.similar_ids = request._sort_by_nearness(decided)[:_SIMILAR_LIMIT]

    def _sort_by_nearness(self, others):
        """Requests with the nearest amount first."""
        self.ensure_one()
        return others.sorted(lambda each: abs(each.amount - self.amount))

    def action_approve_selected(self):
        """Approve several requests at once, where their routes allow it; each is recorded."""
        for request in self:
            if not request.sudo().route_id.allows_mass_decision:
                raise UserError(
                    self.env._(
                        "“%(request)s” is decided one by one: open it.", request=request.name
                    )
                )
        return self.action_approve()

    def action_open_reject(self):
        """Ask for the reason, then refuse."""
        return self._get_wizard_action("reject", self.env._("Refuse the Request"))

    def action_open_ask(self):
        """Ask the requester for information; the clock stands still meanwhile."""
        return self._get_wizard_action("ask", self.env._("Ask for Information"))

    def action_open_answer(self):
        """Answer the approver's question."""
        return self._get_wizard_action("answer", self.env._("Give Information"))

    def _get_wizard_action(self, verdict, title):
        if len(self) == 1:
            title = f"{title}: {self.name}"
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": "hc.approval.decision.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_verdict": verdict, "default_request_ids": self.ids},
        }

    def action_withdraw(self):
        """Give one's own request up."""
        for request in self:
            request.action_id.action_withdraw()

    def action_open_case(self):
        """Open the billing case."""
        self.ensure_one()
        return self.case_id._get_records_action()

    def action_open_action(self):
        """Open the controlled action."""
        self.ensure_one()
        return self.action_id._get_records_action()


class HcApprovalStep(models.Model):
    _inherit = "hc.approval.step"

    def _describe(self):
        """The step for the path: state, who decided when, how long is left."""
        self.ensure_one()
        decisions = self.decision_ids.filtered(lambda each: each.verdict in ("approve", "reject"))
        status = self._get_lifecycle("state").label(self.state)
        if self.state == "open" and self.due_at:
            due = format_datetime(self.env, self.due_at, dt_format="short")
            status = self.env._("Open, decide by %(due)s", due=due)
        return {
            "name": self.name,
            "state": self.state,
            "needed": self.needed_count,
            "count": self.approval_count,
            "status": status,
            "handed_to": self._describe_named(),
            "also": self._describe_let_in(),
            "decisions": [
                self.env._(
                    "%(who)s, %(when)s",
                    who=each.user_id.name
                    + (f" ({each.on_behalf_of_id.name})" if each.on_behalf_of_id else ""),
                    when=format_datetime(self.env, each.decided_at, dt_format="short"),
                )
                for each in decisions.sorted("id")
            ],
        }

    def _describe_named(self):
        """To whom a supervisor handed the step, or whom the rule names."""
        names = ", ".join(self.approver_ids.mapped("name"))
        if not self.reassigned_by_id:
            return names
        return self.env._(
            "Handed to %(people)s by %(supervisor)s",
            people=names,
            supervisor=self.reassigned_by_id.name,
        )

    def _describe_let_in(self):
        """Who may decide besides, since it is late or everybody is away."""
        reached = self.rule_id._get_ladder()[: self.escalation_level].group_id
        people = reached.mapped("name")
        people += self.rule_id.alternate_ids.mapped("name") if self.alternates_since else []
        return self.env._("also: %s", ", ".join(people)) if people else ""


class HcBillingCase(models.Model):
    _inherit = "hc.billing.case"

    approval_request_ids = fields.One2many("hc.approval.request", "case_id", readonly=True)
    approval_request_count = fields.Integer(compute="_compute_approval_request_count")

    def _compute_approval_request_count(self):
        rows = self.env["hc.approval.request"]._read_group(
            [("case_id", "in", self.ids)], ["case_id"], ["__count"]
        )
        counts = {case.id: count for case, count in rows}
        for case in self:
            case.approval_request_count = counts.get(case.id, 0)

    def action_open_approval_requests(self):
        """Open what was requested about the case."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_billing_approvals.hc_approval_request_action"
        )
        return action | {"domain": [("case_id", "=", self.id)], "context": {}}
