# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The 835 as a stream: the header first, then claim by claim, then the rest and the proof.

>>> for remittance in read_remittances(stream):           # doctest: +SKIP
...     print(remittance.header.trace.number)
...     for claim in remittance.claims:
...         print(claim.patient_control_number, prove_claim(claim).is_proven)
...     print(remittance.trailer.balance.difference)
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import BinaryIO

from .common import (
    Trace,
    address_of,
    amount_of,
    contact_of,
    dtm_of,
    name_of,
    new,
    procedure_of,
    quantity_of,
    read_parts,
    reference_of,
    report_unknown,
    trace_of,
    values_of,
)
from .envelope import InterchangeReader, Transaction
from .findings import ERROR, INFORMATION, WARNING, Finding, FindingLog, shown
from .loops import Loop, read_loops
from .proof import Balance, TransactionProof
from .remittance import (
    Adjustment,
    Claim,
    Party,
    Payment,
    ProviderAdjustment,
    ProviderGroup,
    RawSegment,
    RemittanceHeader,
    ServiceLine,
)
from .typed import Values

TRANSACTION_TYPE = "835"
VERSION = "005010X221"
PRODUCTION_DATE = "405"
CLAIM_STATUSES = frozenset(("1", "2", "3", "4", "19", "20", "21", "22", "23", "25"))
ADJUSTMENT_GROUPS = ("CO", "OA", "PI", "PR")
# Pairs of PLB segments of one transaction that are kept; all of them are summed up.
MAX_PROVIDER_ADJUSTMENTS = 50_000


@dataclass(frozen=True, slots=True)
class RemittanceTrailer:
    """What stands behind the claims, and the proof of the whole.

    Attributes:
        adjustments: the pairs of the PLB segments.
        claim_count: how many claims there were.
        paid: sum of CLP04.
        adjusted: sum of the PLB amounts.
        balance: these against BPR02.
        findings: what was found behind the claims and in the envelope.
        unknown: segments that are kept unread.
    """

    adjustments: tuple[ProviderAdjustment, ...]
    claim_count: int
    paid: Decimal
    adjusted: Decimal
    balance: Balance
    findings: tuple[Finding, ...] = ()
    unknown: tuple[RawSegment, ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether something here forbids to post the remittance, such as segments missing."""
        return any(finding.severity == ERROR for finding in self.findings)


class Remittance:
    """One 835 while it is read.

    Attributes:
        transaction: the envelope around it.
        header: what stands before the first claim.
        claims: the claims, each once, in the order of the file.
    """

    def __init__(self, transaction: Transaction):
        self.transaction = transaction
        self._loops = read_loops(transaction, ("LX", "CLP", "PLB"))
        self.header = _header(transaction, next(self._loops))
        self._proof = TransactionProof()
        self._trailer: RemittanceTrailer | None = None
        self.claims: Iterator[Claim] = self._claims()

    @property
    def trailer(self) -> RemittanceTrailer:
        """What stands behind the claims; claims that were not asked for are passed over."""
        self.finish()
        return self._trailer

    def finish(self):
        """Read to the end, so that the proof holds whatever was asked for."""
        for _claim in self.claims:
            pass

    def _claims(self) -> Iterator[Claim]:
        group = ProviderGroup()
        adjustments: list[ProviderAdjustment] = []
        findings: list[Finding] = []
        unknown: list[RawSegment] = []
        for loop in self._loops:
            tag = loop.tag
            if tag == "CLP":
                claim = _claim(self.transaction, loop, group)
                self._proof.add_claim(claim)
                yield claim
            elif tag == "LX":
                group = _provider_group(self.transaction, loop)
            else:
                self.transaction.start_loop()
                for adjustment in _provider_adjustments(self.transaction, loop, unknown):
                    self._proof.add_adjustment(adjustment)
                    if len(adjustments) < MAX_PROVIDER_ADJUSTMENTS:
                        adjustments.append(adjustment)
                findings += self.transaction.loop_findings
        self.transaction.start_loop()
        header = self.header
        balance = self._proof.balance(header.payment.amount, header.segment_number)
        self._trailer = RemittanceTrailer(
            adjustments=tuple(adjustments),
            claim_count=self._proof.claims,
            paid=self._proof.paid,
            adjusted=self._proof.adjusted,
            balance=balance,
            findings=(*findings, *self.transaction.envelope_findings),
            unknown=tuple(unknown),
        )


def read_remittances(
    source: BinaryIO | Iterable[bytes],
    file: str = "",
    as_of: date | None = None,
    findings: FindingLog | None = None,
) -> Iterator[Remittance]:
    """Yield the remittances of a file, one after the other.

    The claims of each must be used before the next is asked for. Transactions of other types are
    passed over with a finding.

    :param source: binary file, or the content in pieces
    :param file: name of the file, for findings
    :param as_of: dates of what has happened that lie behind this day are findings
    :param findings: takes all findings of the file, those of claims included
    """
    for transaction in InterchangeReader(source, file, as_of, findings):
        if transaction.type == TRANSACTION_TYPE:
            remittance = Remittance(transaction)
            yield remittance
            remittance.finish()
        else:
            transaction.report(
                "transaction_type_unexpected",
                f"a transaction {shown(transaction.type)} is no remittance: passed over",
                transaction.start,
                "ST",
                1,
                WARNING,
            )


def _payment(part: list, values: Values, _transaction: Transaction, number: int):
    payment = Payment(
        handling=values[1],
        amount=values[2],
        credit_or_debit=values[3],
        method=values[4],
        format=values[5],
        sender_bank=values[7],
        sender_account=values[9],
        originator=values[10],
        receiver_bank=values[13],
        receiver_account=values[15],
        effective_date=values[16],
    )
    part.append((payment, number))


_HEADER = {
    "BPR": ("payment", _payment),
    "TRN": ("trace", trace_of),
    "CUR": ("currency", values_of),
    "REF": ("references", reference_of),
    "DTM": ("dates", dtm_of),
    "NTE": ("notes", values_of),
}
_PARTY = {
    "N1": ("name", values_of),
    "N3": ("address", values_of),
    "N4": ("address", values_of),
    "REF": ("references", reference_of),
    "PER": ("contacts", contact_of),
    "RDM": ("delivery", values_of),
}


def _header(transaction: Transaction, loop: Loop) -> RemittanceHeader:
    transaction.start_loop()
    if not transaction.version.startswith(VERSION):
        transaction.report(
            "version_unsupported",
            f"the guide {shown(transaction.version)} is not {VERSION}A1",
            transaction.start,
            "ST",
            3,
        )
    before, party_loops = loop.split(("N1",))
    parts = read_parts(transaction, before, _HEADER)
    parties = {}
    for party_loop in party_loops:
        party = _party(read_parts(transaction, party_loop, _PARTY))
        parties.setdefault(party.role, party)
    _check_header(transaction, loop.number, parts, parties)
    payment, position = parts.get("payment", ((Payment(), loop.number),))[0]
    days = {dated.qualifier: dated.first for dated in parts.get("dates", ())}
    return RemittanceHeader(
        payment=payment,
        trace=parts.get("trace", (Trace(),))[0],
        payer=parties.get("PR", Party("PR")),
        payee=parties.get("PE", Party("PE")),
        production_date=days.get(PRODUCTION_DATE),
        currency=next((values[2] for values in parts.get("currency", ())), ""),
        references=parts.get("references", ()),
        segment_number=position,
        findings=tuple(transaction.loop_findings),
        unknown=parts.get("unknown", ()),
    )


def _check_header(transaction: Transaction, number: int, parts: dict, parties: dict):
    for tag, name in (("BPR", "payment"), ("TRN", "trace")):
        count = len(parts.get(name, ()))
        if count != 1:
            message = f"the transaction has {count} segments {tag} instead of one"
            transaction.report("segment_count", message, number, tag)
    for role, name in (("PR", "payer"), ("PE", "payee")):
        if role not in parties:
            message = f"the transaction names no {name} (N1*{role})"
            transaction.report("party_missing", message, number, "N1")
    for payment, position in parts.get("payment", ()):
        if payment.credit_or_debit == "D":
            message = "the payment is made by debit: the provider draws it"
            transaction.report("payment_by_debit", message, position, "BPR", 3, INFORMATION)


def _party(parts: dict) -> Party:
    _tag, role, name, qualifier, identifier, *_rest = parts["name"][0]
    return Party(
        role,
        name,
        qualifier,
        identifier,
        address_of(parts.get("address", ())),
        parts.get("references", ()),
        parts.get("contacts", ()),
    )


_GROUP = {tag: (tag, values_of) for tag in ("LX", "TS3", "TS2")}


def _provider_group(transaction: Transaction, loop: Loop) -> ProviderGroup:
    transaction.start_loop()
    parts = read_parts(transaction, loop, _GROUP)
    summary = parts.get("TS3", (("", "", "", None, None, None),))[0]
    return ProviderGroup(
        parts["LX"][0][1], *summary[1:6], segments=tuple(map(tuple, loop.segments))
    )


def _provider_adjustments(transaction: Transaction, loop: Loop, unknown: list):
    """Yield the pairs of a PLB; what stands behind it is kept unread."""
    values = transaction.typed(loop.number, loop.segments[0])
    for position in range(3, 15, 2):
        composite, amount = values[position : position + 2]
        if composite or amount is not None or position == 3:
            if (not composite or amount is None) and position > 3:
                message = f"the pair at PLB{position:02d} is incomplete"
                transaction.report("pair_incomplete", message, loop.number, "PLB", position)
            reason, reference = (*composite, "", "")[:2]
            yield ProviderAdjustment(values[1], values[2], reason, reference, amount, loop.number)
    for number, segment in enumerate(loop.segments[1:], loop.number + 1):
        report_unknown(transaction, number, segment[0])
        if len(unknown) < MAX_PROVIDER_ADJUSTMENTS:
            unknown.append(tuple(segment))


def _adjustments(part: list, values: Values, transaction: Transaction, number: int):
    """Append the up to six adjustments of a CAS."""
    group = values[1]
    if group not in ADJUSTMENT_GROUPS:
        message = f"the adjustment group {shown(group)} is none of {', '.join(ADJUSTMENT_GROUPS)}"
        transaction.report("code_unknown", message, number, "CAS", 1, WARNING)
    part.append(new(Adjustment, values[1:5]))
    if values[5:] == _NO_MORE_ADJUSTMENTS:
        return
    for position in range(5, 20, 3):
        reason, amount, quantity = values[position : position + 3]
        if not reason and amount is None and quantity is None:
            continue
        if not reason or amount is None:
            message = f"the adjustment at CAS{position:02d} is incomplete"
            transaction.report("adjustment_incomplete", message, number, "CAS", position)
        part.append(Adjustment(group, reason, amount, quantity))


def _inpatient_remarks(part: list, values: Values, _transaction: Transaction, _number: int):
    part += [code for code in (values[5], *values[20:24]) if code]


def _outpatient_remarks(part: list, values: Values, _transaction: Transaction, _number: int):
    part += [code for code in values[3:8] if code]


def _remark(part: list, values: Values, _transaction: Transaction, _number: int):
    part.append(values[2])


_NO_MORE_ADJUSTMENTS = ["", None, None] * 5
_SHARED = {
    "CAS": ("adjustments", _adjustments),
    "DTM": ("dates", dtm_of),
    "REF": ("references", reference_of),
    "AMT": ("amounts", amount_of),
    "QTY": ("quantities", quantity_of),
}
_LINE = {**_SHARED, "LQ": ("remark_codes", _remark)}
_CLAIM = {
    **_SHARED,
    "NM1": ("names", name_of),
    "MIA": ("remark_codes", _inpatient_remarks),
    "MOA": ("remark_codes", _outpatient_remarks),
    "PER": ("contacts", contact_of),
}


def _claim(transaction: Transaction, loop: Loop, group: ProviderGroup) -> Claim:
    own, line_loops = loop.split(("SVC",))
    first = loop.segments[0]
    transaction.start_loop(first[1] if len(first) > 1 else "")
    values = transaction.typed(loop.number, first)
    if values[2] not in CLAIM_STATUSES:
        message = f"the claim status {shown(values[2])} is unknown"
        transaction.report("code_unknown", message, loop.number, "CLP", 2, WARNING)
    parts = read_parts(transaction, own, _CLAIM, skip=1)
    lines = tuple([_line(transaction, each) for each in line_loops])
    return Claim(
        *values[1:10],
        values[11],
        lines=lines,
        group=group,
        segment_number=loop.number,
        segments=tuple(loop.segments),
        findings=tuple(transaction.loop_findings),
        **parts,
    )


def _line(transaction: Transaction, loop: Loop) -> ServiceLine:
    values = transaction.typed(loop.number, loop.segments[0])
    _tag, procedure, charge, paid, revenue_code, units_paid, original, units_billed = values
    return ServiceLine(
        procedure_of(procedure),
        charge,
        paid,
        revenue_code,
        units_paid,
        procedure_of(original) if original else None,
        units_billed,
        segment_number=loop.number,
        **read_parts(transaction, loop, _LINE, skip=1),
    )
