# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class HcApprovalEscalation(models.Model):
    """A rung of a step's ladder: so long after the step was due, this role may decide as well."""

    _name = "hc.approval.escalation"
    _description = "Escalation of a Step"
    _inherit = ["hc.approval.draft.mixin"]
    _order = "step_rule_id, hours_after_due, id"

    step_rule_id = fields.Many2one(
        "hc.approval.step.rule", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="step_rule_id.company_id", store=True, index=True)
    hours_after_due = fields.Float(
        "After Due (working hours)",
        help="0: as soon as the time to decide is over. By the company's working hours.",
    )
    group_id = fields.Many2one(
        "res.groups",
        "Role",
        required=True,
        index=True,
        ondelete="restrict",
        help="May decide in place of the step's approvers from then on, besides them.",
    )
    level = fields.Integer(compute="_compute_level")

    _hours_positive = models.Constraint("CHECK (hours_after_due >= 0)", "Hours are not negative.")
    _role_once = models.UniqueIndex(
        "(step_rule_id, group_id)", "A role stands on one rung of a ladder."
    )

    def _get_policies(self):
        return self.step_rule_id.route_id.policy_id

    @api.depends("step_rule_id.escalation_ids.hours_after_due")
    def _compute_level(self):
        for rung in self:
            ladder = rung.step_rule_id._get_ladder() if rung.step_rule_id else rung
            rung.level = list(ladder).index(rung) + 1 if rung in ladder else 0


class HcApprovalStepRule(models.Model):
    """Who decides where those whom the step names do not: the ladder, and alternates."""

    _inherit = "hc.approval.step.rule"

    escalation_ids = fields.One2many("hc.approval.escalation", "step_rule_id", copy=True)
    alternate_ids = fields.Many2many(
        "res.users",
        "hc_approval_step_rule_alternate_rel",
        string="Alternates",
        help="May decide while everybody whom the step names, by role or by name, is away by "
        "their working calendar.",
    )
    escalation_text = fields.Char("Escalates To", compute="_compute_escalation_text")

    def _get_ladder(self):
        """The rungs in the order in which a step climbs them."""
        self.ensure_one()
        return self.escalation_ids.sorted(lambda rung: (rung.hours_after_due, rung._origin.id))

    def _get_rung_hours(self, level):
        """Working hours after due of a rung; None where the ladder ends below it."""
        ladder = self._get_ladder()
        return ladder[level - 1].hours_after_due if level <= len(ladder) else None

    @api.depends("escalation_ids.hours_after_due", "escalation_ids.group_id")
    def _compute_escalation_text(self):
        for rule in self:
            rule.escalation_text = " → ".join(
                self.env._(
                    "%(role)s after %(hours)g h",
                    role=rung.group_id.sudo().name,
                    hours=rung.hours_after_due,
                )
                if rung.hours_after_due
                else rung.group_id.sudo().name or ""
                for rung in rule._get_ladder()
            )

    def _get_escalation_content(self):
        return [[str(rung.hours_after_due), rung.group_id.id] for rung in self._get_ladder()]


class HcApprovalRoute(models.Model):
    _inherit = "hc.approval.route"

    escalation_text = fields.Char("Escalates To", compute="_compute_escalation_text")

    @api.depends("step_rule_ids.escalation_text")
    def _compute_escalation_text(self):
        for route in self:
            ladders = [rule.escalation_text for rule in route.step_rule_ids if rule.escalation_text]
            route.escalation_text = "; ".join(dict.fromkeys(ladders))
