# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The demonstration group's claims: months that were sent, and what lies on the desks today."""

from collections import defaultdict
from datetime import datetime, time, timedelta

from odoo.addons.hc_revenue_base.demo_data.office import Office

from .acknowledgements import ClaimAnswer, claim_acknowledgement, file_acknowledgement

_PAYERS = ("bluepine", "meridian", "unity", "medicare", "medicaid", "silverlake")
_ZIP_CODES = {"facility_harbor": "04101-2210", "facility_summit": "04401-1001"}
# What was invoiced in these days is worked on in the story; what is older was sent long ago.
_RECENT_DAYS = 12
_BROKEN = 3
_OPEN_STAYS = 3
_NEAR_DAYS = 45
_SHORT_DAYS = (4, 16)
_LEFT_READY = 14
_LEFT_UNHEARD = 10
# Of each round of recent claims: what the clearinghouse or payer says.
_ROUND = (
    ("A2:20:PR", ""),
    ("A2:20:PR", ""),
    ("A2:20:PR", ""),
    ("A1:19:PR", ""),
    ("A2:20:PR", ""),
    ("A7:562:85", "BILLING NPI NOT ON FILE"),
    ("A2:20:PR", ""),
    ("A2:20:PR", ""),
    ("A3:33:IL", "MEMBER NOT FOUND"),
    ("A2:20:PR", ""),
    ("P1:20:PR", ""),
    ("A2:20:PR", ""),
    ("A6:255:PR", "DIAGNOSIS MISSING"),
    ("A2:20:PR", ""),
    ("R3:287:PR", "OPERATIVE REPORT"),
    ("A2:20:PR", ""),
)


class ClaimStory:
    """Claims of every status, made by the people whose work it is.

    :param office: the demonstration group
    :param as_of: the day from which all dates are counted
    """

    def __init__(self, office: Office, as_of):
        self.office = office
        self.as_of = as_of
        self.env = office.company.env
        self._message_number = 100

    def run(self):
        """Set the partners up, take the history over, then work on what is recent."""
        self._set_up()
        cases = self.env["hc.billing.case"].search(
            [
                ("company_id", "=", self.office.company.id),
                ("stage", "in", ("invoiced", "closed")),
                ("payer_id", "!=", False),
                ("claim_ids", "=", False),
            ],
            order="id",
        )
        newest = self.as_of - timedelta(days=_RECENT_DAYS)
        old = cases.filtered(lambda case: case.invoice_ids[:1].invoice_date < newest)
        self._take_over(old)
        self._work_on(cases - old)

    def _set_up(self):
        administrator = self.office.env_of("administrator")
        for name, zip_code in _ZIP_CODES.items():
            self.office.ref(name).with_env(administrator).zip = zip_code
        self.clearinghouse = self.env.ref("hc_claims.demo_clearinghouse_coastal")
        for name in _PAYERS:
            payer = self.office.ref(f"payer_{name}").with_env(administrator)
            payer.clearinghouse_id = self.clearinghouse
        stays = self.env["hc.encounter"].search(
            [
                ("company_id", "=", self.office.company.id),
                ("encounter_class", "=", "inpatient"),
                ("type_of_bill", "!=", False),
            ],
            order="id",
        )
        # Of the newest stays nobody has said yet how they ended.
        ended = stays[: -_OPEN_STAYS or None]
        ended.with_env(self.office.env_of("integration")).write(
            {"patient_status_code": "01", "admission_type_code": "3", "admission_source_code": "1"}
        )

    def _take_over(self, cases):
        """Claims of earlier months went out in files of their month; payers have decided many."""
        by_month = defaultdict(cases.browse)
        for case in cases.filtered(lambda case: case.payer_id.clearinghouse_id):
            by_month[case.invoice_ids[:1].invoice_date.replace(day=1)] |= case
        for _month, billed in sorted(by_month.items()):
            claims = self._create(billed)
            claims._transition("ready", reason="taken over")
            for batch in claims._submit():
                self._date_back(batch)
                late, unheard = self._pick_late(batch.claim_ids)
                self._reject(late)
                accepted = batch.claim_ids - late - unheard
                accepted._transition("accepted", reason="taken over")
                self._number(accepted)
                paid = accepted.filtered(lambda claim: claim.case_id.stage == "closed")
                for claim in paid:
                    claim._write_guarded(
                        {
                            "amount_paid": claim.amount_charged,
                            "adjudicated_on": claim.submitted_on + timedelta(days=21),
                        }
                    )
                paid._transition("paid", reason="taken over")

    def _pick_late(self, claims):
        """Open claims whose last day to file is near, and some of which nothing was heard."""
        waiting = claims.filtered(lambda claim: claim.case_id.stage == "invoiced")
        near = self.as_of + timedelta(days=_NEAR_DAYS)
        late = waiting.filtered(lambda claim: self.as_of <= claim.filing_deadline <= near)[:3]
        # By contract some plans take claims for a shorter time than others of their payer.
        for claim, days in zip(late, _SHORT_DAYS, strict=False):
            claim._write_guarded({"filing_deadline": self.as_of + timedelta(days=days)})
        return late, (waiting - late)[:1]

    def _reject(self, claims):
        """Rejected some days after they were sent, and left lying since."""
        if claims:
            self._receive(
                claim_acknowledgement(
                    *(
                        ClaimAnswer(
                            claim.name,
                            "A3:33:IL",
                            f"{claim.submitted_on + timedelta(days=3):%Y%m%d}",
                            charge=f"{claim.amount_charged:.2f}",
                            text="SUBSCRIBER NOT FOUND",
                        )
                        for claim in claims
                    ),
                    number=self._next_message(),
                )
            )

    def _create(self, cases):
        claims = self.env["hc.claim"].sudo()
        numbers = claims._next_numbers(self.office.company, len(cases))
        return claims._create_quietly(
            [
                case._prepare_claim_vals(number)
                for case, number in zip(cases.sudo(), numbers, strict=True)
            ]
        )

    def _date_back(self, batch):
        last = max(batch.claim_ids.case_id.invoice_ids.mapped("invoice_date"))
        sent_on = min(last + timedelta(days=1), self.as_of)
        at = datetime.combine(sent_on, time(21, 5))
        batch._transition("sent")
        batch._write_guarded(
            {"written_at": at, "sent_at": at, "acknowledged_at": at + timedelta(hours=2)}
        )
        batch._transition("accepted", reason="taken over")
        for claim in batch.claim_ids:
            day = claim.case_id.invoice_ids[:1].invoice_date + timedelta(days=1)
            claim._write_guarded({"submitted_on": min(day, self.as_of)})

    def _number(self, claims):
        for claim in claims:
            claim._write_guarded({"payer_claim_number": f"P{self.as_of:%y}{claim.id:07d}"})

    def _work_on(self, cases):
        """What was invoiced lately: held, ready, sent, answered, corrected."""
        self._break_some(cases)
        cases.sudo()._create_claims()
        ready = cases.claim_ids.filtered(lambda claim: claim.state == "ready")
        to_send = ready[: -_LEFT_READY or None]
        specialist = self.office.env_of("claims_specialist")
        for_file = to_send.with_env(specialist)
        for_file.sudo()._submit()
        batches = to_send.batch_id
        batches[:1].with_env(specialist).action_mark_sent()
        for batch in batches[:1]:
            self._receive(file_acknowledgement(batch, number=self._next_message()))
        self._answer(to_send[: -_LEFT_UNHEARD or None])
        self._correct(to_send)
        self._assign(cases.claim_ids)

    def _break_some(self, cases):
        """Data that a payer would not take: a patient without ZIP code."""
        insured = cases.filtered(lambda case: case.payer_id.clearinghouse_id)
        patients = insured[:_BROKEN].patient_id.with_env(self.office.env_of("clerk_a"))
        patients.sudo().write({"zip": False})

    def _next_message(self):
        self._message_number += 1
        return self._message_number

    def _receive(self, content):
        exchanges = self.office.env_of("claims_specialist")["hc.exchange"]
        exchange, _verdict = exchanges._receive_acknowledgement(
            content, self.clearinghouse.code, f"answer-{self._message_number}.x12"
        )
        exchange._process(lambda _done, _left: True)

    def _answer(self, claims):
        day = self.as_of - timedelta(days=1)
        answers = [
            ClaimAnswer(
                claim.name,
                codes,
                f"{day:%Y%m%d}",
                f"P{self.as_of:%y}{claim.id:07d}" if codes.startswith(("A2", "P", "R")) else "",
                f"{claim.amount_charged:.2f}",
                text,
            )
            for number, claim in enumerate(claims)
            for codes, text in [_ROUND[number % len(_ROUND)]]
        ]
        self._receive(claim_acknowledgement(*answers, number=self._next_message()))

    def _correct(self, claims):
        """Two rejected claims are corrected; an accepted one is to be replaced."""
        specialist = self.office.env_of("claims_specialist")
        rejected = claims.filtered(lambda claim: claim.state == "rejected").with_env(specialist)
        rejected[:2]._correct("resubmission", "Member id was mistyped; corrected from the card.")
        accepted = claims.filtered(lambda claim: claim.state == "accepted").with_env(specialist)
        accepted[:1]._correct("replacement", "Units were 1, the note says 2.")

    def _assign(self, claims):
        specialist = self.office.ref("user_claims_specialist")
        to_fix = claims.filtered(lambda claim: claim.state in ("held", "rejected"))
        to_fix[::2].sudo().write({"responsible_user_id": specialist.id})
