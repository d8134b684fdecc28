# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from dataclasses import asdict

from odoo import models

from ..hc_ai_core.advice import Evidence
from ..hc_ai_core.answers import AnswerError, find_quote
from ..hc_ai_core.extraction import read_piece
from ..hc_ai_core.letter_advice import page_digest, value_text
from ..hc_ai_core.second_opinion import Opinion
from .hc_ai_policy_extract import TASK, _is_fit

# How many pages of letters go along with a question.
_MOST_PAGES = 10


class HcAiPolicy(models.Model):
    """A provider may read letters too: what it copies has to stand there, letter by letter."""

    _inherit = "hc.ai.policy"

    def _may_be_asked(self, field):
        return super()._may_be_asked(field) or (self.task_code == TASK and not field.choices)

    def _get_asked_texts(self, record):
        """The pages of the record's letters, and nothing before all of them are read."""
        if self.task_code != TASK:
            return super()._get_asked_texts(record)
        return {name: page.text for name, page in self._get_asked_pages(record).items()}

    def _get_asked_pages(self, record):
        pages = self.env["hc.ai.reading"].with_env(record.env)._get_pages(record) or ()
        return {f"file {page.res_id} page {page.number}": page for page in pages[:_MOST_PAGES]}

    def _get_choice_labels(self, record, field):
        return super()._get_choice_labels(record, field) if field.choices else {}

    def _check_answer(self, request, text):
        answer = super()._check_answer(request, text)
        is_copied = self.task_code == TASK and answer["value"] is not None
        if is_copied and find_quote(answer["value"], request.texts) is None:
            raise AnswerError("unfounded", "the value was not sent")
        return answer

    def _read_opinion(self, request, answer, record):
        """The value as the letter writes it, read again as what the field takes.

        What stands in no page here, or cannot be read, is no opinion.
        """
        if self.task_code != TASK:
            return super()._read_opinion(request, answer, record)
        opinion, _quotes = super()._read_opinion(request, {**answer, "quotes": ()}, record)
        nothing = Opinion(None, opinion.confidence, opinion.reasons), []
        if answer["value"] is None:
            return nothing
        restored = request.masked.restore(answer["value"]) if request.masked else answer["value"]
        pages = self._get_asked_pages(record)
        found = find_quote(restored, {name: page.text for name, page in pages.items()})
        if found is None:
            return nothing
        field = record._review_fields()[self.field_name]
        page = pages[found.source]
        name = field.source or self.field_name
        value = read_piece(page.text, found.start, found.end, name)
        if value is None or not _is_fit(field, text := value_text(value)):
            return nothing
        evidence = Evidence(
            "ir.attachment",
            page.res_id,
            page=page.number,
            start=found.start,
            end=found.end,
            quote=found.text,
            sha256=page_digest(page.text),
        )
        return Opinion(text, opinion.confidence, opinion.reasons), [asdict(evidence)]
