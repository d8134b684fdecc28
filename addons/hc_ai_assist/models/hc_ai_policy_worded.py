# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models
from odoo.tools import html2plaintext

from odoo.addons.hc_revenue_base.hc_core.review import MAX_TEXT_LENGTH

from ..hc_ai_core.advice import Advice, Evidence
from ..hc_ai_core.answers import AnswerError, check_text
from ..hc_ai_core.untrusted import clean

# Texts for people: no value that stands or falls, so nothing can be judged in shadow or learned.
WORDED_TASKS = ("draft", "summarise", "missing")
_UNLEARNED_TASKS = (*WORDED_TASKS, "classify", "next_step")
# Texts that are worked out in shadow, for somebody to read before others see them.
LEAST_WORDED = 10
MOST_SENTENCES = 12


class HcAiPolicy(models.Model):
    """Drafts, summaries and lists of what is missing, in words of the record's own module."""

    _inherit = "hc.ai.policy"

    def _get_draft_adviser(self):
        """A text from a template, by the record's own facts; nothing is sent."""

        def advise_on(record, _field):
            text = (record._review_draft(self.field_name) or "").strip()
            return self._prepare_text(text, (self.env._("Template with facts of the record"),))

        return advise_on

    def _get_summarise_adviser(self):
        """Sentences in the order of their weight, each citing the record that it is true by."""
        return self._get_sentences_adviser(self.env._("Each sentence cites its record"))

    def _get_missing_adviser(self):
        """What is missing, and what similar records lacked, each citing its record."""
        return self._get_sentences_adviser(self.env._("What similar records lacked"))

    def _get_sentences_adviser(self, reason):
        def advise_on(record, _field):
            statements = sorted(
                record._review_statements(self.field_name), key=lambda each: -each.weight
            )[:MOST_SENTENCES]
            text, evidence = "", []
            for each in statements:
                # Cleaned before it is counted: an amount may hold a space of another width.
                sentence = clean(each.text).text.strip()
                text += ("\n" if text else "") + sentence
                start = len(text) - len(sentence)
                evidence.append(
                    Evidence(each.res_model, each.res_id, "", 0, start, len(text), sentence)
                )
            return self._prepare_text(text, (reason,), tuple(evidence))

        return advise_on

    def _prepare_text(self, text, reasons, evidence=()):
        """Advice that is a text, or why there is none."""
        if not text:
            return Advice(None, 0.0, abstained_because="nothing_to_say")
        try:
            checked = check_text(text)
        except AnswerError:
            return Advice(None, 0.0, abstained_because="unsafe")
        # Citations count characters: a text from which something had to be taken cites nothing.
        if len(checked) > MAX_TEXT_LENGTH or (evidence and checked != text):
            return Advice(None, 0.0, abstained_because="unsafe")
        return Advice(checked, 1.0, reasons, evidence=evidence)

    def _read_value(self, record):
        """The present value; of a formatted text its words, of a note nothing."""
        field = record._fields.get(self.field_name)
        if field is None:
            return False
        if field.type == "html":
            return html2plaintext(record[self.field_name] or "").strip() or False
        return super()._read_value(record)

    def _advise_on_new(self):
        """Texts are written when somebody asks; in shadow a few, for somebody to read."""
        if self.task_code in WORDED_TASKS and (
            self.mode == "live" or self._count_worded() >= LEAST_WORDED
        ):
            return
        super()._advise_on_new()

    def _learn(self, as_of):
        """What comes from tables, rules and templates learns nothing."""
        return [] if self.task_code in _UNLEARNED_TASKS else super()._learn(as_of)

    def _count_worded(self):
        self.ensure_one()
        return self.env["hc.ai.suggestion"].search_count(
            [("policy_id", "=", self.id), ("state", "=", "shadow")]
        )

    def _guard_mode_live(self):
        """Of texts enough were written for somebody to read; all else did well in shadow."""
        worded = self.filtered(lambda policy: policy.task_code in WORDED_TASKS)
        reasons = super(HcAiPolicy, self - worded)._guard_mode_live()
        for policy in worded:
            count = policy._count_worded()
            if count < LEAST_WORDED:
                reasons[policy.id] = [
                    self.env._(
                        "In shadow, %(count)s texts were written so far; read %(least)s of them "
                        "before others see them.",
                        count=count,
                        least=LEAST_WORDED,
                    )
                ]
        return reasons
