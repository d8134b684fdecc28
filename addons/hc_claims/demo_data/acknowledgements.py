# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Files that a clearinghouse sends back, for the demonstration and the tests."""

from dataclasses import dataclass

_GROUPS = {"999": ("FA", "005010X231A1"), "277": ("HN", "005010X214")}
_REJECTING = ("A3", "A4", "A6", "A7", "A8")


@dataclass(frozen=True)
class ClaimAnswer:
    """What a 277CA says of one claim: STC01, its day, and the payer's number."""

    claim: str
    codes: str
    day: str
    payer_number: str = ""
    charge: str = "150"
    text: str = ""


def _interchange(partner, number, *segments):
    isa = (
        f"ISA*00*          *00*          *ZZ*{partner:<15}*ZZ*{'PROVIDER':<15}"
        f"*260310*1200*^*00501*{number:09d}*0*T*:"
    )
    return "".join(f"{segment}~" for segment in (isa, *segments, f"IEA*1*{number:09d}")).encode()


def _transaction(partner, number, kind, body):
    group, version = _GROUPS[kind]
    return _interchange(
        partner,
        number,
        f"GS*{group}*{partner}*PROVIDER*20260310*1200*{number}*X*{version}",
        f"ST*{kind}*0001*{version}",
        *body,
        f"SE*{len(body) + 2}*0001",
        f"GE*1*{number}",
    )


def interchange_acknowledgement(batch, status="A", note="000", number=70, partner="COASTAL"):
    """A TA1 on the interchange of a batch."""
    answer = f"TA1*{batch.control_number:09d}*260302*1200*{status}*{note}"
    return _interchange(partner, number, answer)


def file_acknowledgement(batch, status="A", rejected=(), number=71, partner="COASTAL"):
    """A 999 on the group of a batch.

    :param str status: AK901
    :param rejected: ST02 of the transaction sets that it rejects
    """
    body = [f"AK1*HC*{batch.control_number}*005010X222A1"]
    for control_number in rejected:
        body += [
            f"AK2*837*{control_number}*005010X222A1",
            "IK3*NM1*8*2010*8",
            "IK4*9*67*1",
            "IK5*R*5",
        ]
    count = batch.transaction_count
    body.append(f"AK9*{status}*{count}*{count}*{count - len(rejected)}")
    return _transaction(partner, number, "999", body)


def claim_acknowledgement(*answers, number=72, partner="COASTAL"):
    """A 277CA on claims.

    :param answers: :class:`ClaimAnswer`
    """
    body = [
        "BHT*0085*08*X1*20260310*1200*TH",
        "HL*1**20*1",
        "NM1*PR*2*HEALTH PLAN*****PI*60054",
        "TRN*1*X1",
        "DTP*050*D8*20260310",
        "DTP*009*D8*20260310",
        "HL*2*1*21*1",
        "NM1*41*2*PROVIDER*****46*P1",
        "TRN*2*BATCH",
        "STC*A1:19:PR*20260310*WQ*100",
        "HL*3*2*19*1",
        "NM1*85*2*PROVIDER*****XX*1234567893",
        "TRN*1*0",
    ]
    for place, answer in enumerate(answers, 4):
        action = "U" if answer.codes[:2] in _REJECTING else "WQ"
        text = f"{'*' * 8}{answer.text}" if answer.text else ""
        body += [
            f"HL*{place}*3*PT",
            "NM1*QC*1*DOE*JANE****MI*W123456789",
            f"TRN*2*{answer.claim}",
            f"STC*{answer.codes}*{answer.day}*{action}*{answer.charge}{text}",
        ]
        if answer.payer_number:
            body.append(f"REF*1K*{answer.payer_number}")
        body.append("DTP*472*D8*20260302")
    return _transaction(partner, number, "277", body)
