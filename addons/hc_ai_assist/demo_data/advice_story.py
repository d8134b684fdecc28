# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Advice about queues: tried in shadow, gone live, decided by people over the last weeks."""

from collections import Counter
from datetime import timedelta

from odoo.tools import SQL

from ..hc_ai_core.classifier import LEAST_PER_CLASS, train
from ..hc_ai_core.fact_features import fact_features

_SHADOW_DAYS_AGO = 26
_SETTLED = timedelta(days=4)
_MOST_TRIED = 90
_MISPLACED = 36
# What the supervisor does with the first of them, in turn; the rest waits for review.
_DECISIONS = ("accept", "accept", "accept", "reject", "accept", "edit", "accept", "accept")
_DECIDED = 28
_SECONDS = (9, 14, 22, 31, 12, 47, 18)
_REASON = "The front desk asked for it to stay."


class AdviceStory:
    """Work items that lie in a wrong queue, and what is proposed for them.

    :param office: :class:`Office`
    :param as_of: today
    """

    def __init__(self, office, as_of):
        self._office = office
        self._as_of = as_of
        self._desk = office.env_of("supervisor")

    def run(self):
        """Learn, try, go live, decide."""
        policy = self._get_policy()
        items = self._get_items()
        if not policy or policy.mode != "off" or len(items) < _MISPLACED * 2:
            return
        policy.write({"responsible_id": self._desk.user.id, "second_review_percent": 20})
        policy.action_shadow()
        now = policy.env.cr.now()
        self._learn(policy, items)
        policy._advise(items[:_MOST_TRIED])
        policy._note_outcomes(now + _SETTLED)
        decided, share = policy._get_shadow_result()
        if decided < 50 or share < 0.8:
            return
        self._backdate_shadow(policy, now)
        policy.action_live()
        self._decide(policy, items[-_MISPLACED:], now)

    def _learn(self, policy, items):
        """Learn from these items: the group's history is too short for the gate of every day."""
        examples = [
            (fact_features(policy._get_telling_facts(item)), policy._read_value(item))
            for item in items
        ]
        counts = Counter(label for _features, label in examples)
        examples = [each for each in examples if counts[each[1]] >= LEAST_PER_CLASS]
        policy._write_guarded(
            {"model_data": train(examples).to_data(), "trained_count": len(examples)}
        )

    def _get_policy(self):
        """The policy about the queue of work items, as the system sees it."""
        policies = self._office.env_of("administrator")["hc.ai.policy"].sudo()
        policies._offer_missing()
        return policies.search(
            [
                ("company_id", "=", self._office.company.id),
                ("res_model", "=", "hc.work.item"),
                ("field_name", "=", "queue_id"),
            ]
        )

    def _get_items(self):
        return self._desk["hc.work.item"].search(
            [
                ("company_id", "=", self._office.company.id),
                ("state", "=", "open"),
                ("kind", "in", ("readiness_finding", "registration")),
            ],
            order="id",
        )

    def _backdate_shadow(self, policy, now):
        """The trial was some weeks ago."""
        began = now - timedelta(days=_SHADOW_DAYS_AGO)
        policy._write_guarded({"trained_at": began.replace(microsecond=0)})
        self._move_in_time(
            policy.env["hc.ai.suggestion"].search([("policy_id", "=", policy.id)]),
            {"create_date": began, "outcome_at": began + _SETTLED},
        )

    def _decide(self, policy, items, now):
        wrong = self._desk["hc.work.queue"].search(
            [("code", "=", "billing"), ("company_id", "in", (False, self._office.company.id))],
            limit=1,
        )
        for number, item in enumerate(items):
            right = item.queue_id
            if right == wrong:
                continue
            item.sudo()._write_guarded({"queue_id": wrong.id})
            suggestion = policy._advise(item).with_env(self._desk)
            if suggestion.state != "pending":
                item.sudo()._write_guarded({"queue_id": right.id})
            elif number < _DECIDED:
                self._decide_one(suggestion, number, right)
                self._note_when(suggestion, number, now)

    def _decide_one(self, suggestion, number, right):
        decision = _DECISIONS[number % len(_DECISIONS)]
        others = [value for value, _chance in suggestion.alternatives or ()]
        if decision == "edit" and others:
            suggestion.action_accept_other(others[0])
        elif decision == "reject":
            suggestion.action_reject(_REASON)
        else:
            suggestion.action_accept()

    def _note_when(self, suggestion, number, now):
        """One or two a day since it went live."""
        seconds = _SECONDS[number % len(_SECONDS)]
        shown = now - timedelta(days=20 - number * 20 // _DECIDED, minutes=7 * number + 30)
        self._move_in_time(
            suggestion,
            {
                "create_date": shown - timedelta(minutes=40),
                "shown_at": shown,
                "decided_at": shown + timedelta(seconds=seconds),
            },
        )
        suggestion.sudo()._write_guarded({"seconds_to_decide": seconds})

    def _move_in_time(self, suggestions, moments):
        """Set when things happened; by SQL, for nobody can do so in the product."""
        suggestions.env.flush_all()
        for name, moment in moments.items():
            suggestions.env.cr.execute(
                SQL(
                    "UPDATE hc_ai_suggestion SET %s = %s WHERE id IN %s",
                    SQL.identifier(name),
                    moment.replace(microsecond=0),
                    tuple(suggestions.ids),
                )
            )
        suggestions.invalidate_recordset()
