# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What an eligibility answer means: whom it is about, whether it is active, how long it counts.

- A member answers to us by the number of our question (TRN, guide X279A1 section 1.4.6); the
  person must be the one we asked about all the same.
- Coverage is active by EB01 1 to 5 and inactive by 6 to 8, for the plan as a whole (service type
  30) before any single service.
- A rejection (AAA) is an answer about the member only where it names the member's data.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .eligibility_codes import is_about_member

ACTIVE = "active"
INACTIVE = "inactive"
REJECTED = "rejected"
UNAVAILABLE = "unavailable"
# Of which an answer is put on the coverage; the others say nothing about it.
SPEAKING_OUTCOMES = (ACTIVE, INACTIVE, REJECTED)

NEVER = "never"
FRESH = "fresh"
STALE = "stale"

WHOLE_PLAN = "30"
_OFFICE_VISIT = "98"
_ACTIVE_CODES = frozenset("12345")
_INACTIVE_CODES = frozenset("678")
_REMAINING = ("29", "33")
# DTP01, the strongest first.
_BEGIN_QUALIFIERS = ("346", "356", "348", "291", "307")
_END_QUALIFIERS = ("347", "357", "349", "291", "307")


@dataclass(frozen=True, slots=True)
class Member:
    """A person as asked about or as answered; absent text is empty."""

    member_id: str = ""
    last_name: str = ""
    first_name: str = ""
    birth_date: date | None = None

    def is_same(self, other: "Member") -> bool:
        """Whether both are one person, by what both say.

        Birth dates that differ are two people. Otherwise the member number decides, which
        families may share, so that then the first name must not differ; without numbers, last
        name and birth date.

        >>> asked = Member("W1", "DOE", "JANE", date(1980, 5, 17))
        >>> asked.is_same(Member("w-1", "Doe-Smith", "Jane", date(1980, 5, 17)))
        True
        >>> asked.is_same(Member("W1", "DOE", "JANE", date(1981, 5, 17)))
        False
        """
        if _differ(self.birth_date, other.birth_date):
            return False
        mine, theirs = _key(self.member_id), _key(other.member_id)
        names = _key(self.first_name), _key(other.first_name)
        if mine and mine == theirs:
            return bool(self.birth_date and other.birth_date) or not _differ(*names)
        return (
            bool(self.birth_date and other.birth_date)
            and bool(_key(self.last_name))
            and _key(self.last_name) == _key(other.last_name)
            and not _differ(*names)
        )


@dataclass(frozen=True, slots=True)
class BenefitRow:
    """What the key figures are found by; the fields of an EB."""

    information: str
    service_types: tuple[str, ...] = ()
    coverage_level: str = ""
    period: str = ""
    amount: Decimal | None = None
    percent: Decimal | None = None
    quantity: Decimal | None = None
    network: str = ""


@dataclass(frozen=True, slots=True)
class KeyBenefits:
    """What the front desk needs to know; None where the payer did not say."""

    deductible_left: Decimal | None = None
    out_of_pocket_left: Decimal | None = None
    copay: Decimal | None = None
    coinsurance_percent: Decimal | None = None
    has_other_payer: bool = False
    limit_used_up: bool = False


def normalized(text: str) -> str:
    """A number or name as it is compared: letters and digits, in capitals.

    >>> normalized("w-123 45")
    'W12345'
    """
    return _key(text)


def check_status(
    status: str, checked_on: date | None, day: date, fresh_days: int, same_month: bool
) -> str:
    """What the last check is worth on a day.

    :param status: of the coverage: unknown, active, inactive or not_found
    :param fresh_days: days that an active answer counts
    :param same_month: whether an answer ends with its calendar month, as coverage mostly does

    >>> check_status("active", date(2026, 2, 27), date(2026, 3, 2), 30, True)
    'stale'
    >>> check_status("active", date(2026, 2, 27), date(2026, 3, 2), 30, False)
    'fresh'
    """
    if checked_on is None or status not in ("active", "inactive", "not_found"):
        return NEVER
    if status != "active":
        return INACTIVE if status == "inactive" else REJECTED
    return FRESH if is_fresh(checked_on, day, fresh_days, same_month) else STALE


def is_fresh(checked_on: date, day: date, fresh_days: int, same_month: bool) -> bool:
    """Whether an answer still counts; one given on or after the day does."""
    return checked_on >= first_fresh_day(day, fresh_days, same_month)


def first_fresh_day(day: date, fresh_days: int, same_month: bool) -> date:
    """The earliest day of an answer that counts on ``day``.

    >>> first_fresh_day(date(2026, 3, 2), 30, True), first_fresh_day(date(2026, 3, 2), 30, False)
    (datetime.date(2026, 3, 1), datetime.date(2026, 1, 31))
    """
    earliest = day - timedelta(days=fresh_days)
    return max(earliest, day.replace(day=1)) if same_month else earliest


def outcome_of(reject_reasons: Iterable[str], benefits: Iterable[BenefitRow]) -> str:
    """What an answer says of the member.

    >>> outcome_of(["75"], []), outcome_of(["42"], []), outcome_of([], [BenefitRow("6", ("30",))])
    ('rejected', 'unavailable', 'inactive')
    """
    statements = [row for row in benefits if row.information in _ACTIVE_CODES | _INACTIVE_CODES]
    whole = [row for row in statements if not row.service_types or WHOLE_PLAN in row.service_types]
    for rows in (whole, statements):
        codes = {row.information for row in rows}
        if codes & _ACTIVE_CODES:
            return ACTIVE
        if codes:
            return INACTIVE
    return REJECTED if any(map(is_about_member, reject_reasons)) else UNAVAILABLE


def plan_period(dates: Iterable[tuple[str, date | None, date | None]]):
    """First and last day of a plan among the dates of an answer; None where not said.

    :param dates: qualifier, first and last day, of which a single day has the same twice

    >>> plan_period([("346", date(2026, 1, 1), date(2026, 1, 1))])
    (datetime.date(2026, 1, 1), None)
    """
    by_qualifier = {}
    for qualifier, first, last in dates:
        by_qualifier.setdefault(qualifier, (first, last))
    begin = end = None
    for qualifier in _BEGIN_QUALIFIERS:
        begin = begin or by_qualifier.get(qualifier, (None, None))[0]
    for qualifier in _END_QUALIFIERS:
        first, last = by_qualifier.get(qualifier, (None, None))
        # A single day of a plan is the one on which it began.
        if qualifier in ("291", "307") and first == last:
            continue
        end = end or last
    return (begin, end) if not begin or not end or begin <= end else (begin, None)


def key_benefits(benefits: Iterable[BenefitRow]) -> KeyBenefits:
    """The figures that a patient is told at the desk."""
    rows = list(benefits)
    return KeyBenefits(
        deductible_left=_amount(rows, "C", remaining=True),
        out_of_pocket_left=_amount(rows, "G", remaining=True),
        copay=_amount(rows, "B"),
        coinsurance_percent=next(
            (row.percent for row in _ranked(rows, "A") if row.percent is not None), None
        ),
        has_other_payer=any(row.information in ("R", "MC") for row in rows),
        limit_used_up=any(
            row.information == "F"
            and row.period in _REMAINING
            and (row.amount == 0 or row.quantity == 0)
            for row in rows
        ),
    )


def _amount(rows, information, remaining=False):
    found = [row for row in _ranked(rows, information) if row.amount is not None]
    if remaining:
        # A total says what has to be paid in a year, not what is left of it.
        found = [row for row in found if row.period in _REMAINING]
    return found[0].amount if found else None


def _ranked(rows, information):
    """Rows of a kind, those first that hold for an individual's visit within the network."""
    return sorted(
        (row for row in rows if row.information == information),
        key=lambda row: (
            row.network == "N",
            row.coverage_level not in ("IND", ""),
            _OFFICE_VISIT not in row.service_types,
            bool(row.service_types) and WHOLE_PLAN not in row.service_types,
        ),
    )


def _key(text: str) -> str:
    return "".join(filter(str.isalnum, text)).upper()


def _differ(one, other) -> bool:
    return bool(one and other) and one != other
