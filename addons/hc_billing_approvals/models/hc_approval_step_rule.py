# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..hc_approval_core.policy import ApproverSource, EvidenceRule, StepRule


class HcApprovalStepRule(models.Model):
    """A step of a route: who may decide it, how many must, with what evidence, by when."""

    _name = "hc.approval.step.rule"
    _description = "Step of a Route"
    _inherit = ["hc.approval.draft.mixin"]
    _order = "route_id, sequence, id"

    route_id = fields.Many2one("hc.approval.route", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="route_id.company_id", store=True, index=True)
    sequence = fields.Integer(
        "Order", required=True, default=1, help="Steps with the same number decide side by side."
    )
    name = fields.Char(required=True, translate=True)
    group_ids = fields.Many2many(
        "res.groups",
        "hc_approval_step_rule_group_rel",
        string="Roles",
        help="Whoever has one of these roles, directly or by another role.",
    )
    user_ids = fields.Many2many("res.users", "hc_approval_step_rule_user_rel", string="Named Users")
    uses_manager = fields.Boolean(
        "Requester's Manager", help="The manager on the requester's user form."
    )
    record_field = fields.Selection(
        [
            ("facility_manager", "Manager of the Facility"),
            ("department_manager", "Manager of the Department"),
        ],
        "User of the Record",
    )
    needed_count = fields.Integer("Approvals Needed", required=True, default=1)
    evidence_type_ids = fields.Many2many(
        "hc.approval.evidence.type",
        "hc_approval_step_rule_evidence_rel",
        string="Required Evidence",
    )
    sla_hours = fields.Float(
        "Time to Decide (working hours)", default=16.0, help="By the company's working hours."
    )
    reminder_hours = fields.Float(
        "Remind Every (working hours)", default=8.0, help="0: no reminder."
    )
    needs_identity_check = fields.Boolean(
        "Password Again", help="Approvers confirm their identity before each decision."
    )
    text = fields.Char(compute="_compute_text")

    _needed_positive = models.Constraint(
        "CHECK (needed_count >= 1)", "A step needs at least one approval."
    )
    _hours_positive = models.Constraint(
        "CHECK (sla_hours >= 0 AND reminder_hours >= 0)", "Hours are not negative."
    )

    def _get_policies(self):
        return self.route_id.policy_id

    @api.depends("name", "needed_count")
    def _compute_text(self):
        for rule in self:
            many = rule.needed_count > 1
            rule.text = f"{rule.needed_count} × {rule.name}" if many else rule.name

    @api.constrains("group_ids", "user_ids", "uses_manager", "record_field")
    def _check_approvers(self):
        for rule in self:
            if not (rule.group_ids or rule.user_ids or rule.uses_manager or rule.record_field):
                raise ValidationError(
                    self.env._("Step “%(step)s” names nobody who may decide it.", step=rule.name)
                )

    def _to_core(self):
        self.ensure_one()
        sources = [ApproverSource("role", str(group.id)) for group in self.group_ids]
        sources += [ApproverSource("user", str(user.id)) for user in self.user_ids]
        if self.uses_manager:
            sources.append(ApproverSource("manager", "requester"))
        if self.record_field:
            sources.append(ApproverSource("record_field", self.record_field))
        return StepRule(
            code=str(self.id),
            name=self.name,
            sequence=self.sequence,
            approvers=tuple(sources),
            needed=self.needed_count,
            evidence=tuple(EvidenceRule(kind.code, kind.source) for kind in self.evidence_type_ids),
            sla_hours=Decimal(str(self.sla_hours)) if self.sla_hours else None,
            escalation=tuple(
                ApproverSource("role", str(rung.group_id.id)) for rung in self._get_ladder()
            ),
        )

    def _get_content(self):
        """Everything that the step says, in a form that is the same in every process."""
        self.ensure_one()
        return {
            "sequence": self.sequence,
            "name": self.name,
            "approvers": [self.group_ids.ids, self.user_ids.ids],
            "manager": self.uses_manager,
            "record_field": self.record_field or "",
            "needed": self.needed_count,
            "evidence": sorted(self.evidence_type_ids.mapped("code")),
            "hours": [str(self.sla_hours), str(self.reminder_hours)],
            "escalation": self._get_escalation_content(),
            "alternates": self.alternate_ids.ids,
            "identity_check": self.needs_identity_check,
        }
