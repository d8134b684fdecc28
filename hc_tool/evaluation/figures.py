# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What is measured: a figure and its bar."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One figure.

    Attributes:
        task: what was measured, as named on the command line.
        name: the figure, with its unit.
        value: what came out.
        bar: what it has to reach, or must not exceed.
        count: of how many cases.
        is_ceiling: the bar is the most that is allowed.
    """

    task: str
    name: str
    value: float
    bar: float
    count: int
    is_ceiling: bool = False

    @property
    def has_passed(self) -> bool:
        """Whether the bar is reached; a figure of no case never is."""
        if not self.count:
            return False
        return self.value <= self.bar if self.is_ceiling else self.value >= self.bar

    def as_dict(self) -> dict:
        """The figure as JSON can hold it."""
        return {
            "task": self.task,
            "figure": self.name,
            "value": round(self.value, 4),
            "bar": self.bar,
            "bar_is": "most" if self.is_ceiling else "least",
            "cases": self.count,
            "passed": self.has_passed,
        }


@dataclass(frozen=True)
class Samples:
    """Where the samples lie.

    Attributes:
        corpus: the folder that `HC_CORPUS` names.
    """

    corpus: Path

    @property
    def codes(self) -> Path:
        """Reason codes in force, with the category that four independent tables agree on."""
        return self.corpus.parent / "reference" / "denial_codes.csv"

    @property
    def wordings(self) -> Path:
        """Short wordings of one payer, each with its code."""
        return self.corpus / "text" / "ihs" / "ihs_carc_short_long.csv"

    @property
    def complaints(self) -> Path:
        """Complaints with the desk that each belongs to."""
        return self.corpus / "text" / "cfpb" / "complaints_processed_subset.csv"

    @property
    def letters(self) -> Path:
        """Made-up letters and notes with the places of all identifiers."""
        return self.corpus / "text" / "phi_synth.json"

    @property
    def injections(self) -> Path:
        """Texts that give orders to whoever reads them."""
        return self.corpus / "text" / "injections_dev.jsonl"

    @property
    def bills(self) -> Path:
        """Bills of many customers with the days on which they were due and settled."""
        return self.corpus / "text" / "ar" / "WA_Fn-UseC_-Accounts-Receivable.csv"
