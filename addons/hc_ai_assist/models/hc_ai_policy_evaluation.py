# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import time
from dataclasses import asdict

from odoo import api, models
from odoo.exceptions import UserError

from ..hc_ai_core.advice import advise
from ..hc_ai_core.calibration import Scores, gate_problems
from ..hc_ai_core.evaluation import Case, Measures, confusion, drops, measure, measure_slices
from .hc_ai_policy import LEAST_ACCURACY
from .hc_ai_policy_advice import EMBEDDED

# Fewer agreed cases prove nothing; from here on they decide.
LEAST_GOLD = 20
MOST_GOLD = 2_000


class HcAiPolicy(models.Model):
    """How advice does on cases of which two people agree what is right. It only reads."""

    _inherit = "hc.ai.policy"

    def _get_gold_cases(self):
        """Agreed cases of the policy."""
        return (
            self.env["hc.ai.gold.case"]
            .sudo()
            .search([("policy_id", "=", self.id), ("state", "=", "agreed")], limit=MOST_GOLD)
        )

    def _get_gold_record_ids(self):
        """Records that are not learned from: a gold case was made of them."""
        cases = self.env["hc.ai.gold.case"].sudo()
        made = cases.search([("policy_id", "=", self.id), ("state", "!=", "retired")])
        return made.suggestion_id.mapped("res_id")

    def _get_gold_adviser(self):
        """How to advise on facts alone, ``(facts, choices) -> Advice``; None where no task can.

        A task adds ``_get_<task>_gold_adviser``.
        """
        find = getattr(self, f"_get_{self.task_code}_gold_adviser", None)
        return find() if find else None

    def _get_choose_gold_adviser(self):
        classifier, calibration = self._get_learned()
        return lambda facts, choices: advise(classifier, facts, choices, self.floor, calibration)

    def _is_held_out(self, case):
        """Whether nothing can have been learned from the record of a case.

        Since the case was made its record is left out of learning; a record that is younger than
        what was learned was never part of it.
        """
        learned = self.trained_at
        if not learned or case.create_date.replace(microsecond=0) <= learned:
            return True
        return bool(case.record_created_at and case.record_created_at > learned)

    def _evaluate(self, started_at):
        """Judge the present advice by the gold cases and put the figures on record.

        :param datetime started_at: now
        :return: the evaluation
        :raise UserError: there is no case, or advice of this kind needs more than facts
        """
        self.ensure_one()
        adviser = self._get_gold_adviser()
        agreed = self._get_gold_cases()
        held_out = agreed.filtered(self._is_held_out)
        if adviser is None or not held_out:
            raise UserError(
                self.env._(
                    "%(policy)s: there is no gold case yet to judge it by.",
                    policy=self.display_name,
                )
            )
        cases = self._answer_gold_cases(adviser, held_out)
        previous = self._get_last_evaluation()
        worse = drops(measure(cases), _read_measures(previous)) if previous else []
        values = self._prepare_evaluation_vals(cases) | {
            "started_at": started_at.replace(microsecond=0),
            "left_out_count": len(agreed) - len(held_out),
            "worse": ", ".join(worse) or False,
        }
        evaluation = self.env["hc.ai.evaluation"].sudo()._create_guarded([values])
        if worse:
            self._open_worse_item(evaluation)
        return evaluation.with_env(self.env)

    def _prepare_evaluation_vals(self, cases):
        figures = measure(cases)
        # How far confidence and truth lie apart is told, and judged where there are more cases.
        problems = gate_problems(
            Scores(figures.count, figures.accuracy, figures.macro_f1, figures.calibration_error),
            None,
            least_count=LEAST_GOLD,
            least_accuracy=LEAST_ACCURACY,
            most_calibration_error=1.0,
        )
        return _prepare_figures(figures) | {
            "policy_id": self.id,
            "company_id": self.sudo().company_id.id,
            "provider": EMBEDDED,
            "task_version": self.task_version,
            "problems": "\n".join(problems) or False,
            "confusion": [list(row) for row in confusion(cases)],
            "slices": [
                [kind, value, each.count, each.accuracy, each.coverage]
                for kind, value, each in measure_slices(cases)
            ],
        }

    def _answer_gold_cases(self, adviser, gold):
        declared = self._get_declared_fields(self.res_model, self.sudo().company_id)
        field = declared.get(self.field_name)
        choices = {str(choice) for choice in field.choices} if field else set()
        # A choice that only some records have is a choice of its own case.
        choices = sorted(choices | set(gold.mapped("expected_value")))
        cases = []
        for case in gold:
            started = time.monotonic()
            advice = adviser(case.facts or {}, choices)
            latency_ms = (time.monotonic() - started) * 1000
            cases.append(
                Case(
                    case.expected_value,
                    advice.value,
                    advice.confidence,
                    latency_ms,
                    case.slices or {},
                )
            )
        return cases

    def _get_last_evaluation(self):
        return (
            self.env["hc.ai.evaluation"]
            .sudo()
            .search(
                [("policy_id", "=", self.id), ("task_version", "=", self.task_version)],
                order="id desc",
                limit=1,
            )
        )

    def _open_worse_item(self, evaluation):
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "manual",
                    "name": self.env._("AI advice got worse: %(policy)s", policy=self.display_name),
                    "description": self.env._(
                        "Worse than in the evaluation before: %(figures)s. Put the policy back to "
                        "shadow or find out what has changed.",
                        figures=evaluation.worse,
                    ),
                    "dedup_key": f"ai-worse-{self.id}",
                    "queue_code": "operations",
                    "company_id": self.sudo().company_id.id,
                }
            ]
        )

    def _guard_mode_live(self):
        """Where people have agreed on enough cases, these are asked too."""
        reasons = super()._guard_mode_live()
        for policy in self:
            if len(policy._get_gold_cases()) < LEAST_GOLD or policy._get_gold_adviser() is None:
                continue
            evaluation = policy._get_last_evaluation()
            if not evaluation:
                why = self.env._("Evaluate it on its gold cases first.")
            elif evaluation.problems:
                why = self.env._(
                    "The latest evaluation on gold cases failed: %(problems)s.",
                    problems=evaluation.problems.replace("\n", "; "),
                )
            else:
                continue
            reasons.setdefault(policy.id, []).append(why)
        return reasons

    def action_evaluate(self):
        """Judge the present advice by the gold cases; nothing is written to records."""
        self.env["hc.ai.gold.case"]._check_may_agree(self, "evaluate")
        self.check_access("read")
        evaluation = self._evaluate(self.env.cr.now())
        return {
            "type": "ir.actions.act_window",
            "res_model": evaluation._name,
            "res_id": evaluation.id,
            "views": [(False, "form")],
        }

    @api.model
    def _cron_evaluate(self):
        """Scheduled Action: evaluate each policy that runs and has gold cases."""
        self._run_in_batches(
            [("mode", "in", ("shadow", "live"))], "_evaluate_where_possible", batch_size=1
        )

    def _evaluate_where_possible(self):
        """Evaluate those that have gold cases; one policy a commit."""
        for policy in self:
            held_out = policy._get_gold_cases().filtered(policy._is_held_out)
            if held_out and policy._get_gold_adviser() is not None:
                policy._evaluate(self.env.cr.now())
            policy._note_worked("_evaluate_where_possible")


def _prepare_figures(figures):
    values = asdict(figures)
    return {
        "case_count": values.pop("count"),
        "answered_count": values.pop("answered"),
        "right_count": values.pop("right"),
    } | values


def _read_measures(evaluation):
    return Measures(
        evaluation.case_count,
        evaluation.answered_count,
        evaluation.right_count,
        evaluation.accuracy,
        evaluation.coverage,
        evaluation.macro_f1,
        evaluation.calibration_error,
        evaluation.latency_p95_ms,
    )
