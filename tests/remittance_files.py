# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""835 files of our own making: balanced by construction, as large as a test asks for.

The writer knows nothing of the reader: it joins texts by the rules of the guide.
"""

import random
from dataclasses import dataclass, field
from decimal import Decimal

ELEMENT, COMPONENT, REPETITION, TERMINATOR = "*:^~"


@dataclass
class Line:
    """A service line; adjustments are (group, reason, amount)."""

    code: str
    charge: Decimal
    adjustments: list = field(default_factory=list)
    modifiers: tuple = ()
    units: int = 1
    control_number: str = ""
    remarks: tuple = ()
    original_code: str = ""

    @property
    def paid(self):
        return self.charge - sum(amount for _group, _reason, amount in self.adjustments)


@dataclass
class Claim:
    """A claim; without lines its charge must be given."""

    number: str
    lines: list
    adjustments: list = field(default_factory=list)
    status: str = "1"
    payer_number: str = "PCN1"
    own_charge: Decimal = Decimal(0)

    @property
    def charge(self):
        return sum((line.charge for line in self.lines), self.own_charge)

    @property
    def paid(self):
        paid = sum((line.paid for line in self.lines), self.own_charge)
        return paid - sum(amount for _group, _reason, amount in self.adjustments)


def adjustment_segments(adjustments):
    """CAS segments: one per group, up to six adjustments each."""
    groups = {}
    for group, reason, amount in adjustments:
        groups.setdefault(group, []).append((reason, amount))
    for group, pairs in groups.items():
        for start in range(0, len(pairs), 6):
            elements = ["CAS", group]
            for reason, amount in pairs[start : start + 6]:
                elements += [reason, str(amount), ""]
            yield elements


def line_segments(line):
    """The SVC loop of a line."""
    procedure = COMPONENT.join(["HC", line.code, *line.modifiers])
    original = COMPONENT.join(["HC", line.original_code]) if line.original_code else ""
    yield ["SVC", procedure, str(line.charge), str(line.paid), "", str(line.units), original]
    yield ["DTM", "472", "20260105"]
    yield from adjustment_segments(line.adjustments)
    if line.control_number:
        yield ["REF", "6R", line.control_number]
    yield ["AMT", "B6", str(line.charge)]
    for remark in line.remarks:
        yield ["LQ", "HE", remark]


def claim_segments(claim):
    """The CLP loop of a claim."""
    owed = sum(
        amount
        for each in (claim, *claim.lines)
        for group, _reason, amount in each.adjustments
        if group == "PR"
    )
    yield ["CLP", claim.number, claim.status, str(claim.charge), str(claim.paid), str(owed)] + [
        "12",
        claim.payer_number,
        "11",
        "1",
    ]
    yield from adjustment_segments(claim.adjustments)
    yield ["NM1", "QC", "1", "EXAMPLE", "PATIENT", "", "", "", "MI", "M" + claim.number]
    yield ["DTM", "232", "20260105"]
    for line in claim.lines:
        yield from line_segments(line)


def transaction_segments(claims, provider_adjustments=(), control_number="0001"):
    """ST to SE; provider adjustments are (reason, reference, amount)."""
    claims = list(claims)
    payment = sum(claim.paid for claim in claims)
    payment -= sum(amount for _reason, _reference, amount in provider_adjustments)
    body = [
        ["ST", "835", control_number],
        ["BPR", "I", str(payment), "C", "ACH", "CCP", "01", "000000000", "DA", "1", "1999999999"]
        + ["", "01", "000000000", "DA", "2", "20260110"],
        ["TRN", "1", "TRACE" + control_number, "1999999999"],
        ["DTM", "405", "20260109"],
        ["N1", "PR", "EXAMPLE PAYER"],
        ["N3", "1 MAIN STREET"],
        ["N4", "SPRINGFIELD", "IL", "62701"],
        ["PER", "BL", "HELP DESK", "TE", "5555550100"],
        ["N1", "PE", "EXAMPLE CLINIC", "XX", "1999999984"],
        ["LX", "1"],
    ]
    for claim in claims:
        body += claim_segments(claim)
    for reason, reference, amount in provider_adjustments:
        body.append(["PLB", "1999999984", "20261231", f"{reason}:{reference}", str(amount)])
    body.append(["SE", str(len(body) + 1), control_number])
    return body


def isa(control_number=1):
    """The ISA segment as text with its terminator."""
    blank = " " * 10
    elements = ["ISA", "00", blank, "00", blank, "ZZ", "PAYER".ljust(15), "ZZ"]
    elements += ["CLINIC".ljust(15), "260109", "1200", REPETITION, "00501"]
    elements += [f"{control_number:09d}", "0", "P", COMPONENT]
    return ELEMENT.join(elements) + TERMINATOR


def interchange(transactions, code="HP", version="005010X221A1"):
    """One file with one interchange and one group, as bytes."""
    transactions = list(transactions)
    segments = [["GS", code, "PAYER", "CLINIC", "20260109", "1200", "1", "X", version]]
    for transaction in transactions:
        segments += transaction
    segments += [["GE", str(len(transactions)), "1"], ["IEA", "1", "000000001"]]
    text = "".join(ELEMENT.join(segment).rstrip(ELEMENT) + TERMINATOR for segment in segments)
    return (isa() + text).encode()


def many_claims(count, seed=835):
    """Claims of one or two lines with contractual and patient parts, about 12 segments each."""
    chance = random.Random(seed)
    for number in range(count):
        lines = []
        for position in range(1 + number % 2):
            charge = Decimal(chance.randrange(4_000, 60_000)) / 100
            contractual = (charge * chance.randrange(10, 50) / 100).quantize(Decimal("0.01"))
            adjustments = [("CO", "45", contractual)]
            if number % 3:
                adjustments.append(("PR", "2", Decimal(chance.randrange(100, 900)) / 100))
            lines.append(
                Line(
                    chance.choice(("99213", "99214", "36415", "80053", "93000")),
                    charge,
                    adjustments,
                    modifiers=("25",) if number % 5 == 0 else (),
                    control_number=f"L{number}-{position}",
                )
            )
        yield Claim(f"CASE{number:07d}", lines, payer_number=f"ICN{number:09d}")


def file_pieces(count):
    """A file of one transaction with many claims, piece by piece, so that none is held whole.

    The payment is in front and the claims behind, so they are made twice.
    """
    payment = sum(claim.paid for claim in many_claims(count))
    whole = transaction_segments([])
    header, ending = whole[:-1], whole[-1]
    header[1][2] = str(payment)
    yield (isa() + "GS*HP*PAYER*CLINIC*20260109*1200*1*X*005010X221A1~").encode()
    yield _joined(header)
    segment_count = len(header) + 1
    for claim in many_claims(count):
        segments = list(claim_segments(claim))
        segment_count += len(segments)
        yield _joined(segments)
    ending[1] = str(segment_count)
    yield _joined([ending, ["GE", "1", "1"], ["IEA", "1", "000000001"]])


def _joined(segments):
    return "".join(
        ELEMENT.join(segment).rstrip(ELEMENT) + TERMINATOR for segment in segments
    ).encode()
