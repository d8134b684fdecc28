# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import float_repr

from ..hc_core.facts import FactSpec
from ..hc_core.review import ReviewField
from ..hc_core.rules import Condition
from ..hc_core.scorer import Factor

_LEAD = "hc_revenue_base.group_hc_team_lead"


class HcBillingCase(models.Model):
    _name = "hc.billing.case"
    _inherit = ["hc.billing.case", "hc.reviewable.mixin"]

    @api.model
    def _review_fact_specs(self):
        return (
            *super()._review_fact_specs(),
            FactSpec("stage", "text", "Stage", False),
            FactSpec("days_in_stage", "integer", "Days in this stage", False),
            FactSpec("days_since_service", "integer", "Days since the last service"),
            FactSpec("payer_type", "text", "Payer type", False),
            FactSpec("encounter_class", "text", "Class of the visit", False),
            FactSpec("coding_state", "text", "Coding", False),
            FactSpec("charge_count", "integer", "Charges", False),
            FactSpec("amount_charged", "decimal", "Amount charged", False),
            FactSpec("procedure_codes", "text_list", "Procedures"),
            FactSpec("diagnosis_codes", "text_list", "Diagnoses"),
            FactSpec("open_rules", "text_list", "Readiness rules that fail"),
            FactSpec("blocking_finding_count", "integer", "Findings that hold the case", False),
        )

    def _review_facts(self):
        self.ensure_one()
        today = fields.Date.context_today(self)
        last_service = self.service_date_to
        amount = float_repr(self.amount_charged, self.currency_id.decimal_places)
        return {
            **super()._review_facts(),
            "stage": self.stage,
            "days_in_stage": self.days_in_stage,
            "days_since_service": (today - last_service).days if last_service else None,
            "payer_type": self.payer_type,
            "encounter_class": self.encounter_id.encounter_class,
            "coding_state": self.encounter_id.coding_state,
            "charge_count": self.charge_count,
            "amount_charged": Decimal(amount),
            "procedure_codes": sorted(set(self.live_charge_ids.code_id.mapped("code"))),
            "diagnosis_codes": self.encounter_id.diagnosis_ids.code_id.mapped("code"),
            "open_rules": sorted(self.open_finding_ids.mapped("rule_code")),
            "blocking_finding_count": self.blocking_finding_count,
        }

    def _get_initial_outcomes(self):
        """How payers first answered: ``{case id: "paid" or "denied"}``, of answered cases alone.

        Base knows no answers; a module that does extends this.
        """
        return {}

    def _review_priority_factors(self):
        def factor(name, fact, operator, value, points, reason):
            return Factor(name, Condition(fact, operator, value), points, reason)

        return (
            *super()._review_priority_factors(),
            factor(
                "old_service",
                "days_since_service",
                "at_least",
                "60",
                35,
                "service {days_since_service} days ago",
            ),
            factor(
                "stuck",
                "days_in_stage",
                "at_least",
                "14",
                20,
                "{days_in_stage} days in this stage",
            ),
            factor(
                "large",
                "amount_charged",
                "at_least",
                "5000",
                20,
                "{amount_charged} is charged",
            ),
            factor(
                "held",
                "blocking_finding_count",
                "at_least",
                "1",
                15,
                "{blocking_finding_count} findings hold it",
            ),
        )

    def _review_fields(self):
        priorities = tuple(code for code, _label in self._fields["priority"].selection)
        return {
            **super()._review_fields(),
            "priority": ReviewField(
                "choice", self.env._("Priority"), priorities, task="prioritise"
            ),
        }


class HcWorkItem(models.Model):
    _name = "hc.work.item"
    _inherit = ["hc.work.item", "hc.reviewable.mixin"]

    @api.model
    def _review_fact_specs(self):
        return (
            *super()._review_fact_specs(),
            FactSpec("kind", "text", "Kind", False),
            FactSpec("state", "text", "State", False),
            FactSpec("severity", "text", "Severity", False),
            FactSpec("queue", "text", "Queue", False),
            FactSpec("age_days", "integer", "Age in days", False),
            FactSpec("is_overdue", "boolean", "Overdue", False),
            FactSpec("is_assigned", "boolean", "Somebody has it", False),
            FactSpec("rule", "text", "Readiness rule behind it"),
            FactSpec("case_stage", "text", "Stage of the case"),
            FactSpec("payer_type", "text", "Payer type of the case"),
        )

    def _review_facts(self):
        self.ensure_one()
        # Name and description are free text, and may name a person.
        return {
            **super()._review_facts(),
            "kind": self.kind,
            "state": self.state,
            "severity": self.severity,
            "queue": self.queue_id.code,
            "age_days": self.age_days,
            "is_overdue": bool(self.due_at and self.due_at < self.env.cr.now()),
            "is_assigned": bool(self.assignee_id),
            "rule": self.finding_id.rule_code or None,
            "case_stage": self.case_id.stage or None,
            "payer_type": self.case_id.payer_type or None,
        }

    def _review_priority_factors(self):
        def factor(name, fact, operator, value, points, reason):
            return Factor(name, Condition(fact, operator, value), points, reason)

        return (
            *super()._review_priority_factors(),
            factor("overdue", "is_overdue", "equals", "yes", 40, "it is overdue"),
            factor("old", "age_days", "at_least", "14", 25, "open for {age_days} days"),
            factor("nobody", "is_assigned", "equals", "no", 10, "nobody has it"),
            factor(
                "billing_failed", "kind", "equals", "billing_failed", 30, "billing of a case failed"
            ),
            factor(
                "chain_break", "kind", "equals", "chain_break", 100, "the audit log was changed"
            ),
        )

    def _review_fields(self):
        severities = tuple(code for code, _label in self._fields["severity"].selection)
        queues = self.env["hc.work.queue"].search(
            [("company_id", "in", (False, self.company_id.id))]
        )
        return {
            **super()._review_fields(),
            "severity": ReviewField(
                "choice", self.env._("Severity"), severities, task="prioritise"
            ),
            "queue_id": ReviewField("record", self.env._("Queue"), tuple(queues.ids), _LEAD),
        }

    def _write_review(self, values):
        queue_id = values.pop("queue_id", None)
        if queue_id and queue_id != self.queue_id.id:
            wizard = self.env["hc.work.item.reassign.wizard"].create(
                {
                    "item_ids": self.ids,
                    "queue_id": queue_id,
                    "reason": self.env._("advice accepted"),
                }
            )
            wizard.action_apply()
        return super()._write_review(values) if values else None
