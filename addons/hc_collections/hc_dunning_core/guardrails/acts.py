# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What somebody intends to do about a debt."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal

from ..errors import DunningError, check_choice

STATEMENT = "statement"
FINAL_NOTICE = "final_notice"
LETTER = "letter"
EMAIL = "email"
TEXT = "text"
PORTAL = "portal"
CALL = "call"
PLACEMENT = "placement"
CREDIT_REPORT = "credit_report"
CLOSE_APPLICATION = "close_application"
BAD_DEBT_WRITE_OFF = "bad_debt_write_off"
INTEREST = "interest"

CONTACTS = frozenset({STATEMENT, FINAL_NOTICE, LETTER, EMAIL, TEXT, PORTAL, CALL})
# Sale of the debt, credit reporting, deferral of care for an old debt, legal process:
# 26 CFR 1.501(r)-6(b). Placement with an agency is none of them.
EXTRAORDINARY = frozenset(
    {
        "debt_sale",
        CREDIT_REPORT,
        "care_deferral",
        "lawsuit",
        "lien",
        "garnishment",
        "foreclosure",
        "arrest",
    }
)
COLLECTION = CONTACTS | EXTRAORDINARY | {PLACEMENT}
ACT_KINDS = COLLECTION | {CLOSE_APPLICATION, BAD_DEBT_WRITE_OFF, INTEREST}

FIRST_PARTY = "first"
THIRD_PARTY = "third"
PARTIES = (FIRST_PARTY, THIRD_PARTY)


@dataclass(frozen=True, slots=True)
class Act:
    """An intended act.

    :param on: the day, in the calendar in which days are recorded
    :param at: the moment, with a time zone in which ``on`` is its day; needed for calls, texts and
        e-mails
    :param party: the provider (``first``) or an agency or buyer (``third``)
    :param debt: which debt it is about; limits of calls count per debt
    :param is_automated: whether a machine dials or sends
    :param rate_percent: of a charge of interest, a year
    :raises DunningError: ``choice_unknown``, ``moment_naive``, ``date_order``
    """

    kind: str
    on: date
    at: datetime | None = None
    party: str = FIRST_PARTY
    debt: str = ""
    is_automated: bool = True
    is_at_workplace: bool = False
    rate_percent: Decimal | None = None

    def __post_init__(self) -> None:
        check_choice("kind of act", self.kind, ACT_KINDS)
        check_choice("party", self.party, PARTIES)
        if self.at is not None and self.at.tzinfo is None:
            raise DunningError("moment_naive", value=self.at)
        if self.at is not None and self.at.date() != self.on:
            raise DunningError("date_order", what="act", first=self.on, last=self.at.date())

    def moved_to(self, when: date | datetime) -> "Act":
        """Return the same act at a later day, from its first minute on, or at a later moment.

        >>> Act("letter", date(2026, 1, 2)).moved_to(date(2026, 1, 5)).on
        datetime.date(2026, 1, 5)
        """
        if isinstance(when, datetime):
            moment = when.astimezone(self.at.tzinfo if self.at else when.tzinfo)
            return replace(self, on=moment.date(), at=moment if self.at else None)
        moment = datetime.combine(when, time.min, self.at.tzinfo) if self.at else None
        return replace(self, on=when, at=moment)
