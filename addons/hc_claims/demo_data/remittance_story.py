# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What payers of the demonstration pay, deny, take back and get wrong, and what posters do."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from .remittance_file import Advice, Answer, Part, to_money

_ALLOWED_SHARE = Decimal("0.72")
_COINSURANCE_SHARE = Decimal("0.10")
_TAKEN_BACK = Decimal("25.00")
_SHORT = Decimal("10.00")
_AT_PAYER = ("submitted", "received", "accepted")


class RemittanceStory:
    """Files of every kind, received and posted by the demonstration's own users.

    :param office: the demonstration group
    :param as_of: the day from which all dates are counted
    """

    def __init__(self, office, as_of):
        self.office = office
        self.as_of = as_of
        self._used = set()
        self._files = 0

    def run(self):
        """Tell every story."""
        first = self._pay_clean()
        self._take_back(first)
        self._pay_in_part()
        self._deny()
        self._leave_some_waiting()
        self._get_it_wrong()
        self._send_from_nobody()
        self._wait_for_a_poster()

    # Stories

    def _pay_clean(self):
        """Bluepine pays seven visits with interest; the same advice comes again in another file."""
        claims = self._get_claims("bluepine", 7)
        advice = self._advise(
            "bluepine",
            "EFT4400127",
            21,
            tuple(self._answer(claim, f"BP{number:07}") for number, claim in enumerate(claims, 51)),
            adjustments=(("L6", "INTEREST", Decimal("-4.18")),),
        )
        self._post(advice)
        self._receive(replace(advice, control_number=self._next_file()))
        return advice

    def _take_back(self, first):
        """Bluepine decides a claim again, lower; it keeps the surplus out of a later payment."""
        original = first.answers[0]
        part = original.parts[0]
        group, reason, allowance = part.adjustments[0]
        lower = replace(
            part,
            adjustments=((group, reason, allowance + _TAKEN_BACK), *part.adjustments[1:]),
        )
        correction = replace(original, parts=(lower, *original.parts[1:]))
        reference = original.number
        self._post(
            self._advise(
                "bluepine",
                "EFT4400391",
                12,
                (original.reversed(), correction),
                adjustments=(("WO", reference, -_TAKEN_BACK),),
            )
        )
        claims = self._get_claims("bluepine", 3)
        self._post(
            self._advise(
                "bluepine",
                "EFT4400555",
                5,
                tuple(self._answer(claim) for claim in claims),
                adjustments=(("WO", reference, _TAKEN_BACK),),
            )
        )

    def _pay_in_part(self):
        """Meridian denies one service of each visit: no authorization, or bundled."""
        claims = self._get_claims("meridian", 4, several_lines=True)
        reasons = (("CO", "197"), ("CO", "97"), ("CO", "16"), ("CO", "197"))
        answers = []
        for claim, (group, reason) in zip(claims, reasons, strict=True):
            answer = self._answer(claim)
            denied = replace(
                answer.parts[-1], adjustments=((group, reason, answer.parts[-1].charged),)
            )
            answers.append(replace(answer, parts=(*answer.parts[:-1], denied)))
        self._post(self._advise("meridian", "0087710", 14, tuple(answers), method="CHK"))

    def _deny(self):
        """Unity pays nothing: filed late, not covered, more information wanted."""
        claims = self._get_claims("unity", 3)
        answers = []
        for claim, reason in zip(claims, ("29", "96", "252"), strict=True):
            answer = self._answer(claim)
            parts = (
                replace(part, adjustments=(("CO", reason, part.charged),)) for part in answer.parts
            )
            answers.append(replace(answer, parts=tuple(parts)))
        self._post(self._advise("unity", "UC-NOPAY-0311", 9, tuple(answers)))

    def _leave_some_waiting(self):
        """Medicare mistypes a claim number, and pays another claim twice."""
        claims = self._get_claims("medicare", 5)
        answers = [self._answer(claim) for claim in claims]
        mistyped = replace(answers[-1], number=f"X{answers[-1].number[1:]}-OLD")
        # Neither the number nor the sum tell which claim it is: a person has to look.
        stranger = replace(mistyped.parts[0], charged=mistyped.parts[0].charged + 1)
        mistyped = replace(mistyped, parts=(stranger, *mistyped.parts[1:]))
        self._post(
            self._advise("medicare", "MC9920014", 7, (*answers[:-1], mistyped), method="CHK")
        )
        self._post(self._advise("medicare", "MC9920037", 4, (answers[0],), method="CHK"))

    def _get_it_wrong(self):
        """Silverlake pays ten dollars less than its claims come to; the poster has it held."""
        claims = self._get_claims("silverlake", 3)
        self._receive(
            self._advise(
                "silverlake",
                "SL-770012",
                3,
                tuple(self._answer(claim) for claim in claims),
                misstated=-_SHORT,
            )
        )
        claims = self._get_claims("silverlake", 2)
        wrong = [self._answer(claim) for claim in claims]
        wrong[1] = replace(wrong[1], misstated=_SHORT)
        self._receive(self._advise("silverlake", "SL-770033", 2, tuple(wrong)))

    def _send_from_nobody(self):
        """A plan that administers for Unity sends under its own name."""
        claims = self._get_claims("unity", 2)
        advice = self._advise(
            "unity", "TPA-55120", 2, tuple(self._answer(claim) for claim in claims)
        )
        self._receive(replace(advice, payer=("Pinecrest Administrators", "PCA77")))

    def _wait_for_a_poster(self):
        """Two good remittances of yesterday."""
        for payer, trace, count in (("medicaid", "MD-310077", 6), ("meridian", "0087752", 4)):
            claims = self._get_claims(payer, count)
            self._receive(
                self._advise(payer, trace, 1, tuple(self._answer(claim) for claim in claims))
            )

    # What they are told with

    def _advise(self, payer, trace, days_ago, answers, **more):
        record = self.office.ref(f"payer_{payer}")
        facility = self.office.ref("facility_harbor")
        return Advice(
            (record.name, record.payer_identifier),
            (facility.name, facility.npi),
            trace,
            self.as_of - timedelta(days=days_ago),
            answers,
            control_number=self._next_file(),
            **more,
        )

    def _next_file(self):
        self._files += 1
        return self._files

    def _receive(self, advice):
        env = self.office.env_of("claims_specialist")
        exchange, _verdict = env["hc.exchange"]._receive_remittance(
            advice.get_content(), "Clearway", f"{advice.trace}.835"
        )
        exchange._process(lambda done, left: True)
        return env["hc.remittance"].browse(exchange.sudo().remittance_ids.ids)

    def _post(self, advice):
        self._receive(advice).action_post()

    def _answer(self, claim, payer_number=""):
        """What a payer usually answers: an allowance, coinsurance, and the rest is paid."""
        patient = claim.patient_id.sudo()
        return Answer(
            claim.name,
            (patient.last_name, patient.first_name, claim.coverage_id.sudo().member_id),
            tuple(self._decide(line) for line in claim.line_ids),
            payer_number=payer_number or f"{claim.payer_id.code[:2]}{claim.id:08}",
        )

    def _decide(self, line):
        charged = to_money(line.amount_charged)
        allowed = to_money(charged * _ALLOWED_SHARE)
        adjustments = [("CO", "45", charged - allowed)]
        if line.claim_id.payer_id.payer_type != "medicaid":
            adjustments.append(("PR", "2", to_money(allowed * _COINSURANCE_SHARE)))
        return Part(
            ":".join(filter(None, (line.code, line.modifiers))),
            line.service_date,
            charged,
            tuple(adjustments),
            line.control_number,
            line.units,
        )

    def _get_claims(self, payer, count, several_lines=False):
        """Claims that the payer has and owes in full, smallest first."""
        claims = self.office.env_of("claims_specialist")["hc.claim"].search(
            [
                ("payer_id", "=", self.office.ref(f"payer_{payer}").id),
                ("facility_id", "=", self.office.ref("facility_harbor").id),
                ("payer_order", "=", "1"),
                ("state", "in", _AT_PAYER),
                ("case_id.stage", "=", "invoiced"),
                ("id", "not in", list(self._used)),
            ],
            order="amount_charged, id",
        )
        found = claims.browse()
        for claim in claims:
            if len(found) == count:
                break
            if len(claim.line_ids) > several_lines and self._is_owed_in_full(claim):
                found |= claim
        self._used.update(found.ids)
        return found.sudo()

    def _is_owed_in_full(self, claim):
        items = claim.case_id._get_party_items("payer_1")
        return not claim.currency_id.compare_amounts(
            sum(items.mapped("amount_residual")), claim.amount_charged
        )
