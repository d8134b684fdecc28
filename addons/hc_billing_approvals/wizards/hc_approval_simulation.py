# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, fields, models

from ..hc_approval_core.router import RequestFacts


class HcApprovalSimulation(models.TransientModel):
    """Who would approve this? The policy's answer, with every route's reason."""

    _name = "hc.approval.simulation"
    _description = "Approval Simulator"

    policy_id = fields.Many2one(
        "hc.approval.policy",
        required=True,
        default=lambda self: self.env["hc.approval.policy"]._get_id_in_force(
            self.env.company.id, fields.Date.context_today(self)
        ),
    )
    kind = fields.Selection(
        selection=lambda self: (
            self.env["hc.controlled.action"]._fields["kind"]._description_selection(self.env)
        ),
        required=True,
        default="denial_write_off",
    )
    currency_id = fields.Many2one(related="policy_id.currency_id", store=True)
    amount = fields.Monetary(default=1750.0, help="With recent acts that count together.")
    facility_id = fields.Many2one("hc.facility")
    department_id = fields.Many2one("hc.department", domain="[('facility_id', '=?', facility_id)]")
    payer_type = fields.Selection(
        selection=lambda self: self.env["hc.payer"]._fields["payer_type"].selection
    )
    exception_category = fields.Char()
    account_risk_level = fields.Selection(
        selection=lambda self: (
            self.env["hc.controlled.action"]._fields["account_risk_level"].selection
        ),
        default="low",
    )
    reason_code_id = fields.Many2one("hc.reason.code")
    outcome = fields.Selection(
        [("routed", "One Route"), ("unrouted", "No Route"), ("ambiguous", "Two Routes")],
        compute="_compute_result",
    )
    route_id = fields.Many2one("hc.approval.route", compute="_compute_result")
    step_text = fields.Char("Who Decides", compute="_compute_result")
    result_html = fields.Html("Why", compute="_compute_result", sanitize=False)

    @api.depends(
        "policy_id",
        "kind",
        "amount",
        "facility_id",
        "department_id",
        "payer_type",
        "exception_category",
        "account_risk_level",
        "reason_code_id",
    )
    def _compute_result(self):
        for simulation in self:
            policy = simulation.policy_id
            if not (policy and simulation.kind):
                simulation.update(
                    dict.fromkeys(("outcome", "route_id", "step_text", "result_html"))
                )
                continue
            routing = policy._get_draft_router().route(simulation._get_facts())
            route = policy.route_ids.filtered(
                lambda each, found=routing.route: found and each.code == found.code
            )
            simulation.outcome = routing.outcome
            simulation.route_id = route
            simulation.step_text = route.step_text
            simulation.result_html = self.env["ir.qweb"]._render(
                "hc_billing_approvals.hc_approval_simulation_result",
                {"trace": [policy._describe_trace_line(line) for line in routing.trace]},
            )

    def _get_facts(self):
        places = self.currency_id.decimal_places
        action = self.env["hc.controlled.action"].new({"kind": self.kind})
        return RequestFacts(
            kind=self.policy_id._get_routed_kind(action),
            amount=Decimal(f"{max(self.amount, 0.0):.{places}f}"),
            values={
                "payer_type": self.payer_type or None,
                "facility": self.facility_id.code or None,
                "department": self.department_id.code or None,
                "exception_category": self.exception_category or None,
                "account_risk_level": self.account_risk_level or None,
                "reason_code": self.reason_code_id.code or None,
            },
        )
