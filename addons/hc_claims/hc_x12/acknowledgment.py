# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Acknowledgments of what was sent: TA1 of an interchange, 999 (or 997) of a group."""

from collections.abc import Iterator
from dataclasses import dataclass

from .common import read_parts, values_of
from .envelope import Transaction
from .findings import Finding
from .loops import Loop, read_loops
from .remittance import RawSegment
from .typed import Values

TRANSACTION_TYPES = ("999", "997")
# A accepted, E accepted with errors noted, P partially accepted (of a group).
ACCEPTED_STATUSES = ("A", "E")


@dataclass(frozen=True, slots=True)
class InterchangeAcknowledgment:
    """A TA1: whether the envelope of an interchange was taken.

    Attributes:
        control_number: ISA13 of the interchange that was sent.
        status: A accepted, E accepted with errors, R rejected.
        note: code of the reason; 000 is no error.
        segment_number: position in the file.
        findings: what was found in it.
    """

    control_number: str
    status: str
    note: str
    segment_number: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def is_accepted(self) -> bool:
        """Whether the interchange was taken."""
        return self.status in ACCEPTED_STATUSES


@dataclass(frozen=True, slots=True)
class ElementError:
    """An IK4: what is wrong with one element, component or repetition.

    Attributes:
        position: numbers of the element, its component and its repetition, as given.
        data_element: reference number of the data element.
        code: of the error.
        value: copy of the bad value.
    """

    position: tuple[str, ...]
    data_element: str
    code: str
    value: str


@dataclass(frozen=True, slots=True)
class SegmentError:
    """An IK3: what is wrong with one segment of the transaction that was sent.

    Attributes:
        tag: of the segment.
        position: of the segment in the transaction, the ST being 1.
        loop: identifier of its loop.
        codes: of the errors.
        contexts: CTX composites, such as ``("CLM01", "CASE1")``, which names the claim.
        elements: errors of its elements.
        unknown: segments that are kept unread.
    """

    tag: str
    position: int | None
    loop: str
    codes: tuple[str, ...]
    contexts: tuple[tuple[str, ...], ...] = ()
    elements: tuple[ElementError, ...] = ()
    unknown: tuple[RawSegment, ...] = ()


@dataclass(frozen=True, slots=True)
class TransactionResponse:
    """An AK2 loop: whether one transaction that was sent is accepted.

    Attributes:
        type: ST01 of the transaction that was sent.
        control_number: its ST02.
        version: its ST03.
        status: A accepted, E accepted with errors, R and others rejected; empty if missing.
        codes: of errors of the transaction.
        errors: errors of its segments.
        segment_number: position of the AK2 in the file.
        findings: what was found in it.
    """

    type: str
    control_number: str
    version: str
    status: str
    codes: tuple[str, ...] = ()
    errors: tuple[SegmentError, ...] = ()
    segment_number: int = 0
    findings: tuple[Finding, ...] = ()

    @property
    def is_accepted(self) -> bool:
        """Whether the transaction goes on to be processed."""
        return self.status in ACCEPTED_STATUSES


@dataclass(frozen=True, slots=True)
class GroupResult:
    """The AK9: the answer for the group as a whole, with the counts of transactions."""

    status: str = ""
    included: int | None = None
    received: int | None = None
    accepted: int | None = None
    codes: tuple[str, ...] = ()

    @property
    def is_accepted(self) -> bool:
        """Whether the whole group was taken; P is accepted in part only."""
        return self.status in ACCEPTED_STATUSES


class GroupAcknowledgment:
    """One 999 or 997 while it is read.

    Attributes:
        transaction: the envelope around it.
        code: GS01 of the group that was sent.
        control_number: its GS06.
        version: its GS08.
        responses: one for each transaction, each once; a 999 may leave accepted ones out.
    """

    def __init__(self, transaction: Transaction):
        self.transaction = transaction
        self._loops = read_loops(transaction, ("AK2", "AK9"))
        parts = read_parts(transaction, next(self._loops), {"AK1": ("AK1", values_of)})
        if "AK1" not in parts:
            message = "the acknowledgment does not name its group (AK1)"
            transaction.report("segment_missing", message, transaction.start, "AK1")
        values = parts.get("AK1", (("", "", "", ""),))[0]
        self.code, self.control_number, self.version = values[1:4]
        self._result = GroupResult()
        self.responses: Iterator[TransactionResponse] = self._responses()

    @property
    def result(self) -> GroupResult:
        """The answer for the group; responses that were not asked for are passed over."""
        for _response in self.responses:
            pass
        return self._result

    def _responses(self) -> Iterator[TransactionResponse]:
        transaction = self.transaction
        for loop in self._loops:
            transaction.start_loop()
            if loop.tag == "AK2":
                yield _response(transaction, loop)
                continue
            parts = read_parts(transaction, loop, {"AK9": ("AK9", values_of)})
            values = parts["AK9"][0]
            self._result = GroupResult(*values[1:5], _given(values[5:]))


def read_interchange_acknowledgment(transaction: Transaction) -> InterchangeAcknowledgment:
    """Return what a TA1 says.

    :param transaction: one of the type ``"TA1"``
    """
    transaction.start_loop()
    loop = next(read_loops(transaction, ()))
    number = transaction.start
    values = transaction.typed(number, loop.segments[0])
    findings = tuple(transaction.loop_findings)
    return InterchangeAcknowledgment(values[1], values[4], values[5], number, findings)


def _given(codes: list[str]) -> tuple[str, ...]:
    return tuple(filter(None, codes))


def _append_codes(part: list, values: Values, _transaction: Transaction, _number: int):
    part.append(values[1])
    part.append(_given(values[2:]))


def _append_context(part: list, values: Values, _transaction: Transaction, _number: int):
    part.append(values[1])


def _append_element(part: list, values: Values, _transaction: Transaction, _number: int):
    part.append(ElementError(*values[1:5]))


_RESPONSE = {"IK5": ("status", _append_codes), "AK5": ("status", _append_codes)}
_ERROR = {
    "CTX": ("contexts", _append_context),
    "IK4": ("elements", _append_element),
    "AK4": ("elements", _append_element),
}


def _response(transaction: Transaction, loop: Loop) -> TransactionResponse:
    _tag, kind, control_number, version = transaction.typed(loop.number, loop.segments[0])
    before, inner = loop.split(("IK3", "AK3", "IK5", "AK5"))
    status, codes, errors = "", (), []
    read_parts(transaction, before, {}, skip=1)
    for each in inner:
        if each.tag in _RESPONSE:
            status, codes = read_parts(transaction, each, _RESPONSE)["status"][:2]
            continue
        values = transaction.typed(each.number, each.segments[0])
        parts = read_parts(transaction, each, _ERROR, skip=1)
        errors.append(SegmentError(*values[1:4], _given(values[4:]), **parts))
    if not status:
        message = "the response does not say whether the transaction is accepted"
        transaction.report("segment_missing", message, loop.number, "AK2")
    findings = tuple(transaction.loop_findings)
    return TransactionResponse(
        kind, control_number, version, status, codes, tuple(errors), loop.number, findings
    )
