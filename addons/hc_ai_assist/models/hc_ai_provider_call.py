# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib
import json
import time
from dataclasses import dataclass
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.hc_revenue_base.models.hc_http import HttpCallError
from odoo.addons.hc_revenue_base.tools.http_request import Limits

from ..hc_ai_core import chat_completions, messages_api
from ..hc_ai_core.prompts import make_question
from ..hc_ai_core.providers import ProviderError, Question, Reply

MAX_RESPONSE_BYTES = 256 * 1024
_WIRES = {"chat_completions": chat_completions, "messages": messages_api}
_MILLION = Decimal(1_000_000)
# Text has at least this many characters a token: an estimate for the caps, on the safe side.
_CHARACTERS_PER_TOKEN = 2
# Refused on this side, before anything left.
_NEVER_SENT = frozenset(
    {"calls_disabled", "calls_observed", "circuit_open", "address_refused", "url_invalid"}
    | {"header_invalid", "method_invalid", "tls_required", "host_unknown", "certificate_invalid"}
)
_TRIAL_SCHEMA = {
    "type": "object",
    "required": ["value"],
    "properties": {"value": {"type": "string", "maxLength": 100}},
}


@dataclass(frozen=True, slots=True)
class Call:
    """What came of one call.

    :ivar reply: the answer, or None
    :ivar cause: why there is none, a word
    :ivar was_sent: the question may have reached the provider
    """

    reply: Reply | None
    cause: str
    was_sent: bool
    question_sha256: str
    latency_ms: int = 0


class HcAiProvider(models.Model):
    """Asking: caps first, then one guarded call, then an answer or the reason for none."""

    _inherit = "hc.ai.provider"

    tokens_today = fields.Integer(compute="_compute_today")
    cost_today = fields.Monetary(compute="_compute_today")
    runs_today = fields.Integer("Asked Today", compute="_compute_today")
    run_count = fields.Integer("Asked", compute="_compute_run_count")

    def _compute_today(self):
        for provider in self:
            provider.runs_today, provider.tokens_today, cost = provider._get_used_today()
            provider.cost_today = float(cost)

    def _compute_run_count(self):
        rows = (
            self.env["hc.ai.run"]
            .sudo()
            ._read_group([("provider_id", "in", self.ids)], ["provider_id"], ["__count"])
        )
        counts = {provider.id: count for provider, count in rows}
        for provider in self:
            provider.run_count = counts.get(provider.id, 0)

    def _get_used_today(self):
        """Questions, tokens and cost of the office's day: ``(count, tokens, Decimal)``."""
        self.ensure_one()
        zone = self.company_id.sudo()._get_office_timezone()
        today = fields.Date.context_today(self.with_context(tz=zone))
        [(count, tokens_in, tokens_out, cost)] = (
            self.env["hc.ai.run"]
            .sudo()
            ._read_group(
                [("provider_id", "=", self.id), ("asked_on", "=", today)],
                [],
                ["__count", "input_tokens:sum", "output_tokens:sum", "cost_millionths:sum"],
            )
        )
        return count, (tokens_in or 0) + (tokens_out or 0), Decimal(cost or 0) / _MILLION

    def _get_cost(self, input_tokens, output_tokens):
        """What so many tokens cost, as a Decimal in the company's currency."""
        prices = Decimal(str(self.input_price)), Decimal(str(self.output_price))
        cost = (prices[0] * input_tokens + prices[1] * output_tokens) / _MILLION
        return cost.quantize(Decimal("0.000001"))

    def _find_cap(self, question):
        """The cap that the question might break, a word; empty where there is room.

        Judged by what it may cost at most. Drains that ask at the same moment do not see each
        other: together they may pass a cap by one question each.
        """
        _count, tokens, cost = self._get_used_today()
        characters = len(question.instructions) + len(question.material)
        tokens_in = characters // _CHARACTERS_PER_TOKEN
        if tokens + tokens_in + question.max_output_tokens > self.daily_tokens:
            return "token_cap"
        most = self._get_cost(tokens_in, question.max_output_tokens)
        if most and cost + most > Decimal(str(self.daily_cost)):
            return "cost_cap"
        return ""

    def _digest(self, question: Question, task_code, task_version):
        """Digest of a question: the same for the same words to the same model."""
        schema = json.dumps(question.schema, sort_keys=True)
        parts = (self.model_name, task_code, str(task_version), schema)
        parts += (question.instructions, question.material)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def _ask(self, question, question_sha256, *, with_key=True):
        """Ask once; nothing is raised, whatever the provider does.

        :param with_key: whether the key goes along; not before a second person has agreed
        :return: a ``Call``
        """
        self.ensure_one()
        wire = _WIRES[self.wire_format]
        request = wire.build(question)
        started = time.monotonic()
        cause, was_sent, reply = "", True, None
        try:
            headers = dict(request.headers)
            if self.secret_id and with_key:
                code = self.secret_id.sudo().code
                headers |= wire.key_header(self.env["hc.secret"]._get_value(code, self.company_id))
            answer = self.env["hc.http"]._send(
                "POST",
                self.base_url.rstrip("/") + request.path,
                purpose="ai",
                headers=headers,
                body=json.dumps(request.body).encode(),
                limits=self._get_limits(),
            )
            reply = wire.read(answer.status, _parse(answer))
            if not reply.is_complete:
                cause = "incomplete"
        except HttpCallError as error:
            cause, was_sent = error.code, error.code not in _NEVER_SENT
        except ProviderError as error:
            cause = error.code
        except UserError:
            cause, was_sent = "no_key", False
        latency_ms = round((time.monotonic() - started) * 1000)
        return Call(reply, cause, was_sent, question_sha256, latency_ms)

    def _get_limits(self):
        wait = self.timeout_seconds
        return Limits(
            connect_seconds=min(5, wait),
            read_seconds=wait,
            total_seconds=wait,
            response_bytes=MAX_RESPONSE_BYTES,
        )

    def _get_call_values(self, call):
        """Values of the run of a call."""
        reply = call.reply
        tokens = (reply.input_tokens, reply.output_tokens) if reply else (0, 0)
        is_good = bool(reply) and not call.cause
        return {
            "outcome": "answered" if is_good else "fallback" if call.was_sent else "refused",
            "cause": call.cause or False,
            "question_sha256": call.question_sha256,
            "response_sha256": (
                hashlib.sha256(reply.text.encode(errors="replace")).hexdigest() if reply else False
            ),
            "input_tokens": tokens[0],
            "output_tokens": tokens[1],
            "cost_millionths": int(self._get_cost(*tokens) * _MILLION),
            "latency_ms": call.latency_ms,
        }

    def action_test(self):
        """Ask a question without any data, and say how it went.

        Before a second administrator has agreed to the address, the key stays here: then this
        tells only whether somebody answers there.
        """
        self.ensure_one()
        self.check_access("write")
        question = make_question(
            self.model_name, "Answer with the value ok.", {"trial": True}, (), _TRIAL_SCHEMA, 50
        )
        cause = self._find_cap(question)
        digest = self._digest(question, "trial", 1)
        call = (
            Call(None, cause, False, digest)
            if cause
            else self._ask(question, digest, with_key=self.state != "draft")
        )
        self.env["hc.ai.run"]._in_own_transaction("_append_trial", self.id, self.env.uid, call)
        return self._tell_trial(call)

    def _tell_trial(self, call):
        if call.reply and not call.cause:
            told = self.env._("It answered within %(ms)s ms.", ms=call.latency_ms)
        elif self.state == "draft" and call.cause == "refused_key":
            told = self.env._("Somebody answers there and asks for the key: activate it next.")
        else:
            told = self.env._("No usable answer: %(cause)s.", cause=call.cause.replace("_", " "))
        is_well = bool(call.reply) and not call.cause
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": told, "type": "success" if is_well else "warning"},
        }


def _parse(answer):
    """The body as JSON; anything else is None."""
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
