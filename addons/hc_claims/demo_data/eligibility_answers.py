# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Files of eligibility answers (271), for the demonstration and the tests."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

_VERSION = "005010X279A1"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a payer says of one member.

    :ivar trace: number of our question; empty where nobody asked
    :ivar segments: what follows the member's name: DTP, EB, MSG, AAA …
    :ivar dependent: first name, last name and birth date of a patient who is not the subscriber
    """

    member_id: str
    last_name: str
    first_name: str
    birth_date: date | None
    segments: tuple[str, ...]
    trace: str = ""
    payer_identifier: str = "60054"
    dependent: tuple[str, str, date] | None = None


def plan(begin="20260101", end=""):
    """Dates of a plan."""
    return (f"DTP*346*D8*{begin}", *((f"DTP*347*D8*{end}",) if end else ()))


def active(*more, name="GOLD PLAN", begin="20260101", end=""):
    """Active coverage, and what else is said."""
    return (*plan(begin, end), f"EB*1**30**{name}", *more)


def eligibility_answers(
    answers: Iterable[Answer], sent_on: date, number: int = 90, partner: str = "COASTAL"
) -> bytes:
    """A 271 of one transaction set."""
    body = ["BHT*0022*11*REF1*" + f"{sent_on:%Y%m%d}*1200"]
    place = 0
    for answer in answers:
        place += 1
        payer = place
        body += [f"HL*{place}**20*1", f"NM1*PR*2*HEALTH PLAN*****PI*{answer.payer_identifier}"]
        place += 1
        body += [f"HL*{place}*{payer}*21*1", "NM1*1P*2*CLINIC*****XX*1234567893"]
        place += 1
        body += _member(answer, place)
        place += answer.dependent is not None
    return envelope("271", body, sent_on, number, partner)


def _member(answer, place):
    trace = (f"TRN*2*{answer.trace}*9CLINIC001",) if answer.trace else ()
    name = f"NM1*IL*1*{answer.last_name}*{answer.first_name}"
    subscriber = f"{name}****MI*{answer.member_id}" if answer.member_id else name
    if answer.dependent is None:
        birth = (f"DMG*D8*{answer.birth_date:%Y%m%d}",) if answer.birth_date else ()
        return [f"HL*{place}*{place - 1}*22*0", *trace, subscriber, *birth, *answer.segments]
    first, last, born = answer.dependent
    return [
        f"HL*{place}*{place - 1}*22*1",
        subscriber,
        f"HL*{place + 1}*{place}*23*0",
        *trace,
        f"NM1*03*1*{last}*{first}",
        f"DMG*D8*{born:%Y%m%d}",
        *answer.segments,
    ]


def envelope(kind, body, sent_on, number=90, partner="COASTAL", version=_VERSION):
    """A file of one transaction set around its segments."""
    day = f"{sent_on:%Y%m%d}"
    isa = (
        f"ISA*00*          *00*          *ZZ*{partner:<15}*ZZ*{'PROVIDER':<15}"
        f"*{day[2:]}*1200*^*00501*{number:09d}*0*T*:"
    )
    segments = (
        isa,
        f"GS*HB*{partner}*PROVIDER*{day}*1200*{number}*X*{version}",
        f"ST*{kind}*0001*{version}",
        *body,
        f"SE*{len(body) + 2}*0001",
        f"GE*1*{number}",
        f"IEA*1*{number:09d}",
    )
    return "".join(f"{segment}~" for segment in segments).encode()
