# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Whether an answer is about whom we asked, and what is stored of it."""

import hashlib
from datetime import date

from odoo import models
from odoo.fields import Command

from ..hc_claim_core.eligibility import REJECTED, UNAVAILABLE, Member, normalized
from .hc_coverage_benefit import kind_of


class HcEligibilityInquiry(models.Model):
    _inherit = "hc.eligibility.inquiry"

    def _is_about(self, answer):
        """Whether an answer that names our number speaks of the person we asked about.

        A rejection may echo nothing but the number, or the subscriber above the patient.
        """
        self.ensure_one()
        asked = self.content
        number = asked["subscriber"].get("member_id", "")
        persons = [_member(asked.get("patient") or asked["subscriber"], number)]
        if answer.values["outcome"] in (REJECTED, UNAVAILABLE):
            if answer.member == Member():
                return True
            persons.append(_member(asked["subscriber"], number))
            return any(_is_echo(person, answer.member) for person in persons)
        return any(person.is_same(answer.member) for person in persons)

    def _prepare_answer_vals(self, answer, exchange, sent_on):
        """Values of the stored answer to this question."""
        self.ensure_one()
        vals = self._prepare_common_vals(exchange, sent_on)
        return _complete(vals | answer.values, answer.benefits, f"inquiry:{self.id}")

    def _prepare_reject_vals(self, reject_codes, exchange):
        """Values of an answer that rejects the question together with all others of its set."""
        self.ensure_one()
        vals = self._prepare_common_vals(exchange)
        vals |= {"outcome": UNAVAILABLE, "reject_codes": reject_codes}
        return _complete(vals, (), f"inquiry:{self.id}")

    def _prepare_common_vals(self, exchange, sent_on=None):
        asked_on = self.facility_id._get_local_day(self.sent_at)
        received_on = self.facility_id._get_local_day(exchange.create_date)
        return {
            "coverage_id": self.coverage_id.id,
            "inquiry_id": self.id,
            "payer_id": self.payer_id.id,
            "channel": "x12",
            # The sender's own date counts within what can be: after the question, not ahead.
            "checked_on": min(max(sent_on or received_on, asked_on), received_on),
            "service_date": self.service_date_from,
            "exchange_id": exchange.id,
        }


class HcCoverage(models.Model):
    _inherit = "hc.coverage"

    def _to_member(self):
        """The patient as a member of the plan, as answers name one."""
        self.ensure_one()
        coverage_sudo = self.sudo()
        patient = coverage_sudo.patient_id
        return Member(
            coverage_sudo.member_id or "",
            patient.last_name or "",
            patient.first_name or "",
            patient.birth_date or None,
        )

    def _has_name_of(self, member):
        """Whether the names are alike; nobody was asked, so nothing else vouches for it.

        Twins share birth date and member number.
        """
        mine = self._to_member()
        first, other = normalized(mine.first_name), normalized(member.first_name)
        return normalized(mine.last_name) == normalized(member.last_name) and (
            first.startswith(other) or other.startswith(first)
        )

    def _prepare_answer_vals(self, answer, exchange, sent_on):
        """Values of a stored answer that nobody had asked for."""
        self.ensure_one()
        facility = self.sudo().patient_id.facility_ids[:1]
        received_on = facility._get_local_day(exchange.create_date)
        checked_on = min(sent_on or received_on, received_on)
        vals = {
            "coverage_id": self.id,
            "payer_id": self.payer_id.id,
            "channel": "x12",
            "checked_on": checked_on,
            "service_date": checked_on,
            "exchange_id": exchange.id,
        }
        return _complete(vals | answer.values, answer.benefits, f"coverage:{self.id}:{checked_on}")


def _member(person, member_id):
    """A person of the frozen content, in which empty values are left out."""
    name, birth_date = person["name"], person.get("birth_date")
    return Member(
        member_id,
        name.get("last", ""),
        name.get("first", ""),
        date.fromisoformat(birth_date) if birth_date else None,
    )


def _is_echo(asked, answered):
    """Whether a rejection gives back what we sent: nothing that it names may be another's."""
    return all(
        not theirs or not mine or normalized(str(mine)) == normalized(str(theirs))
        for mine, theirs in (
            (asked.member_id, answered.member_id),
            (asked.last_name, answered.last_name),
            (asked.birth_date, answered.birth_date),
        )
    )


# What makes two answers the same is what they say, not the file that they came in.
_NOT_SAID = ("exchange_id", "checked_on")


def _complete(vals, benefits, subject):
    """Values with their digest and the commands that create their benefits."""
    said = sorted((name, value) for name, value in vals.items() if name not in _NOT_SAID)
    text = repr((subject, said, [sorted(each.items()) for each in benefits]))
    return vals | {
        "digest": hashlib.sha256(text.encode()).hexdigest(),
        "benefit_ids": [
            Command.create(
                {
                    **each,
                    "coverage_id": vals["coverage_id"],
                    "kind": kind_of(each["information"]),
                }
            )
            for each in benefits
        ],
    }
