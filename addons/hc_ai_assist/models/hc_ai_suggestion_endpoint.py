# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from dataclasses import dataclass, field

from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.hc_revenue_base.hc_core.job_policy import JobPolicy

from ..hc_ai_core.advice import Advice, Evidence
from ..hc_ai_core.answers import AnswerError
from ..hc_ai_core.second_opinion import ABSTAINS, AGREES, DISAGREES, Opinion, combine

# What is copied from texts is not asked where none may be sent.
TASK_OF_TEXTS = "extract"
# A second opinion may still change these.
_OPEN_STATES = ("pending", "shadow", "abstained")


@dataclass(slots=True)
class Outcome:
    """What came of asking, on its way into a transaction of its own.

    :ivar values: of the run
    :ivar opinion: None where there is no usable answer
    :ivar remembered: ``(digest, answer, digest of the response)`` to keep; empty for nothing
    """

    values: dict
    opinion: Opinion | None = None
    evidence: list = field(default_factory=list)
    remembered: tuple = ()


class HcAiSuggestion(models.Model):
    """The job that asks a provider about a suggestion, and what its answer changes."""

    _name = "hc.ai.suggestion"
    _inherit = ["hc.ai.suggestion", "hc.job.mixin", "hc.own.transaction.mixin"]

    run_id = fields.Many2one(
        "hc.ai.run",
        "Second Opinion",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="hc_revenue_base.group_hc_administrator,hc_revenue_base.group_hc_compliance,"
        "hc_revenue_base.group_hc_operations,hc_ai_assist.group_hc_ai_identity",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"run_id"}

    @api.model
    def _get_job_methods(self):
        # No third time: the embedded advice stands, and a person is not kept waiting for this.
        asked = JobPolicy(max_attempts=2, alone=True)
        return super()._get_job_methods() | {"_job_ask_provider": asked}

    def _job_ask_provider(self):
        """Ask the policy's provider, as the person whose rights the first advice used.

        Whatever goes wrong, the advice that is there stays; a run says why.
        """
        self.ensure_one()
        provider = self.sudo().policy_id.provider_id
        if not provider:
            return
        outcome = self._ask_provider(provider)
        self._in_own_transaction("_settle_second_opinion", self.id, provider.id, outcome)

    def _ask_provider(self, provider):
        """Ask, and read the answer: an ``Outcome``, never an error of the provider's."""
        policy = self.sudo().policy_id
        record = self.env[self.sudo().res_model].browse(self.sudo().res_id).exists()
        try:
            obstacle = self._find_obstacle(provider, record)
            if obstacle:
                return Outcome({"outcome": "refused", "cause": obstacle})
            field_ = record._review_fields()[policy.field_name]
            request = policy._prepare_request(provider, record, field_)
        except AccessError:
            return Outcome({"outcome": "refused", "cause": "no_access"})
        if policy.task_code == TASK_OF_TEXTS and not request.texts:
            return Outcome({"outcome": "refused", "cause": "no_texts"})
        shared = {"input_sha256": request.input_sha256, "redaction": request.redaction}
        known = self.env["hc.ai.answer"]._find(provider, request.sha256)
        if known:
            values = {
                "outcome": "cached",
                "question_sha256": request.sha256,
                "response_sha256": known.response_sha256,
            }
            opinion, evidence = policy._read_opinion(request, known.answer, record)
            return Outcome(shared | values, opinion, evidence)
        cap = provider._find_cap(request.question)
        if cap:
            return Outcome({"outcome": "refused", "cause": cap})
        call = provider._ask(request.question, request.sha256)
        values = shared | provider._get_call_values(call)
        if not call.was_sent:
            values["redaction"] = False
        if not call.reply or call.cause:
            return Outcome(values)
        try:
            answer = policy._check_answer(request, call.reply.text)
        except AnswerError as error:
            return Outcome(values | {"outcome": "fallback", "cause": error.code})
        opinion, evidence = policy._read_opinion(request, answer, record)
        remembered = (request.sha256, answer, values["response_sha256"])
        return Outcome(values, opinion, evidence, remembered)

    def _find_obstacle(self, provider, record):
        """Why nothing is asked, a word; empty where it is."""
        suggestion_sudo = self.sudo()
        policy = suggestion_sudo.policy_id
        if policy.mode == "off":
            return "policy_off"
        if provider.state != "active":
            return "provider_not_active"
        if not record:
            return "record_gone"
        if suggestion_sudo.state not in _OPEN_STATES:
            return "decided_already"
        if record._get_review_token() != suggestion_sudo.token:
            return "record_changed"
        field_ = record._review_fields().get(policy.field_name)
        if field_ is None or not policy._may_be_asked(field_):
            return "field_not_closed"
        return ""

    @api.model
    def _settle_second_opinion(self, suggestion_id, provider_id, outcome):
        """Put the run on record, and the advice where the opinion changes it.

        In a transaction of its own: it sees what others changed while the provider thought.
        """
        suggestion = self.browse(suggestion_id)
        suggestion.lock_for_update(allow_referencing=True)
        suggestion.invalidate_recordset()
        provider = self.env["hc.ai.provider"].browse(provider_id)
        effect, advice = suggestion._compare(provider, outcome)
        policy = suggestion.policy_id
        run = self.env["hc.ai.run"]._append(
            provider,
            {
                "policy_id": policy.id,
                "suggestion_id": suggestion.id,
                "res_model": suggestion.res_model,
                "res_id": suggestion.res_id,
                "task_code": policy.task_code,
                "task_version": policy.task_version,
                "user_id": self.env.uid,
                "effect": effect,
                **outcome.values,
            },
        )
        if outcome.remembered:
            self.env["hc.ai.answer"]._remember(provider, *outcome.remembered)
        if advice:
            suggestion._replace(advice, outcome, run)

    def _compare(self, provider, outcome):
        """How the opinion relates to the advice: ``(effect, new advice or None)``."""
        if outcome.opinion is None:
            return False, None
        policy = self.policy_id
        record = self.sudo(False).env[self.res_model].browse(self.res_id).exists()
        if (
            self.state not in _OPEN_STATES
            or policy.mode == "off"
            or provider.state != "active"
            or not record
            or record._get_review_token() != self.token
        ):
            return "stale", None
        own = Advice(
            self.value or None,
            self.confidence,
            tuple(self.reasons or ()),
            tuple((value, chance) for value, chance in self.alternatives or ()),
            self.abstained_because or "",
            tuple(Evidence(**each) for each in self.evidence or ()),
        )
        effect, advice = combine(own, outcome.opinion, policy.floor)
        # Own advice says that all is well as it is: an opinion alone does not make work of that.
        if self.abstained_because == "agrees" or effect in (AGREES, ABSTAINS):
            return effect, None
        return effect, advice

    def _replace(self, advice, outcome, run):
        """New advice in place of this one, with both values where they disagree."""
        reasons = list(advice.reasons)
        if run.effect == DISAGREES:
            reasons.insert(
                0, self.env._("%(provider)s disagrees", provider=run.provider_id.sudo().name)
            )
        abstained_because = advice.abstained_because
        if self.policy_id.mode == "live" and advice.value and advice.value == self.previous_value:
            abstained_because = "agrees"
        values = {
            "res_model": self.res_model,
            "res_id": self.res_id,
            "value": advice.value,
            "previous_value": self.previous_value,
            "confidence": advice.confidence,
            "reasons": reasons,
            "alternatives": [list(pair) for pair in advice.alternatives],
            "abstained_because": abstained_because or False,
            "evidence": [*(self.evidence or ()), *outcome.evidence],
            "facts": self.facts,
            "token": self.token,
            "provider": run.provider_id.sudo().name,
            "requested_by_id": self.requested_by_id.id,
            "latency_ms": run.latency_ms,
            "run_id": run.id,
        }
        if self.state == "shadow":
            self._transition("superseded")
        self.policy_id._get_writer()._record(self.policy_id, [values])
