# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from odoo.addons.hc_revenue_base.hc_core.facts import fact_register
from odoo.addons.hc_revenue_base.hc_core.scorer import ScoreCard

from ..hc_ai_core.advice import Advice, advise
from ..hc_ai_core.points import FULL, choose_by_points
from ..hc_ai_core.tasks import find_task


class HcAiPolicy(models.Model):
    """Priorities by points with reasons, until what was learned does better than they do."""

    _inherit = "hc.ai.policy"

    @api.model
    def _offer_missing(self):
        """Also: a policy that is off takes the task that its field names by now."""
        for policy in self.sudo().search([("mode", "=", "off"), ("task_code", "=", "choose")]):
            if policy.res_model not in self.env:
                continue
            declared = self._get_declared_fields(policy.res_model, policy.company_id)
            field = declared.get(policy.field_name)
            task = field and find_task(field.type, field.task)
            if task and task.code != policy.task_code:
                policy._write_guarded({"task_code": task.code})
        return super()._offer_missing()

    def _get_prioritise_adviser(self):
        classifier, calibration = self._get_learned()
        card, choices = self._get_score_card()

        def advise_on(record, field):
            facts = self._get_telling_facts(record)
            if classifier:
                return advise(classifier, facts, field.choices, self.floor, calibration)
            return _advise_by_points(card, facts, choices, self.floor)

        return advise_on

    def _get_score_card(self):
        """``(score card, choices)`` of the record type; no card where it declares no factors."""
        records = self._as_responsible() if self.responsible_id else self.env[self.res_model]
        own = {self.field_name, self.field_name.removesuffix("_id")}
        register = {
            name: spec
            for name, spec in fact_register(records._review_fact_specs()).items()
            if name not in own
        }
        factors = [
            each for each in records._review_priority_factors() if each.condition.fact in register
        ]
        field = self._get_declared_fields(self.res_model, self.sudo().company_id)[self.field_name]
        card = ScoreCard.compile(factors, register, maximum=FULL) if factors else None
        return card, field.choices

    def _get_current_answer(self):
        if self.task_code != "prioritise" or self.sudo().model_data:
            return super()._get_current_answer()
        card, choices = self._get_score_card()
        if card is None:
            return None
        return lambda facts: choose_by_points(card.score(facts).total, choices)


def _advise_by_points(card, facts, choices, floor):
    if card is None:
        return Advice(None, 0.0, abstained_because="not_trained")
    score = card.score(facts)
    value, confidence = choose_by_points(score.total, choices)
    reasons = tuple(f"{reason.text} ({reason.points:+d})" for reason in score.reasons[:5])
    if not reasons:
        reasons = (f"{score.total} points: nothing makes it urgent",)
    if confidence < floor:
        return Advice(None, confidence, reasons, ((value, confidence),), "below_floor")
    return Advice(value, confidence, reasons)
