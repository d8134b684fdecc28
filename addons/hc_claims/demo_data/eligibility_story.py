# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What payers of the demonstration say about patients, and what the front desk finds out."""

from datetime import timedelta

from .eligibility_answers import Answer, active, eligibility_answers, plan

_PAYERS = ("bluepine", "meridian", "unity", "medicare")
_PER_PAYER = 6
_STALE_DAYS = 45
_BENEFITS = (
    "EB*C*IND*30***23*1500*****Y",
    "EB*G*IND*30***29*3200*****Y",
    "EB*A**30*****.2****Y",
    "EB*A**30*****.4****N",
    "EB*B**98***27*25*****Y",
    "EB*B**UC***27*60*****Y",
    "EB*B**86***27*250*****W",
)


class EligibilityStory:
    """Answers of every kind, and authorizations that are nearly used or end soon.

    :param office: the demonstration group
    :param as_of: the day from which all dates are counted
    """

    def __init__(self, office, as_of):
        self.office = office
        self.as_of = as_of
        self.env = office.company.env
        self.clerk = office.env_of("clerk_a")

    def run(self):
        """Ask, let payers answer, check by hand where they do not, and watch authorizations."""
        coverages = self._pick_coverages()
        self._age(coverages)
        inquiries = self._ask(coverages)
        self._answer(inquiries)
        self._check_by_hand(inquiries)
        self._limit_authorizations()
        self.env["hc.authorization"].search(
            [("company_id", "=", self.office.company.id), ("date_to", ">=", self.as_of)]
        )._warn(self.as_of)

    def _pick_coverages(self):
        """Some coverages of each payer, of patients of the clerk's facility."""
        found = self.clerk["hc.coverage"]
        for name in _PAYERS:
            found += found.search(
                [
                    ("payer_id", "=", self.office.ref(f"payer_{name}").id),
                    ("coverage_order", "=", "1"),
                    ("eligibility_status", "=", "active"),
                    ("subscriber_relation", "=", "self"),
                    ("plan_name", "=", False),
                ],
                order="id desc",
                limit=_PER_PAYER,
            )
        return found

    def _age(self, coverages):
        """Some were checked long ago."""
        coverages[1::3].write(
            {
                "eligibility_checked_on": self.as_of - timedelta(days=_STALE_DAYS),
                "eligibility_note": "Confirmed by phone",
            }
        )

    def _ask(self, coverages):
        """The desk asks about most of them; those left stay stale."""
        asked = coverages.browse([each.id for each in coverages if each.id % 5])
        inquiries = self.clerk["hc.eligibility.inquiry"]._request(
            [{"coverage_id": each.id, "service_date_from": self.as_of} for each in asked]
        )
        batches = inquiries.sudo()._submit()
        batches[:-1].with_env(self.clerk).action_mark_sent()
        return inquiries

    def _answer(self, inquiries):
        """Most are active; one plan has ended, one member is not found, one payer is down."""
        answered = inquiries[:-3]
        answers = [
            self._say(inquiry, self._pick_segments(number))
            for number, inquiry in enumerate(answered)
        ]
        clearinghouse = self.env.ref("hc_claims.demo_clearinghouse_coastal")
        exchange, _verdict = self.clerk["hc.exchange"]._receive_acknowledgement(
            eligibility_answers(answers, self.as_of), clearinghouse.code, "answers.271"
        )
        exchange._process(lambda done, left: True)

    def _pick_segments(self, number):
        begin = f"{self.as_of.year}0101"
        if number == 3:
            ended = (self.as_of - timedelta(days=20)).strftime("%Y%m%d")
            return (*plan(begin, ended), "EB*6**30")
        if number == 5:
            return ("AAA*N**75*C",)
        if number == 7:
            return ("AAA*Y**42*P",)
        left = 150 + 97 * number
        more = (f"EB*C*IND*30***29*{left}*****Y", *_BENEFITS)
        if number == 4:
            more += ("EB*F**33***29***VS*0", "MSG*CHIROPRACTIC VISITS USED UP")
        if number == 6:
            more += ("EB*R**30", "LS*2120", "NM1*PRP*2*HARBOR MUTUAL*****PI*88001", "LE*2120")
        return active(*more, name="CHOICE PLUS", begin=begin)

    def _say(self, inquiry, segments):
        coverage = inquiry.coverage_id
        patient = coverage.patient_id
        return Answer(
            trace=inquiry.name,
            member_id=coverage.member_id,
            last_name=patient.last_name.upper(),
            first_name=patient.first_name.upper(),
            birth_date=patient.birth_date,
            segments=segments,
            payer_identifier=coverage.payer_id.payer_identifier,
        )

    def _check_by_hand(self, inquiries):
        """One payer stays silent: the clerk phones, and looks at a portal."""
        silent = inquiries[-3:-1]
        silent.sudo()._give_up()
        for inquiry, channel in zip(silent, ("phone", "portal"), strict=True):
            self.clerk["hc.eligibility.manual.wizard"].create(
                {
                    "coverage_id": inquiry.coverage_id.id,
                    "channel": channel,
                    "reference": f"{channel.upper()}-{4471 + inquiry.id}",
                    "checked_on": self.as_of,
                    "has_copay": True,
                    "copay": 30,
                    "has_deductible_left": True,
                    "deductible_left": 480,
                }
            ).action_record()

    def _limit_authorizations(self):
        """Of some authorizations little is left, one is exceeded, one ends soon."""
        authorizations = self.clerk["hc.authorization"].search(
            [("company_id", "=", self.office.company.id)], order="id"
        )
        used = authorizations.filtered("used_visits").sorted("used_visits", reverse=True)
        for number, authorization in enumerate(used[:6]):
            visits = authorization.used_visits
            authorization.approved_visits = (visits * 5, visits + 1, visits, 4, 8, 3)[number]
        exceeded = used.filtered(lambda each: each.used_units > 1)[-1:]
        exceeded.approved_units = exceeded.used_units - 1
        ending = (authorizations - used[:6] - exceeded)[:2]
        for number, authorization in enumerate(ending, 1):
            authorization.date_to = self.as_of + timedelta(days=4 * number)
