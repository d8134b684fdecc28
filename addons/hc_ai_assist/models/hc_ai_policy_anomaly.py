# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging
from datetime import timedelta

from odoo import api, fields, models

from odoo.addons.hc_revenue_base.hc_core.canonical import canonical_digest
from odoo.addons.hc_revenue_base.hc_core.review import ReviewField

from ..hc_ai_core.anomalies import Entry, find_anomalies
from ..hc_ai_core.anomaly_reasons import anomaly_confidence, explain_anomaly
from .hc_ai_policy_advice import EMBEDDED

_logger = logging.getLogger(__name__)

# What is usual is learned from so many days; no more entries are compared in one night.
WINDOW = timedelta(days=90)
MOST_ENTRIES = 50_000
# A night tells no more than people can look at; what is left comes the next night.
MOST_TOLD = 200
# Before anybody sees it: so many entries compared, and no larger share of them told.
LEAST_EXAMINED = 200
MOST_TOLD_SHARE = 0.05


class HcAiPolicy(models.Model):
    """Amounts that stand out: told once, about the record, for a person to look at."""

    _inherit = "hc.ai.policy"
    searched_at = fields.Datetime("Searched On", readonly=True, copy=False)
    examined_count = fields.Integer("Amounts Compared", readonly=True, copy=False, aggregator=None)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"searched_at", "examined_count"}

    @api.model
    def _get_entry_models(self):
        """Names of the models whose amounts are compared."""
        mixin = self.pool["hc.review.entries.mixin"]
        return sorted(
            name
            for name, model in self.pool.items()
            if issubclass(model, mixin) and not model._abstract
        )

    @api.model
    def _get_reviewable_models(self):
        return sorted({*super()._get_reviewable_models(), *self._get_entry_models()})

    @api.model
    def _get_declared_fields(self, model_name, company):
        declared = {}
        if issubclass(self.pool[model_name], self.pool["hc.reviewable.mixin"]):
            declared = super()._get_declared_fields(model_name, company)
        if model_name in self._get_entry_models():
            model = self.env[model_name]
            name = model._review_amount_field
            label = model._fields[name]._description_string(self.env)
            declared = {**declared, name: ReviewField("decimal", label, task="anomaly")}
        return declared

    @api.model
    def _cron_find_anomalies(self):
        """Scheduled Action: tell amounts that stand out, the policy of longest ago first.

        A run that is cut off lost the policy that it was at; the next begins with that one, and
        what was told already is not told again.
        """
        policies = self.search(
            [("task_code", "=", "anomaly"), ("mode", "in", ("shadow", "live"))],
            order="searched_at NULLS FIRST, id",
        )
        commit_progress = self.env["ir.cron"]._commit_progress
        commit_progress(remaining=len(policies))
        last_error = None
        for position, policy in enumerate(policies, start=1):
            try:
                with self.env.cr.savepoint():
                    policy._find_anomalies(self.env.cr.now())
            except Exception as error:
                # One kind of amounts that cannot be read keeps no other from being looked at.
                _logger.exception("%s was not searched for amounts that stand out", policy.id)
                last_error = error
            if not commit_progress(1, remaining=len(policies) - position):
                break
        if last_error:
            raise last_error

    def _find_anomalies(self, as_of):
        """Compare the amounts of the last days and tell those that stand out.

        :param datetime as_of: now
        :return: the new suggestions
        """
        self.ensure_one()
        records = self._as_responsible()
        if not records.has_access("read"):
            return self._get_writer()
        today = as_of.date()
        entries = {
            entry.record_id: entry
            for entry in records._review_entries(today - WINDOW, today, MOST_ENTRIES)
        }
        found = [
            anomaly
            for anomaly in find_anomalies(map(_to_entry, entries.values()))
            if anomaly_confidence(anomaly) >= self.floor
        ]
        prepared = [
            self._prepare_anomaly(anomaly, entries[anomaly.key], records) for anomaly in found
        ]
        suggestions = self._get_writer()._record(self, self._leave_out_told(prepared)[:MOST_TOLD])
        self.sudo()._write_guarded(
            {"searched_at": as_of.replace(microsecond=0), "examined_count": len(entries)}
        )
        return suggestions

    def _leave_out_told(self, prepared):
        """Without those that were told about the same amount for the same reason.

        What was told in shadow was told to nobody, and counts only there.
        """
        silent = [] if self.mode == "shadow" else ["shadow", "superseded"]
        rows = (
            self.env["hc.ai.suggestion"]
            .sudo()
            .search_read(
                [
                    ("policy_id", "=", self.id),
                    ("state", "not in", silent),
                    ("res_id", "in", [values["res_id"] for values in prepared]),
                ],
                ["res_id", "token"],
            )
        )
        told = {(row["res_id"], row["token"]) for row in rows}
        return [values for values in prepared if (values["res_id"], values["token"]) not in told]

    def _prepare_anomaly(self, anomaly, entry, records):
        return {
            "res_model": self.res_model,
            "res_id": entry.record_id,
            "value": anomaly.reason,
            "previous_value": str(entry.amount),
            "confidence": anomaly_confidence(anomaly),
            "reasons": list(explain_anomaly(anomaly, entry.amount)),
            "facts": {"score": round(anomaly.score, 2)},
            "token": anomaly_token(entry.amount, anomaly.reason),
            "provider": EMBEDDED,
            "requested_by_id": records.env.uid,
            "anomaly_reason": anomaly.reason,
            "anomaly_payer_id": entry.payer_id or False,
            "anomaly_amount": float(entry.amount),
            "anomaly_expected": float(anomaly.expected or 0),
            "anomaly_date": entry.entered_on,
        }

    def _guard_mode_live(self):
        """Amounts are judged by how many would be told: too many are looked at by nobody."""
        searching = self.filtered(lambda policy: policy.task_code == "anomaly")
        reasons = super(HcAiPolicy, self - searching)._guard_mode_live()
        for policy in searching:
            told = self.env["hc.ai.suggestion"].search_count(
                [("policy_id", "=", policy.id), ("state", "=", "shadow")]
            )
            problem = policy._get_flood_problem(told)
            if problem:
                reasons[policy.id] = [problem]
        return reasons

    def _get_flood_problem(self, told):
        self.ensure_one()
        if self.examined_count < LEAST_EXAMINED:
            return self.env._(
                "In shadow, %(count)s amounts were compared so far; %(least)s are needed.",
                count=self.examined_count,
                least=LEAST_EXAMINED,
            )
        if told > MOST_TOLD_SHARE * self.examined_count:
            return self.env._(
                "In shadow, it told %(told)s of %(count)s amounts; at most %(percent)s %% are "
                "worth looking at. Raise the lowest confidence.",
                told=told,
                count=self.examined_count,
                percent=round(100 * MOST_TOLD_SHARE),
            )
        return ""

    def _advise_on_new(self):
        return None if self.task_code == "anomaly" else super()._advise_on_new()

    def _note_outcomes(self, as_of):
        return None if self.task_code == "anomaly" else super()._note_outcomes(as_of)

    def _learn(self, as_of):
        return [] if self.task_code == "anomaly" else super()._learn(as_of)


def anomaly_token(amount, reason):
    """What was told: another amount, or another reason, is something new.

    :param Decimal amount: as the record says it
    :param str reason: of the anomaly
    """
    return canonical_digest({"amount": str(amount.normalize()), "reason": reason})


def _to_entry(entry):
    return Entry(
        entry.record_id,
        entry.compared_by,
        entry.amount,
        entry.reference,
        entry.units,
        entry.fingerprint or None,
        entry.ceiling,
    )
