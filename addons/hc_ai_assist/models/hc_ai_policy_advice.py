# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import time
from dataclasses import asdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.hc_revenue_base.hc_core.job_policy import JobPolicy

from ..hc_ai_core.advice import advise
from ..hc_ai_core.calibration import Calibration
from ..hc_ai_core.classifier import Classifier

EMBEDDED = "embedded"
# Records that one run advises on, for one policy.
MOST_RECORDS = 500


class HcAiPolicy(models.Model):
    """How advice comes about: facts read as a person, an answer, a suggestion by nobody's hand."""

    _name = "hc.ai.policy"
    _inherit = ["hc.ai.policy", "hc.job.mixin"]

    newest_seen_id = fields.Integer(readonly=True, copy=False, aggregator=None)
    oldest_seen_id = fields.Integer(readonly=True, copy=False, aggregator=None)

    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"newest_seen_id", "oldest_seen_id"}

    @api.model
    def _cron_advise(self):
        """Scheduled Action: advise on new records, as the person who answers for each policy."""
        self._run_in_batches([("mode", "in", ("shadow", "live"))], "_advise_on_next", batch_size=1)

    def _advise_on_next(self):
        """Advise on what is new; one policy a commit."""
        for policy in self:
            policy._advise_on_new()
            policy._note_worked("_advise_on_next")

    def _advise_on_new(self):
        """Advise on records that have none yet and are not finished.

        The newest first; then on, from where the run before came to, to the oldest, and round
        again. What is looked at in one run does not grow with what there is.
        """
        self.ensure_one()
        records = self._as_responsible()
        if not records.has_access("read"):
            return
        known = self.env["hc.ai.suggestion"].sudo()._search([("policy_id", "=", self.id)])
        advised = known.subselect("res_id")
        domain = Domain("id", "not in", advised) & Domain(self._get_company_domain(records))
        found = self._find_next(records, domain)
        self._advise(found.filtered(lambda record: not record._is_finished_for_review()))

    @api.model
    def _get_job_methods(self):
        return super()._get_job_methods() | {"_job_advise": JobPolicy()}

    def _job_advise(self, record_ids):
        """Job: advise on records that came in just now, as far as they still need it.

        :param list record_ids: ids of the policy's model
        """
        self.ensure_one()
        policy_sudo = self.sudo()
        if policy_sudo.mode == "off":
            return
        records = policy_sudo._as_responsible()
        if not records.has_access("read"):
            return
        advised = (
            self.env["hc.ai.suggestion"]
            .sudo()
            ._search([("policy_id", "=", self.id), ("res_id", "in", record_ids)])
        )
        found = records.search(
            [
                ("id", "in", record_ids),
                ("id", "not in", advised.subselect("res_id")),
                *policy_sudo._get_company_domain(records),
            ]
        )
        open_records = found.filtered(lambda record: not record._is_finished_for_review())
        policy_sudo._advise(open_records)

    def _find_next(self, records, domain):
        """Records that come next, at most ``MOST_RECORDS``; the positions move on."""
        newest, oldest = self.newest_seen_id, self.oldest_seen_id
        found = records.browse()
        if newest:
            found = records.search(
                domain & Domain("id", ">", newest), order="id", limit=MOST_RECORDS
            )
        left = MOST_RECORDS - len(found)
        if left:
            before = Domain("id", "<", oldest) if oldest else Domain.TRUE
            older = records.search(
                domain & before & Domain("id", "not in", found.ids), order="id desc", limit=left
            )
            # At the end, from the newest again: what was finished may be open by now.
            oldest = older[-1].id if len(older) == left else 0
            found |= older
        newest = max([newest, *found.ids])
        self.sudo()._write_guarded({"newest_seen_id": newest, "oldest_seen_id": oldest})
        return found

    def _as_responsible(self):
        """No record of the policy's type, with the rights of the person it reads as."""
        return (
            self.env[self.res_model]
            .with_user(self.responsible_id)
            .with_context(allowed_company_ids=self.company_id.ids)
        )

    def _get_company_domain(self, records):
        if "company_id" not in records._fields:
            return []
        return [("company_id", "=", self.company_id.id)]

    def _advise(self, records):
        """Put advice on record for each of some records.

        :param records: with the rights of whoever asks: nothing is read beyond these
        :return: the suggestions
        """
        self.ensure_one()
        if self.mode == "off":
            raise UserError(self.env._("%(policy)s is switched off.", policy=self.display_name))
        # One method a task: it reads what it needs once and tells how to advise on one record.
        adviser = getattr(self, f"_get_{self.task_code}_adviser")()
        prepared = []
        for record in records:
            field = record._review_fields().get(self.field_name)
            if field:
                prepared.append(self._prepare_suggestion(record, field, adviser))
        return self._get_writer()._record(self, prepared)

    def _get_writer(self):
        """No suggestion, as the AI's own user in the company of the policy."""
        return self._get_ai_model("hc.ai.suggestion", self.sudo().company_id)

    @api.model
    def _get_ai_model(self, name, company):
        """No record of a model, as the AI's own user in a company."""
        user_sudo = self.env.ref("hc_ai_assist.user_hc_ai").sudo()
        if company not in user_sudo.company_ids:
            user_sudo.company_ids += company
        return self.env[name].with_user(user_sudo).with_context(allowed_company_ids=company.ids)

    def _get_learned(self):
        """What was learned: ``(classifier, calibration)``, or None for each."""
        policy_sudo = self.sudo()
        data, calibration = policy_sudo.model_data, policy_sudo.calibration_data
        return (
            Classifier.from_data(data) if data else None,
            Calibration(tuple(calibration["bounds"]), tuple(calibration["shares"]))
            if calibration
            else None,
        )

    def _get_choose_adviser(self):
        """How a value is chosen: by what was learned from decided records of this office."""
        classifier, calibration = self._get_learned()

        def advise_on(record, field):
            choices = [str(choice) for choice in field.choices]
            facts = self._get_telling_facts(record)
            return advise(classifier, facts, choices, self.floor, calibration)

        return advise_on

    def _prepare_suggestion(self, record, field, adviser):
        started = time.monotonic()
        advice = adviser(record, field)
        facts = self._get_telling_facts(record)
        present = self._read_value(record)
        abstained_because = advice.abstained_because
        if self.mode == "live" and advice.value and advice.value == present:
            abstained_because = "agrees"
        return {
            "res_model": record._name,
            "res_id": record.id,
            "value": advice.value,
            "previous_value": present,
            "confidence": advice.confidence,
            "reasons": list(advice.reasons),
            "alternatives": [list(pair) for pair in advice.alternatives],
            "abstained_because": abstained_because or False,
            "evidence": [asdict(each) for each in advice.evidence],
            "facts": {name: _plain(value) for name, value in facts.items()},
            "token": record._get_review_token(),
            "provider": EMBEDDED,
            "requested_by_id": record.env.uid,
            "latency_ms": round((time.monotonic() - started) * 1000),
        }

    def _get_telling_facts(self, record):
        """The facts of a record but the one that is the field itself: it would tell the answer."""
        own = {self.field_name, self.field_name.removesuffix("_id")}
        facts = record._get_review_facts()
        return {name: value for name, value in facts.items() if name not in own}

    def _read_value(self, record):
        """The present value of the field, as text; empty where there is none."""
        value = record[self.field_name]
        if isinstance(value, models.BaseModel):
            return str(value.id) if value else False
        return str(value) if value else False


def _plain(value):
    """A fact as JSON can hold it."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (list, tuple, set, frozenset)):
        return sorted(str(item) for item in value)
    return str(value)
