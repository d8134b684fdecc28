# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models

from ..hc_ai_core.advice import advise
from .hc_ai_policy_training import MOST_EXAMPLES

# Facts that are the same before billing and after the answer. What moves with the case, such as
# its stage or its age, would tell the answer of decided cases and nothing of new ones.
_LASTING_FACTS = frozenset(
    {
        "payer_type",
        "payer",
        "encounter_class",
        "charge_count",
        "amount_charged",
        "procedure_codes",
        "diagnosis_codes",
        "is_authorized",
    }
)
TASK = "foresee_denial"


class HcAiPolicy(models.Model):
    """A payer's likely first answer, learned from answers of the past."""

    _inherit = "hc.ai.policy"

    def _get_foresee_denial_adviser(self):
        classifier, calibration = self._get_learned()

        def advise_on(record, field):
            facts = self._get_telling_facts(record)
            return advise(classifier, facts, field.choices, self.floor, calibration)

        return advise_on

    def _get_telling_facts(self, record):
        facts = super()._get_telling_facts(record)
        if self.task_code != TASK:
            return facts
        payer = record.sudo().payer_id
        lasting = {name: value for name, value in facts.items() if name in _LASTING_FACTS}
        return lasting | {
            "payer": payer.code or None,
            "is_authorized": bool(record.sudo().encounter_id.authorization_id),
        }

    def _prepare_suggestion(self, record, field, adviser):
        values = super()._prepare_suggestion(record, field, adviser)
        # That a payer pays is nothing that anybody has to look at.
        if self.task_code == TASK and self.mode == "live" and values["value"] == "paid":
            values["abstained_because"] = "agrees"
        return values

    def _note_outcomes(self, as_of):
        if self.task_code != TASK:
            return super()._note_outcomes(as_of)
        open_ones = self.env["hc.ai.suggestion"].search(
            [("policy_id", "=", self.id), ("outcome_at", "=", False), ("state", "!=", "pending")],
            order="id",
        )
        cases = self._as_responsible().browse(open_ones.mapped("res_id")).exists()
        # Payers take weeks: what has no answer yet is asked again.
        outcomes = cases._filtered_access("read")._get_initial_outcomes()
        for suggestion in open_ones:
            if suggestion.res_id in outcomes:
                suggestion._note_outcome(outcomes[suggestion.res_id], as_of)
        return None

    def _get_examples(self, as_of):
        if self.task_code != TASK:
            return super()._get_examples(as_of)
        cases = self._as_responsible()
        if not cases.has_access("read"):
            return []
        domain = [("stage", "in", ("invoiced", "closed")), ("payer_type", "!=", "self_pay")]
        billed = cases.search(
            [*domain, *self._get_company_domain(cases)], order="id desc", limit=MOST_EXAMPLES
        )
        outcomes = billed._get_initial_outcomes()
        return [
            (self._get_telling_facts(case), outcomes[case.id])
            for case in billed.sorted("id")
            if case.id in outcomes
        ]
