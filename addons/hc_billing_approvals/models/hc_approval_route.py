# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class HcApprovalRoute(models.Model):
    """One row of the matrix: for this kind, these amounts and conditions, these steps decide."""

    _name = "hc.approval.route"
    _description = "Approval Route"
    _inherit = ["hc.approval.draft.mixin"]
    _order = "policy_id, sequence, id"

    policy_id = fields.Many2one(
        "hc.approval.policy", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="policy_id.currency_id", store=True)
    policy_state = fields.Selection(related="policy_id.state", string="Policy Status")
    sequence = fields.Integer(default=10)
    code = fields.Char(required=True, help="Short name in traces and in the log.")
    kind = fields.Selection(
        selection=lambda self: (
            self.env["hc.controlled.action"]._fields["kind"]._description_selection(self.env)
        ),
        required=True,
        index=True,
    )
    amount_from = fields.Monetary("From", default=0.0, help="This amount and more.")
    amount_to = fields.Monetary(
        "To Below", default=0.0, help="Less than this amount; 0: no upper limit."
    )
    condition_ids = fields.One2many("hc.approval.condition", "route_id", "Conditions", copy=True)
    step_rule_ids = fields.One2many("hc.approval.step.rule", "route_id", "Steps", copy=True)
    is_automatic = fields.Boolean(
        "Allowed by Rule", help="No step decides: the policy itself allows the act."
    )
    allows_mass_decision = fields.Boolean(
        "Decided in Bulk", help="Approvers may decide several of these at once."
    )
    answer_hours = fields.Float(
        "Time to Answer (working hours)",
        required=True,
        default=24.0,
        help="How long a question to the requester stops the clock of the steps.",
    )
    expires_after_days = fields.Integer(
        default=60, help="An undecided request ends after so many days; 0: never."
    )
    basis = fields.Char(help="Where the tier comes from: law, policy, contract, proposal.")
    amount_text = fields.Char("Amounts", compute="_compute_texts")
    condition_text = fields.Char("Where", compute="_compute_texts")
    step_text = fields.Char("Who Decides", compute="_compute_texts")
    evidence_text = fields.Char("Evidence", compute="_compute_texts")

    _code_unique = models.UniqueIndex(
        "(policy_id, code)", "Another route of the policy has this code."
    )
    _answer_positive = models.Constraint(
        "CHECK (answer_hours > 0)", "A question to the requester needs some time to be answered."
    )
    _amounts = models.Constraint(
        "CHECK (amount_from >= 0 AND amount_to >= 0)", "Amounts of a route are not negative."
    )

    @api.depends("code", "kind")
    def _compute_display_name(self):
        for route in self:
            route.display_name = route.code or ""

    @api.depends(
        "amount_from", "amount_to", "condition_ids.text", "step_rule_ids.text", "is_automatic"
    )
    def _compute_texts(self):
        for route in self:
            route.amount_text = route._describe_amounts()
            route.condition_text = "; ".join(route.condition_ids.mapped("text"))
            route.step_text = route._describe_steps()
            types = route.step_rule_ids.evidence_type_ids
            route.evidence_text = ", ".join(types.mapped("name"))

    def _describe_amounts(self):
        currency = self.currency_id
        if not self.amount_from and not self.amount_to:
            return self.env._("any amount")
        low = currency.format(self.amount_from) if currency else str(self.amount_from)
        high = currency.format(self.amount_to) if currency else str(self.amount_to)
        if not self.amount_to:
            return self.env._("%(amount)s and more", amount=low)
        if not self.amount_from:
            return self.env._("below %(amount)s", amount=high)
        return self.env._("%(low)s to below %(high)s", low=low, high=high)

    def _describe_steps(self):
        """Steps in their order; those of one sequence decide side by side."""
        if self.is_automatic:
            return self.env._("allowed by rule")
        stages = {}
        for rule in self.step_rule_ids.sorted(lambda rule: (rule.sequence, rule._origin.id)):
            stages.setdefault(rule.sequence, []).append(rule.text or "")
        return " → ".join(" + ".join(texts) for texts in stages.values())

    @api.constrains("amount_from", "amount_to")
    def _check_amounts(self):
        for route in self:
            if (
                route.amount_to
                and route.currency_id.compare_amounts(route.amount_from, route.amount_to) >= 0
            ):
                raise ValidationError(
                    self.env._("%(route)s: “To Below” must be more than “From”.", route=route.code)
                )

    def _get_content(self):
        """Everything that the route says, in a form that is the same in every process."""
        self.ensure_one()
        return {
            "code": self.code,
            "kind": self.kind,
            "amounts": [f"{self.amount_from:.2f}", f"{self.amount_to:.2f}"],
            "is_automatic": self.is_automatic,
            "mass": self.allows_mass_decision,
            "expires_after_days": self.expires_after_days,
            "answer_hours": str(self.answer_hours),
            "conditions": sorted(
                [each.dimension, each.operator, sorted(each._get_values())]
                for each in self.condition_ids
            ),
            "steps": [rule._get_content() for rule in self.step_rule_ids],
        }
