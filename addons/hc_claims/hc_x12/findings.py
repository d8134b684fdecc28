# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What is wrong or strange in a file, as values with a position.

Reading never raises for what a file holds: the trouble becomes a finding, and reading
goes on behind it.
"""

from collections import Counter
from dataclasses import dataclass

ERROR = "error"
WARNING = "warning"
INFORMATION = "information"

DEFAULT_MAX_FINDINGS = 1_000
MAX_SHOWN_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Finding:
    """One remark about a file that was read, or about a document to be written.

    Attributes:
        code: stable name of the kind of trouble.
        message: what is wrong, for a person; it never quotes more than 40 characters.
        severity: an error forbids to post or send; a warning or information does not.
        segment_number: position of the segment in the file, the first ISA being 1.
        tag: of that segment.
        element: number of the element in the segment; 0 for the segment as a whole.
        interchange: position of the interchange in the file, from 1.
        transaction: position of the transaction in the file, from 1.
        claim: identifier of the claim that the finding belongs to.
        file: name of the file.
    """

    code: str
    message: str
    severity: str = ERROR
    segment_number: int = 0
    tag: str = ""
    element: int = 0
    interchange: int = 0
    transaction: int = 0
    claim: str = ""
    file: str = ""


class FindingLog:
    """The findings of a file: the first ones in full, all of them counted.

    A file made of two million faults must not fill the memory with findings.
    """

    def __init__(self, limit: int = DEFAULT_MAX_FINDINGS):
        self.findings: list[Finding] = []
        self.counts: Counter[str] = Counter()
        self._limit = limit

    def add(self, finding: Finding):
        """Count a finding, and keep it while there is room."""
        self.counts[finding.severity] += 1
        if len(self.findings) < self._limit:
            self.findings.append(finding)

    @property
    def left_off(self) -> int:
        """How many findings were counted, but not kept."""
        return self.counts.total() - len(self.findings)

    @property
    def has_errors(self) -> bool:
        """Whether any finding, kept or not, forbids to post the file."""
        return bool(self.counts[ERROR])


def shown(text: str) -> str:
    """Return text from a file in a form that is safe and short enough for a message.

    >>> shown("12\\x1b[31m"), shown("9" * 100)
    ("'12\\\\x1b[31m'", "'9999999999999999999999999999999999999999'...")
    """
    if len(text) > MAX_SHOWN_CHARACTERS:
        return ascii(text[:MAX_SHOWN_CHARACTERS]) + "..."
    return ascii(text)
