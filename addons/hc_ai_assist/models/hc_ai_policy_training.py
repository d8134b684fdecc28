# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import float_round

from ..hc_ai_core.calibration import Calibration, Scores, gate_problems
from ..hc_ai_core.classifier import drop_rare, train
from ..hc_ai_core.fact_features import fact_features
from ..hc_ai_core.metrics import accuracy, expected_calibration_error, macro_f1

# What stood for so long was decided, by whoever.
SETTLED_AFTER = timedelta(days=3)
MOST_EXAMPLES = 5_000
# One in five, the latest, is kept back to be judged by.
KEPT_BACK = 5
LEAST_EXAMPLES = 50


class HcAiPolicy(models.Model):
    """How advice gets better: from what people decided, and only past a gate."""

    _inherit = "hc.ai.policy"

    left_out_values = fields.Char(
        "Too Rare to Learn",
        readonly=True,
        copy=False,
        help="Values of which there were too few decided records, at the last learning, with "
        "their number. It never proposes them.",
    )

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"left_out_values"}

    @api.model
    def _cron_learn(self):
        """Scheduled Action: compare advice with what was decided, then learn anew."""
        self._run_in_batches([("mode", "in", ("shadow", "live"))], "_learn_anew", batch_size=1)

    def _learn_anew(self):
        """Compare and learn; one policy a commit."""
        now = self.env.cr.now()
        for policy in self:
            policy._note_outcomes(now)
            policy._learn(now)
            policy._note_worked("_learn_anew")

    def _note_outcomes(self, as_of):
        """Note what stands in the field by now, where it has settled.

        :param datetime as_of: now
        """
        self.ensure_one()
        suggestions = self.env["hc.ai.suggestion"].search(
            [
                ("policy_id", "=", self.id),
                ("outcome_at", "=", False),
                ("create_date", "<", as_of - SETTLED_AFTER),
                ("state", "!=", "pending"),
            ],
            limit=MOST_EXAMPLES,
        )
        records = self._as_responsible().browse(suggestions.mapped("res_id")).exists()
        values = {
            record.id: self._read_value(record) for record in records._filtered_access("read")
        }
        for suggestion in suggestions:
            suggestion._note_outcome(values.get(suggestion.res_id) or False, as_of)

    def _get_examples(self, as_of):
        """Decided records as ``(facts, value)``, the oldest first.

        Facts as they were when advice was given, where it was; else of records that nobody has
        touched for some days, as they are now.
        """
        self.ensure_one()
        # What it is judged by is not learned.
        kept_out = self._get_gold_record_ids()
        judged = self.env["hc.ai.suggestion"].search(
            [
                ("policy_id", "=", self.id),
                ("outcome_value", "!=", False),
                ("res_id", "not in", kept_out),
                ("purged_at", "=", False),
            ],
            order="id desc",
            limit=MOST_EXAMPLES,
        )
        known = set(judged.mapped("res_id"))
        examples = [(suggestion.facts, suggestion.outcome_value) for suggestion in reversed(judged)]
        records = self._as_responsible()
        if len(examples) >= MOST_EXAMPLES or not records.has_access("read"):
            return examples
        settled = records.search(
            [
                ("write_date", "<", as_of - SETTLED_AFTER),
                (self.field_name, "!=", False),
                ("id", "not in", [*known, *kept_out]),
                *self._get_company_domain(records),
            ],
            order="id desc",
            limit=MOST_EXAMPLES - len(examples),
        )
        return [
            (self._get_telling_facts(record), self._read_value(record))
            for record in settled.sorted("id")
        ] + examples

    def _learn(self, as_of):
        """Learn from what was decided; what is learned is used only where it does better.

        :return: why nothing changed, as a list of texts; empty where it did
        """
        self.ensure_one()
        examples = self._get_examples(as_of)
        if len(examples) < LEAST_EXAMPLES:
            return self._note_training(
                [f"{len(examples)} decided records are fewer than {LEAST_EXAMPLES}"]
            )
        kept_back = max(1, len(examples) // KEPT_BACK)
        learned_from, judged_by = examples[:-kept_back], examples[-kept_back:]
        learned_from, rare = drop_rare(learned_from)
        self.sudo()._write_guarded({"left_out_values": self._describe_counts(rare)})
        # What is judged by keeps its rare values: there it is wrong, and that counts.
        try:
            candidate = train([(fact_features(facts), value) for facts, value in learned_from])
        except ValueError as error:
            return self._note_training([str(error)])
        answer, current = _answer_by(candidate), self._get_current_answer()
        problems = gate_problems(
            _judge(answer, judged_by),
            _judge(current, judged_by) if current else None,
            least_count=LEAST_EXAMPLES // KEPT_BACK,
            least_accuracy=0.6,
            most_calibration_error=1.0,
        )
        if not problems:
            claims = [answer(facts) for facts, _value in judged_by]
            right = [
                label == truth for (label, _c), (_f, truth) in zip(claims, judged_by, strict=True)
            ]
            calibration = Calibration.fit([confidence for _label, confidence in claims], right)
            self.sudo()._write_guarded(
                {
                    "model_data": candidate.to_data(),
                    "calibration_data": {
                        "bounds": list(calibration.bounds),
                        "shares": list(calibration.shares),
                    },
                    "trained_at": as_of.replace(microsecond=0),
                    "trained_count": len(learned_from),
                }
            )
        return self._note_training(problems)

    def _get_current_answer(self):
        """How advice is given now: ``facts -> (value, confidence)``; None where there is none."""
        classifier, _calibration = self._get_learned()
        return _answer_by(classifier) if classifier else None

    def _describe_counts(self, counts):
        """``value (number)`` of each, the value as people know it; False for none."""
        suggestion = self.env["hc.ai.suggestion"].new(
            {"res_model": self.res_model, "field_name": self.field_name}
        )
        return ", ".join(f"{suggestion._describe(v)} ({n})" for v, n in counts.items()) or False

    def _note_training(self, problems):
        """Say in the chatter how learning went."""
        decided, share = self._get_shadow_result()
        body = (
            self.env._("Learned nothing new: %(problems)s.", problems="; ".join(problems))
            if problems
            else self.env._(
                "Learned from %(count)s decided records; in shadow right in %(percent)s %% of "
                "%(decided)s.",
                count=self.trained_count,
                percent=float_round(100 * share, precision_digits=0),
                decided=decided,
            )
        )
        if self.left_out_values:
            body += " " + self.env._("Too rare to learn: %(values)s.", values=self.left_out_values)
        self.sudo().message_post(body=body)
        return problems


def _answer_by(classifier):
    def answer(facts):
        given = classifier.classify(fact_features(facts))
        return given.label, given.confidence

    return answer


def _judge(answer, examples):
    """How answers do on decided records that nothing was learned from."""
    answers = [answer(facts) for facts, _value in examples]
    truths = [value for _facts, value in examples]
    labels = [label for label, _confidence in answers]
    right = [truth == label for truth, label in zip(truths, labels, strict=True)]
    return Scores(
        len(examples),
        accuracy(truths, labels),
        macro_f1(truths, labels),
        expected_calibration_error([confidence for _label, confidence in answers], right),
    )
