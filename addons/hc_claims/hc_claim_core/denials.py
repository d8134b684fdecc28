# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""From the adjustments of an answer to denials: one per line, or one for the claim as a whole.

What a denial is follows from group, reason (CARC) and remark (RARC); the claim's status CLP02 says
nothing about it (X12 RFI 1423). Which adjustments the office's table calls denials was decided
when the answer was read, see :func:`~.adjudication.treat`: the sum of the denials is exactly what
posting leaves open as denied.

Remarks set limits that no table of the office lifts (remittance advice remark codes; CMS, Medicare
Claims Processing Manual, chapter 29, 310: an unprocessable claim has no initial determination to
appeal):

- MA130: unprocessable, no appeal; correct it and send a new claim
- MA44, N211: no appeal
- N142: send a new claim, not a replacement
- N432: a recovery audit took it back; the appeal goes the auditor's way
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from .adjudication import DENIED

APPEAL = "appeal"
CORRECTED_CLAIM = "corrected_claim"
REPLACEMENT = "replacement"
NEW_CLAIM = "new_claim"

# Why there is no appeal, as a code that a screen puts into words.
UNPROCESSABLE = "unprocessable"
NO_RIGHTS = "no_rights"
NO_REMEDY = "no_remedy"

_UNPROCESSABLE_REMARKS = frozenset({"MA130"})
_NO_APPEAL_REMARKS = frozenset({"MA44", "N211"})
_NEW_CLAIM_REMARKS = frozenset({"MA130", "N142"})
_RECOVERY_REMARKS = frozenset({"N432"})
GUARDRAIL_REMARKS = (
    _UNPROCESSABLE_REMARKS | _NO_APPEAL_REMARKS | _NEW_CLAIM_REMARKS | _RECOVERY_REMARKS
)

# Where the cause of a denial lies in the office's work, by the category of its reason.
ROOT_CAUSES = {
    "registration": ("eligibility", "wrong_payer", "cob", "cob_info"),
    "authorization": ("authorization",),
    "coding": ("coding", "coding_info", "bundling", "frequency_limit"),
    "clinical": ("medical_necessity", "documentation"),
    "submission": ("submission_error", "duplicate", "timely_filing"),
    "enrollment": ("provider_credentialing",),
    "benefit": ("coverage_benefit", "patient_responsibility"),
    "payer": (
        "contractual",
        "capitation",
        "pended",
        "prior_payer",
        "recovery",
        "recovery_info",
        "appeal_info",
        "compliance",
    ),
}
_ROOT_CAUSE_BY_CATEGORY = {
    category: cause for cause, categories in ROOT_CAUSES.items() for category in categories
}


@dataclass(frozen=True, slots=True)
class DeniedAdjustment:
    """One adjustment of an answer, with the line that it belongs to (None: the claim)."""

    line: int | None
    group: str
    reason: str
    amount: Decimal
    treatment: str = DENIED


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the office's table says of a reason on the day of the answer."""

    category: str = ""
    preventable: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Denial:
    """What a payer denies on one line, or on the claim where ``line`` is None.

    ``reason`` is the one with the largest amount, ``reasons`` names all of them as group and
    reason. ``no_appeal`` is empty where an appeal is admitted, else the code of why it is not.
    """

    line: int | None
    group: str
    reason: str
    reasons: tuple[str, ...]
    remarks: tuple[str, ...]
    amount: Decimal
    category: str
    preventable: str
    remedy: str
    no_appeal: str
    resubmission: str
    is_recovery: bool = False

    @property
    def is_appealable(self) -> bool:
        """Whether nothing forbids an appeal."""
        return not self.no_appeal


def find_denials(
    adjustments: Iterable[DeniedAdjustment],
    meanings: Mapping[str, Meaning],
    claim_remarks: Iterable[str] = (),
    line_remarks: Mapping[int, Iterable[str]] | None = None,
) -> tuple[Denial, ...]:
    """The denials of an answer that is no reversal.

    :param adjustments: all adjustments with their treatment; others than denied ones do not count
    :param meanings: reasons in the office's table; one that is not there is a denial of unknown
        cause, as nothing that nobody understands is written off
    :param claim_remarks: remarks about the claim (MOA, MIA): they hold for each of its lines
    :param line_remarks: remarks about single lines (LQ), by line
    :return: a denial per line, in the order of the lines, that of the claim first; lines whose
        denied amounts cancel out have none

    >>> rows = [DeniedAdjustment(1, "CO", "45", Decimal(50), "allowance"),
    ...         DeniedAdjustment(2, "CO", "197", Decimal(40))]
    >>> [denial] = find_denials(rows, {"197": Meaning("authorization", "yes", "appeal")})
    >>> denial.line, denial.amount, denial.category, denial.is_appealable
    (2, Decimal('40'), 'authorization', True)
    >>> find_denials(rows, {}, ["MA130"])[0].no_appeal
    'unprocessable'
    """
    by_line: dict[int | None, list[DeniedAdjustment]] = {}
    for adjustment in adjustments:
        if adjustment.treatment == DENIED:
            by_line.setdefault(adjustment.line, []).append(adjustment)
    common = _unique(claim_remarks)
    found = []
    for line in sorted(by_line, key=lambda key: (key is not None, key)):
        own = (line_remarks or {}).get(line, ()) if line is not None else ()
        denial = _make_denial(line, by_line[line], meanings, _unique((*own, *common)))
        if denial:
            found.append(denial)
    return tuple(found)


def _make_denial(line, adjustments, meanings, remarks):
    total = sum((item.amount for item in adjustments), Decimal(0))
    if total <= 0:
        return None
    main = max(adjustments, key=lambda item: item.amount)
    meaning = meanings.get(main.reason, Meaning())
    limits = set(remarks)
    is_recovery = bool(limits & _RECOVERY_REMARKS)
    remedy = meaning.remedy or CORRECTED_CLAIM
    no_appeal = get_no_appeal(limits, remedy, is_recovery=is_recovery)
    must_be_new = bool(limits & _NEW_CLAIM_REMARKS)
    if is_recovery and not no_appeal:
        remedy = APPEAL
    elif must_be_new or (no_appeal and remedy == APPEAL):
        remedy = CORRECTED_CLAIM if must_be_new else "no"
    return Denial(
        line,
        main.group,
        main.reason,
        tuple(dict.fromkeys(f"{item.group}-{item.reason}" for item in adjustments)),
        remarks,
        total,
        "recovery" if is_recovery else meaning.category,
        meaning.preventable,
        remedy,
        no_appeal,
        NEW_CLAIM if must_be_new else REPLACEMENT,
        is_recovery,
    )


def get_no_appeal(remarks: Iterable[str], remedy: str = "", *, is_recovery: bool = False) -> str:
    """Why a denial cannot be appealed, as a code; empty where it can.

    >>> get_no_appeal(["N211"]), get_no_appeal(["N30"], "appeal"), get_no_appeal([], "no")
    ('no_rights', '', 'no_remedy')
    """
    limits = set(remarks)
    if limits & _UNPROCESSABLE_REMARKS:
        return UNPROCESSABLE
    if limits & _NO_APPEAL_REMARKS:
        return NO_RIGHTS
    return NO_REMEDY if remedy == "no" and not is_recovery else ""


def get_root_cause(category: str) -> str:
    """Where in the office's work the cause of a category lies; ``other`` where nobody knows.

    >>> get_root_cause("bundling"), get_root_cause("")
    ('coding', 'other')
    """
    return _ROOT_CAUSE_BY_CATEGORY.get(category, "other")


def _unique(remarks: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(remark.strip().upper() for remark in remarks if remark.strip()))
