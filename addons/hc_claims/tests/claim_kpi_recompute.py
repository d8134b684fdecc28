# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The indicators of claims once more: record by record, in plain Python, by the log."""

from collections import defaultdict
from datetime import datetime, time, timedelta
from decimal import Decimal

_DAYS = timedelta(days=30)
_OUTCOMES = ("paid", "partially_paid", "denied")
_FINAL = ("recovered", "accepted", "closed")


def _money(value):
    return Decimal(str(round(value, 2)))


class ClaimRecompute:
    """Figures of one facility, whose calendar is UTC, at one day.

    Each method answers ``(numerator, denominator, ids of the records behind)``.
    """

    def __init__(self, env, facility, day, now):
        self.env, self.facility, self.day = env, facility, day
        end = datetime.combine(day + timedelta(days=1), time()) - timedelta(seconds=1)
        self.until = min(now, end)
        self.log = defaultdict(list)
        for entry in env["hc.transition"].search([("id", ">", 0)], order="res_id, sequence"):
            if entry.field_name == "state":
                self.log[entry.res_model, entry.res_id].append((entry.to_state, entry.occurred_at))

    def _states(self, record, everything=False):
        rows = self.log[record._name, record.id]
        return [row for row in rows if everything or row[1] <= self.until]

    def _in_window(self, moment):
        return self.until - _DAYS < moment <= self.until

    def _own(self, model):
        return self.env[model].search([("facility_id", "=", self.facility.id)])

    def _submitted(self):
        first = self.day - _DAYS
        return self._own("hc.claim").filtered(
            lambda claim: (
                claim.batch_id and claim.submitted_on and first < claim.submitted_on <= self.day
            )
        )

    def _names(self, record):
        return {state for state, _since in self._states(record)}

    def clean_claim_rate(self):
        claims = self._submitted().filtered(
            lambda claim: claim.version == 1 and claim.frequency == "1"
        )
        clean = claims.filtered(lambda claim: not self._names(claim) & {"held", "rejected"})
        return Decimal(len(clean)), Decimal(len(claims)), set(claims.ids)

    def claim_rejection_rate(self):
        claims = self._submitted()
        rejected = claims.filtered(lambda claim: "rejected" in self._names(claim))
        return Decimal(len(rejected)), Decimal(len(claims)), set(claims.ids)

    def first_pass_yield(self):
        paid, behind = 0, set()
        for claim in self._own("hc.claim"):
            seen = []
            for state, since in self._states(claim):
                if state in _OUTCOMES:
                    if self._in_window(since):
                        behind.add(claim.id)
                        is_clean = "rejected" not in seen and claim.version == 1
                        paid += state == "paid" and is_clean
                    break
                seen.append(state)
        return Decimal(paid), Decimal(len(behind)), behind

    def claim_turnaround_days(self):
        days, behind = 0, set()
        for claim in self._own("hc.claim").filtered("submitted_on").filtered("batch_id"):
            posted = [
                since
                for answer in claim.answer_ids
                for state, since in self._states(answer, True)
                if state == "posted"
            ]
            if posted and self._in_window(min(posted)):
                behind.add(claim.id)
                days += max(0, (min(posted).date() - claim.submitted_on).days)
        return Decimal(days), Decimal(len(behind)), behind

    def _received(self):
        return self._own("hc.remittance.claim").filtered(
            lambda answer: (
                self._in_window(answer.remittance_id.create_date)
                and answer.remittance_id.state != "ignored"
            )
        )

    def _needed_a_person(self, answer):
        return (
            answer.match_method == "picked"
            or "held" in self._names(answer) | self._names(answer.remittance_id)
            or not self._names(answer) & {"posted", "no_posting"}
        )

    def reconciliation_exception_rate(self):
        answers = self._received()
        needed = answers.filtered(self._needed_a_person)
        return Decimal(len(needed)), Decimal(len(answers)), set(answers.ids)

    def cash_application_rate(self):
        answers = self._received().filtered(lambda answer: answer.amount_paid > 0)
        alone = answers.filtered(lambda answer: not self._needed_a_person(answer))
        return (
            _money(sum(alone.mapped("amount_paid"))),
            _money(sum(answers.mapped("amount_paid"))),
            set(answers.ids),
        )

    def underpayment_amount(self):
        variances = self._own("hc.payment.variance").filtered(
            lambda each: (
                each.kind == "underpaid"
                and self._states(each)
                and self._states(each)[-1][0] not in _FINAL
            )
        )
        return _money(sum(variances.mapped("amount_underpaid"))), None, set(variances.ids)

    def underpayment_rate(self):
        answers = self.env["hc.remittance.claim"]
        for answer in self._own("hc.remittance.claim").filtered("amount_expected"):
            states = self._states(answer)
            if states and states[-1][0] == "posted" and self._in_window(states[-1][1]):
                answers |= answer
        return (
            _money(sum(answers.mapped("amount_underpaid"))),
            _money(sum(answers.mapped("amount_expected"))),
            set(answers.ids),
        )
