# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib
from dataclasses import asdict, dataclass

from odoo import models

from odoo.addons.hc_revenue_base.hc_core.canonical import canonical_digest
from odoo.addons.hc_revenue_base.hc_core.schema import problems, published

from ..hc_ai_core.advice import Evidence
from ..hc_ai_core.answers import AnswerError, check_text, find_quote, read_answer
from ..hc_ai_core.identifiers import Identifier
from ..hc_ai_core.masking import MAX_CHARACTERS, MaskedText, Masker
from ..hc_ai_core.prompts import make_question
from ..hc_ai_core.providers import Question
from ..hc_ai_core.second_opinion import Opinion
from ..hc_ai_core.tasks import TASKS
from ..hc_ai_core.untrusted import clean
from ..hc_ai_core.vocabulary import ambiguous_words, ordinary_words

# Names of people are no labels for a provider, agreement or not.
_PEOPLE_MODELS = ("res.users", "res.partner", "hc.patient")
_QUOTES = {"type": "array", "maxItems": 3, "items": {"type": "string", "maxLength": 300}}
_QUOTE_ORDER = " Copy into quotes, letter by letter, the pieces of the texts that you rely on."


@dataclass(frozen=True, slots=True)
class Request:
    """A question about one record, and what is needed to read its answer here.

    :ivar texts: free texts as they are sent, masked; the originals stay with the record
    :ivar masked: the last masked text: it knows all originals; None where no text is sent
    :ivar redaction: names of facts and texts, and how much was masked
    """

    question: Question
    sha256: str
    input_sha256: str
    texts: dict
    masked: MaskedText | None
    redaction: dict


class HcAiPolicy(models.Model):
    """What a provider is asked about a record, and how its answer is read."""

    _inherit = "hc.ai.policy"

    def _prepare_request(self, provider, record, field):
        """The question about a record.

        Facts by allow-list, read with the rights of the record's user; free text only where the
        provider may get it, and masked.

        :param provider: whom it is for
        :param record: with the rights of whoever asks
        :return: a ``Request``
        """
        task = TASKS[self.task_code]
        facts = self._get_telling_facts(record)
        texts, masked, redaction = self._mask_texts(provider, record)
        schema = task.answer_schema([str(choice) for choice in field.choices])
        instructions = task.instructions.format(field=field.label)
        if texts:
            schema["properties"]["quotes"] = _QUOTES
            schema["required"] = [*schema["required"], "quotes"]
            instructions += _QUOTE_ORDER
        question = make_question(
            provider.model_name,
            instructions,
            facts | {"choices": self._get_choice_labels(record, field)},
            list(texts.items()),
            published(schema),
            provider.max_output_tokens,
        )
        return Request(
            question,
            provider._digest(question, task.code, task.version),
            canonical_digest({name: str(value) for name, value in facts.items()}),
            texts,
            masked,
            redaction | {"facts": sorted(facts)},
        )

    def _get_choice_labels(self, record, field):
        """What each choice means, in words; a record that the user may not read has none."""
        defined = record._fields[self.field_name]
        if field.type == "choice":
            labels = (
                dict(defined._description_selection(self.env))
                if defined.type == ("selection")
                else {}
            )
            return {choice: str(labels.get(choice, choice)) for choice in field.choices}
        if defined.comodel_name in _PEOPLE_MODELS:
            return {str(choice): "" for choice in field.choices}
        targets = record.env[defined.comodel_name].browse(field.choices)._filtered_access("read")
        names = {target.id: target.display_name for target in targets}
        return {str(choice): names.get(choice, "") for choice in field.choices}

    def _get_asked_texts(self, record):
        """Free texts that a question about a record may hold, ``{name: text}``."""
        return record._review_texts()

    def _mask_texts(self, provider, record):
        """Free texts for a provider: ``({name: masked}, the last MaskedText, report)``."""
        originals = {name: text for name, text in self._get_asked_texts(record).items() if text}
        if not provider._may_get_texts():
            return {}, None, {"texts": [], "withheld": sorted(originals), "masked": {}}
        masker = Masker(
            [Identifier(*pair) for pair in record._review_identifiers()],
            ordinary_words(),
            ambiguous_words(),
        )
        texts, masked, counts = {}, None, {}
        for name, text in sorted(originals.items()):
            masked = masker.mask(clean(text).text[:MAX_CHARACTERS])
            texts[name] = masked.text
            for kind, count in masked.counts.items():
                counts[kind] = counts.get(kind, 0) + count
        return texts, masked, {"texts": sorted(texts), "withheld": [], "masked": counts}

    def _check_answer(self, request, text):
        """A provider's answer as an object of the task's schema.

        :raise AnswerError: it is none, or it quotes what was not sent
        """

        def find_problem(answer):
            problem = next(problems(request.question.schema, answer), None)
            return f"{problem.path} {problem.code}" if problem else None

        answer = read_answer(text, find_problem)
        for quote in answer.get("quotes", ()):
            if find_quote(quote, request.texts) is None:
                raise AnswerError("unfounded", "a quotation was not sent")
        return answer

    def _read_opinion(self, request, answer, record):
        """What a checked answer says here, pseudonyms put back: ``(Opinion, [evidence])``."""
        restore = request.masked.restore if request.masked else str
        reasons = []
        for reason in answer["reasons"]:
            try:
                reasons.append(restore(check_text(reason)))
            except AnswerError:
                continue  # it sends its reader somewhere
        originals = record._review_texts() if answer.get("quotes") else {}
        evidence = []
        for quote in answer.get("quotes", ()):
            found = find_quote(restore(quote), originals)
            if found:
                digest = hashlib.sha256(originals[found.source].encode()).hexdigest()
                evidence.append(
                    asdict(
                        Evidence(
                            record._name,
                            record.id,
                            found.source,
                            start=found.start,
                            end=found.end,
                            quote=found.text,
                            sha256=digest,
                        )
                    )
                )
        opinion = Opinion(answer["value"], float(answer["confidence"]), tuple(reasons))
        return opinion, evidence
