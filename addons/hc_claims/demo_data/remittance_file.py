# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Remittance files (835) that payers of the demonstration send, written from claims and words."""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")


def to_money(amount):
    """An amount to the cent."""
    return Decimal(str(amount)).quantize(_CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Part:
    """The payer's answer to one service.

    Attributes:
        code: procedure with its modifiers, as sent.
        day: of the service.
        charged: what was asked.
        adjustments: ``(group, reason, amount)``.
        number: our number of the line.
        remarks: codes of the payer's remarks.
    """

    code: str
    day: object
    charged: Decimal
    adjustments: tuple = ()
    number: str = ""
    units: float = 1.0
    remarks: tuple = ()

    @property
    def paid(self):
        return self.charged - sum((amount for _g, _r, amount in self.adjustments), Decimal(0))


@dataclass(frozen=True)
class Answer:
    """The payer's answer to one claim.

    Attributes:
        number: our claim number as the payer gives it back.
        patient: ``(last name, first name, member id)``.
        parts: its services.
        status: CLP02.
        payer_number: the payer's own number.
        misstated: what the payer's sum of the claim is wrong by.
    """

    number: str
    patient: tuple
    parts: tuple
    status: str = "1"
    payer_number: str = ""
    misstated: Decimal = Decimal(0)

    @property
    def charged(self):
        return sum((part.charged for part in self.parts), Decimal(0))

    @property
    def paid(self):
        return sum((part.paid for part in self.parts), Decimal(0)) + self.misstated

    @property
    def patient_share(self):
        adjustments = (each for part in self.parts for each in part.adjustments)
        return sum((amount for group, _r, amount in adjustments if group == "PR"), Decimal(0))

    def reversed(self):
        """The answer that takes this one back: all amounts negated (CLP02 = 22)."""
        parts = tuple(
            replace(
                part,
                charged=-part.charged,
                adjustments=tuple((g, r, -amount) for g, r, amount in part.adjustments),
            )
            for part in self.parts
        )
        return replace(self, status="22", parts=parts)

    def get_segments(self):
        last_name, first_name, member_id = self.patient
        yield (
            f"CLP*{self.number}*{self.status}*{self.charged}*{self.paid}"
            f"*{self.patient_share}*12*{self.payer_number}*11*1"
        )
        yield f"NM1*QC*1*{last_name.upper()}*{first_name.upper()}****MI*{member_id}"
        for part in self.parts:
            yield f"SVC*HC:{part.code}*{part.charged}*{part.paid}**{part.units:g}"
            yield f"DTM*472*{part.day:%Y%m%d}"
            for group, reason, amount in part.adjustments:
                yield f"CAS*{group}*{reason}*{amount}"
            if part.number:
                yield f"REF*6R*{part.number}"
            for remark in part.remarks:
                yield f"LQ*HE*{remark}"


@dataclass(frozen=True)
class Advice:
    """One payment of a payer with its answers.

    Attributes:
        payer: ``(name, identifier)``.
        payee: ``(name, NPI)``.
        trace: number of the transfer or check.
        day: of the payment.
        answers: to claims.
        adjustments: of the provider's account: ``(reason, reference, amount)``.
        misstated: what the payment is wrong by.
    """

    payer: tuple
    payee: tuple
    trace: str
    day: object
    answers: tuple
    adjustments: tuple = ()
    method: str = "ACH"
    misstated: Decimal = Decimal(0)
    control_number: int = 1

    @property
    def payment(self):
        paid = sum((answer.paid for answer in self.answers), Decimal(0))
        taken = sum((amount for _r, _ref, amount in self.adjustments), Decimal(0))
        return paid - taken + self.misstated

    def get_content(self):
        """The file, with one interchange of one transaction.

        :return: bytes
        """
        name, identifier = self.payer
        payee_name, npi = self.payee
        payment = self.payment
        method = self.method if payment else "NON"
        body = [
            f"BPR*I*{payment}*C*{method}*CCP*01*071000013*DA*100001*1990000001**01*071000013*DA"
            f"*200002*{self.day:%Y%m%d}",
            f"TRN*1*{self.trace}*1990000001",
            f"DTM*405*{self.day:%Y%m%d}",
            f"N1*PR*{name.upper()}*XV*{identifier}",
            "N3*1 PLAN STREET",
            "N4*SPRINGFIELD*IL*62701",
            "PER*BL*PROVIDER SERVICES*TE*8005550100",
            f"N1*PE*{payee_name.upper()}*XX*{npi}",
            "LX*1",
            *(segment for answer in self.answers for segment in answer.get_segments()),
            *(
                f"PLB*{npi}*{self.day:%Y}1231*{reason}:{reference}*{amount}"
                for reason, reference, amount in self.adjustments
            ),
        ]
        number = f"{self.control_number:09}"
        segments = [
            "ISA*00*          *00*          *ZZ*DEMOPAYER      *ZZ*NORTHWIND      "
            f"*{self.day:%y%m%d}*0600*^*00501*{number}*0*P*:",
            f"GS*HP*DEMOPAYER*NORTHWIND*{self.day:%Y%m%d}*0600*{self.control_number}*X*005010X221A1",
            "ST*835*0001",
            *body,
            f"SE*{len(body) + 2}*0001",
            f"GE*1*{self.control_number}",
            f"IEA*1*{number}",
        ]
        return "".join(f"{segment}~\n" for segment in segments).encode()
