# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The walk through ISA/IEA, GS/GE and ST/SE: one transaction after the other.

Control numbers and counts are checked on the way; what does not agree is a finding and
keeps nothing from being read.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import BinaryIO

from .findings import ERROR, INFORMATION, WARNING, Finding, FindingLog, shown
from .segment_table import SEGMENTS
from .separators import Separators
from .tokenizer import Segment, Tokenizer
from .typed import SegmentTyper, Values, typer_for

ENVELOPE_TAGS = frozenset(("ISA", "IEA", "GS", "GE", "ST", "SE", "TA1"))
# The type of a transaction that stands for a TA1, which has no ST around it.
INTERCHANGE_ACKNOWLEDGMENT = "TA1"
# Of the identifier of a claim, in its findings.
MAX_CLAIM_CHARACTERS = 80
MAX_FINDINGS_IN_LOOP = 1_000
MAX_REMEMBERED_NUMBERS = 10_000


@dataclass(frozen=True, slots=True)
class Interchange:
    """What the ISA says; ``number`` is its position in the file, from 1."""

    number: int
    sender_qualifier: str = ""
    sender: str = ""
    receiver_qualifier: str = ""
    receiver: str = ""
    sent_on: date | None = None
    sent_at: time | None = None
    control_number: str = ""
    version: str = ""
    usage: str = ""
    separators: Separators = Separators()


@dataclass(frozen=True, slots=True)
class FunctionalGroup:
    """What the GS says."""

    code: str = ""
    sender: str = ""
    receiver: str = ""
    sent_on: date | None = None
    sent_at: time | None = None
    control_number: str = ""
    version: str = ""


class Transaction:
    """One ST to SE; its segments are read as they are asked for, and only once.

    Attributes:
        number: position of the transaction in the file, from 1.
        start: position in the file of its ST.
        type: ST01, such as ``"835"``; ``"TA1"`` for an interchange acknowledgment.
        version: implementation guide from ST03, or from GS08 where ST03 is absent.
        control_number: ST02.
        interchange: the interchange around it.
        group: the functional group around it.
        as_of: the day on which the file is judged, or None.
        claim: identifier of the claim that findings are marked with.
        loop_findings: findings since :meth:`start_loop`.
        envelope_findings: what was found in dividing it into segments, and in its SE.
        flawless: the values of a segment that leaves nothing to report, or None: the short
            way to :meth:`typed`.
    """

    def __init__(
        self, reader: "InterchangeReader", number: int, values: Values, segments: Iterator[Segment]
    ):
        _tag, self.type, self.control_number, version = values
        self.number = number
        self.start = reader.segment_number
        self.interchange = reader.interchange
        self.group = reader.group
        self.version = version or reader.group.version
        self.as_of = reader.as_of
        self.segments = segments
        self.claim = ""
        self.loop_findings: list[Finding] = []
        self.envelope_findings: list[Finding] = []
        self._reader = reader
        self._typer: SegmentTyper = typer_for(reader.interchange.separators)
        self.flawless = self._typer.flawless

    @property
    def segment_number(self) -> int:
        """Position in the file of the segment that was read last."""
        return self._reader.segment_number

    def start_loop(self, claim: str = ""):
        """Begin to collect the findings of the next claim, or of what has none."""
        self.claim = claim[:MAX_CLAIM_CHARACTERS]
        self.loop_findings = []

    def report(
        self,
        code: str,
        message: str,
        segment_number: int,
        tag: str = "",
        element: int = 0,
        severity: str = ERROR,
    ):
        """Note a finding at a position of this transaction."""
        finding = self._reader.report(
            code, message, severity, segment_number, tag, element, self.number, self.claim
        )
        if len(self.loop_findings) < MAX_FINDINGS_IN_LOOP:
            self.loop_findings.append(finding)

    def typed(self, number: int, segment: Segment) -> Values:
        """Return the values of a segment; what it lacks or has too much is reported.

        :param number: position of the segment in the file
        :param segment: one whose tag is in the segment table
        """
        return self.flawless(segment) or self._typer.careful(
            segment,
            lambda code, message, element, severity: self.report(
                code, message, number, segment[0], element, severity
            ),
        )


class InterchangeReader:
    """Yields the transactions of a file, each with its segments as a stream.

    Attributes:
        file: name of the file, for findings.
        as_of: the day on which dates are judged, or None to judge none.
        findings: log of all that was found so far.
        interchange_count: interchanges met so far.
        transaction_count: transactions met so far, acknowledgments of interchanges apart.
    """

    def __init__(
        self,
        source: BinaryIO | Iterable[bytes],
        file: str = "",
        as_of: date | None = None,
        findings: FindingLog | None = None,
    ):
        self.file = file
        self.as_of = as_of
        self.findings = FindingLog() if findings is None else findings
        self.interchange_count = 0
        self.transaction_count = 0
        self.interchange = Interchange(0)
        self.group = FunctionalGroup()
        self._is_in_interchange = False
        self._is_in_group = False
        self._groups = 0
        self._transactions = 0
        self._control_numbers: set[str] = set()
        self._interchange_numbers: set[str] = set()
        self._returned: Segment | None = None
        self._open: Transaction | None = None
        self._tokens = Tokenizer(source, self._report_here)
        self._segments = iter(self._tokens)

    @property
    def segment_number(self) -> int:
        """Position in the file of the segment that was read last."""
        return self._tokens.segment_number

    def __iter__(self) -> Iterator[Transaction]:
        steps = {
            "ISA": self._open_interchange,
            "IEA": self._close_interchange,
            "GS": self._open_group,
            "GE": self._close_group,
        }
        while (segment := self._next()) is not None:
            tag = segment[0]
            if tag in steps:
                steps[tag](segment)
            elif tag in ("ST", INTERCHANGE_ACKNOWLEDGMENT):
                self._open = self._transaction(segment)
                yield self._open
                for _left in self._open.segments:
                    pass
                self._open = None
            else:
                self._report_here(
                    "segment_outside",
                    f"the segment {shown(tag)} stands outside of a transaction",
                    tag=tag,
                )
        self._finish()

    def report(
        self,
        code: str,
        message: str,
        severity: str,
        segment_number: int,
        tag: str,
        element: int,
        transaction: int = 0,
        claim: str = "",
    ) -> Finding:
        """Note a finding, complete with the position in the file."""
        finding = Finding(
            code,
            message,
            severity,
            segment_number,
            tag,
            element,
            self.interchange_count,
            transaction,
            claim,
            self.file,
        )
        self.findings.add(finding)
        return finding

    def _report_here(
        self, code: str, message: str, severity: str = ERROR, tag: str = "", element: int = 0
    ):
        """Note a finding of the envelope, and leave it with the transaction that is open."""
        number = self._open.number if self._open else 0
        finding = self.report(code, message, severity, self.segment_number, tag, element, number)
        if self._open and len(self._open.envelope_findings) < MAX_FINDINGS_IN_LOOP:
            self._open.envelope_findings.append(finding)

    def _next(self) -> Segment | None:
        if self._returned is not None:
            segment, self._returned = self._returned, None
            return segment
        return next(self._segments, None)

    def _typed(self, segment: Segment) -> Values:
        typer = typer_for(self._tokens.separators)
        return typer.careful(
            segment,
            lambda code, message, element, severity: self._report_here(
                code, message, severity, segment[0], element
            ),
        )

    def _transaction(self, segment: Segment) -> Transaction:
        values = self._typed(segment)
        if segment[0] == INTERCHANGE_ACKNOWLEDGMENT:
            only = (INTERCHANGE_ACKNOWLEDGMENT, INTERCHANGE_ACKNOWLEDGMENT, values[1], "")
            return Transaction(self, 0, only, iter((segment,)))
        self.transaction_count += 1
        self._transactions += 1
        control_number = values[2]
        if control_number in self._control_numbers:
            self._report_here(
                "control_number_repeated",
                f"the group holds the transaction {shown(control_number)} more than once",
                WARNING,
                "ST",
                2,
            )
        elif len(self._control_numbers) < MAX_REMEMBERED_NUMBERS:
            self._control_numbers.add(control_number)
        return Transaction(
            self, self.transaction_count, values, self._transaction_segments(control_number)
        )

    def _transaction_segments(self, control_number: str) -> Iterator[Segment]:
        """Yield the segments between ST and SE; check the SE."""
        first = self.segment_number
        envelope_tags = ENVELOPE_TAGS
        for segment in self._segments:
            if segment[0] not in envelope_tags:
                yield segment
            elif segment[0] == "SE":
                _tag, count, number = self._typed(segment)
                self._check_number(segment, control_number, number)
                self._check_count(segment, count, self.segment_number - first + 1)
                return
            else:
                self._returned = segment
                break
        self._report_here(
            "transaction_unterminated", "the transaction has no SE: segments may be missing"
        )

    def _open_interchange(self, segment: Segment):
        self._leave_interchange()
        self.interchange_count += 1
        self._is_in_interchange, self._groups = True, 0
        values = self._typed(segment)
        self.interchange = Interchange(
            number=self.interchange_count,
            sender_qualifier=values[5],
            sender=values[6],
            receiver_qualifier=values[7],
            receiver=values[8],
            sent_on=values[9],
            sent_at=values[10],
            version=values[12],
            control_number=values[13],
            usage=values[15],
            separators=self._tokens.separators,
        )
        if values[13] in self._interchange_numbers:
            self._report_here(
                "control_number_repeated",
                f"the file holds the interchange {shown(values[13])} more than once",
                INFORMATION,
                "ISA",
                13,
            )
        elif len(self._interchange_numbers) < MAX_REMEMBERED_NUMBERS:
            self._interchange_numbers.add(values[13])

    def _leave_interchange(self):
        self._leave_group()
        if self._is_in_interchange:
            self._report_here("interchange_unterminated", "the interchange has no IEA")
        self._is_in_interchange = False

    def _close_interchange(self, segment: Segment):
        self._leave_group()
        _tag, count, number = self._typed(segment)
        if not self._is_in_interchange:
            self._report_here("envelope_unopened", "the IEA has no ISA before it", tag="IEA")
            return
        self._check_number(segment, self.interchange.control_number, number)
        self._check_count(segment, count, self._groups)
        self._is_in_interchange = False

    def _open_group(self, segment: Segment):
        self._leave_group()
        self._groups += 1
        self._is_in_group, self._transactions = True, 0
        self._control_numbers = set()
        _tag, code, sender, receiver, on, at, control_number, _agency, version = self._typed(
            segment
        )
        self.group = FunctionalGroup(code, sender, receiver, on, at, control_number, version)

    def _leave_group(self):
        if self._is_in_group:
            self._report_here("group_unterminated", "the functional group has no GE")
        self._is_in_group = False

    def _close_group(self, segment: Segment):
        _tag, count, number = self._typed(segment)
        if not self._is_in_group:
            self._report_here("envelope_unopened", "the GE has no GS before it", tag="GE")
            return
        self._check_number(segment, self.group.control_number, number)
        self._check_count(segment, count, self._transactions)
        self._is_in_group = False

    def _check_number(self, segment: Segment, opened: str, closed: str):
        if opened != closed:
            self._report_here(
                "control_number_differs",
                f"{segment[0]}02 is {shown(closed)}, but it was opened as {shown(opened)}",
                tag=segment[0],
                element=2,
            )

    def _check_count(self, segment: Segment, stated: int | None, counted: int):
        if stated is not None and stated != counted:
            self._report_here(
                "count_differs",
                f"{segment[0]}01 is {stated}, but there are {counted}",
                tag=segment[0],
                element=1,
            )

    def _finish(self):
        self._leave_interchange()
        if not self.segment_number:
            self._report_here("file_not_x12", "the file holds no X12: it has no ISA, GS or ST")


def is_known(segment: Segment) -> bool:
    """Whether the segment table has the tag of a segment."""
    return segment[0] in SEGMENTS
