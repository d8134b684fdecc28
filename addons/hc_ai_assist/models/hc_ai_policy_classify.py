# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from hashlib import sha256

from odoo import models

from ..hc_ai_core.advice import MOST_ALTERNATIVES, Advice, Evidence
from ..hc_ai_core.meanings import WordingValues, look_up

# Characters of a wording that are shown as evidence.
_QUOTED_CHARACTERS = 300


class HcAiPolicy(models.Model):
    """Classifying by codes and wordings, and steps by points: tables and rules, nothing learned."""

    _inherit = "hc.ai.policy"

    def _get_classify_adviser(self):
        """A code is looked up; a payer's own wording goes to the nearest text of the table."""
        tables = {}

        def advise_on(record, field):
            meanings = record._review_code_meanings(self.field_name)
            known = look_up([(each.code, each.value) for each in meanings], field.choices)
            if known:
                reason = self.env._("Code table: %(code)s", code=known.code)
                return Advice(known.value, 1.0, (reason,), known.alternatives[:MOST_ALTERNATIVES])
            texts = {name: text for name, text in record._review_texts().items() if text}
            if not texts:
                reasons = tuple(
                    self.env._("Not in the code table: %(code)s", code=each.code)
                    for each in meanings
                )
                return Advice(None, 0.0, reasons, abstained_because="not_mapped")
            if not tables:
                tables["wordings"] = WordingValues(
                    (each.code, each.text, each.value)
                    for each in record._review_wordings(self.field_name)
                )
            return self._classify_texts(record, field, texts, tables["wordings"])

        return advise_on

    def _classify_texts(self, record, field, texts, wordings):
        """What the clearest of some texts means."""
        found = {name: wordings.find(text, field.choices) for name, text in texts.items()}
        name = max(found, key=lambda each: (found[each].confidence, each))
        meaning, text = found[name], texts[name]
        quote = text[:_QUOTED_CHARACTERS]
        evidence = Evidence(
            record._name,
            record.id,
            name,
            0,
            0,
            len(quote),
            quote,
            sha256(text.encode()).hexdigest(),
        )
        reason = self.env._("Worded most like %(code)s", code=meaning.code)
        alternatives = meaning.alternatives[:MOST_ALTERNATIVES]
        is_sure = meaning.value and meaning.confidence >= self.floor
        return Advice(
            meaning.value if is_sure else None,
            meaning.confidence,
            (reason,) if meaning.code else (),
            alternatives,
            "" if is_sure else "unclear",
            (evidence,),
        )

    def _get_next_step_adviser(self):
        """The step for which most points speak, with the reasons as its owner words them."""

        def advise_on(record, field):
            points, reasons = {}, {}
            for step in record._review_steps(self.field_name):
                if step.value in field.choices:
                    points[step.value] = points.get(step.value, 0) + step.points
                    reasons.setdefault(step.value, []).append((step.points, step.reason))
            ranked = sorted(points, key=lambda value: (-points[value], value))
            if not ranked or points[ranked[0]] <= 0:
                return Advice(None, 0.0, abstained_because="nothing_to_say")
            total = sum(max(each, 0) for each in points.values())
            shares = [(value, max(points[value], 0) / total) for value in ranked]
            value, confidence = shares[0]
            why = tuple(
                reason for _points, reason in sorted(reasons[value], key=lambda pair: -pair[0])
            )
            if confidence < self.floor:
                return Advice(
                    None, confidence, why, tuple(shares[:MOST_ALTERNATIVES]), "below_floor"
                )
            return Advice(value, confidence, why, tuple(shares[1 : 1 + MOST_ALTERNATIVES]))

        return advise_on
