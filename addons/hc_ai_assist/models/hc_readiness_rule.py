# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from dataclasses import replace

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from odoo.addons.hc_revenue_base.hc_core.rules import BLOCKING_SEVERITIES

from .hc_billing_case import AI_FACTS, DENIAL_LIKELIHOOD, DENIAL_REASONS

RULE_CODE = "DEN-01"
# From here on a denial is told; a policy of a higher floor tells it later.
_TOLD_FROM = 60


class HcReadinessRule(models.Model):
    """A rule that reads what the AI foresees tells it, and never holds a case."""

    _inherit = "hc.readiness.rule"

    def _reads_ai_facts(self):
        self.ensure_one()
        names = {condition.fact_name for condition in self.condition_ids}
        values = {condition.value for condition in self.condition_ids}
        return bool(AI_FACTS & (names | values))

    @api.constrains("severity", "condition_ids")
    def _check_ai_facts(self):
        for rule in self:
            if not rule._reads_ai_facts():
                continue
            if rule.severity in BLOCKING_SEVERITIES:
                raise ValidationError(
                    self.env._(
                        "Rule %(code)s reads what the AI foresees. It may warn or inform, and "
                        "holds no case: choose “Warning” or “Info”.",
                        code=rule.code,
                    )
                )
            # Of another fact that is unknown the rule would err, and what errs holds the case.
            if {condition.fact_name for condition in rule.condition_ids} - AI_FACTS:
                raise ValidationError(
                    self.env._(
                        "Rule %(code)s reads what the AI foresees and something else. Make two "
                        "rules of it.",
                        code=rule.code,
                    )
                )

    def _to_core(self):
        rule = super()._to_core()
        # Whatever way the severity got there.
        if self._reads_ai_facts() and rule.severity in BLOCKING_SEVERITIES:
            return replace(rule, severity="warning")
        return rule


class HcReadinessCondition(models.Model):
    _inherit = "hc.readiness.condition"

    @api.constrains("fact_name", "value", "rule_id")
    def _check_ai_facts(self):
        self.rule_id._check_ai_facts()


class HcReadinessRuleSet(models.Model):
    _inherit = "hc.readiness.rule.set"

    def action_add_denial_rule(self):
        """Put the warning of a likely denial into a draft.

        It takes effect as all rules do, once the draft is published, and says nothing before the
        policy for first answers of payers is live.
        """
        self.ensure_one()
        self._check_administrator()
        self._check_draft()
        company = self.company_id or self.env.company
        vals = {
            "set_id": self.id,
            "code": RULE_CODE,
            "name": self.env._("No denial foreseen"),
            "category": "other",
            "severity": "warning",
            "message": f"AI: a denial is likely ({{{DENIAL_LIKELIHOOD}}} %), as for other cases "
            f"with {{{DENIAL_REASONS}}}.",
            "queue_id": self.env["hc.work.queue"]._get_by_code("billing", company).id,
            "sequence": 900,
            "active": True,
            "condition_ids": [
                Command.clear(),
                Command.create(
                    {
                        "role": "requires",
                        "fact_name": DENIAL_LIKELIHOOD,
                        "operator": "less_than",
                        "value": str(_TOLD_FROM),
                    }
                ),
            ],
        }
        known = self.with_context(active_test=False).rule_ids.filtered(
            lambda rule: rule.code == RULE_CODE
        )
        if known:
            known.write(vals)
        else:
            self.env["hc.readiness.rule"].create([vals])
        return True
