# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""When and how often somebody may be called: 12 CFR 1006.6 and 1006.14 (Regulation F)."""

from datetime import date, datetime, timedelta, timezone, tzinfo

from ..errors import DunningError
from ..workdays import Workdays
from .acts import CALL, Act
from .facts import DebtFacts
from .finding import Finding, Values, after_days, not_before, unknown

# A zone that can never agree with the others is found out long before.
_MOST_STEPS = 40


def call_frequency(
    act: Act, facts: DebtFacts, values: Values, _workdays: Workdays
) -> Finding | None:
    """At most ``calls`` calls in ``days`` days, none for so many days after a conversation.

    Per debt. The day of the conversation is the first of its days (1006.14(b)(2)(i)(B)).
    """
    calls = [
        each
        for each in facts.contacts
        if each.kind == CALL and each.debt == act.debt and each.on <= act.on
    ]
    spoken = max((each.on for each in calls if each.is_conversation), default=None)
    if spoken is not None:
        earliest = after_days(spoken, values["days_after_conversation"])
        text = (
            f"A conversation about this debt took place on {spoken}; next call from {{earliest}}."
        )
        if finding := not_before(act, earliest, text):
            return _later(finding, _free_of_calls(earliest, calls, values))
    earliest = _free_of_calls(act.on, calls, values)
    text = (
        f"{values['calls']} calls in {values['days']} days were made about this debt; the next "
        "from {earliest}."
    )
    return not_before(act, earliest, text)


def _free_of_calls(day: date, calls: list, values: Values) -> date:
    """The first day from ``day`` on whose stretch of days has room for one call more."""
    counted = sorted(each.on for each in calls if each.counts)
    limit = values["calls"]
    if len(counted) >= limit:
        return max(day, after_days(counted[-limit], values["days"]))
    return day


def _later(finding: Finding, day: date) -> Finding:
    return Finding(finding.words, max(finding.earliest, day))


def call_hours(act: Act, facts: DebtFacts, values: Values, _workdays: Workdays) -> Finding | None:
    """Only from ``opens`` to before ``closes`` on the patient's clock, in every possible zone."""
    if not facts.zones:
        return unknown("zones", "Nobody knows in which time zones the patient may be.")
    if act.at is None:
        return unknown("at", "Say at which moment the patient is to be contacted.")
    earliest = next_open_moment(act.at, facts.zones, values["opens"], values["closes"])
    if earliest == act.at:
        return None
    hours = f"{values['opens']:%H:%M} and {values['closes']:%H:%M}"
    text = f"Patients are contacted between {hours} on their own clock"
    if earliest is None:
        return Finding(f"{text}; the possible time zones share no such time.")
    return Finding(f"{text}; the next such moment is {earliest:%Y-%m-%d %H:%M %Z}.", earliest)


def next_open_moment(moment: datetime, zones: tuple[tzinfo, ...], opens, closes):
    """Return the first moment from one on at which all clocks stand within the hours, or None.

    Changes of daylight saving time are the zones' own: the clock on the wall counts.

    >>> from datetime import time
    >>> from zoneinfo import ZoneInfo
    >>> night = datetime(2026, 3, 8, 4, 30, tzinfo=timezone.utc)
    >>> next_open_moment(night, (ZoneInfo("America/New_York"),), time(8), time(21)).isoformat()
    '2026-03-08T12:00:00+00:00'

    :raises DunningError: ``moment_naive``
    """
    if moment.tzinfo is None:
        raise DunningError("moment_naive", value=moment)
    start = moment.astimezone(timezone.utc)
    found = start
    for _step in range(_MOST_STEPS):
        moved = found
        for zone in zones:
            moved = max(moved, _opening(found.astimezone(zone), opens, closes))
        if moved == found:
            return moment if found == start else found.astimezone(moment.tzinfo)
        found = moved
    return None


def closing_moment(moment: datetime, zones: tuple[tzinfo, ...], closes) -> datetime:
    """Return when the hours end that a moment within them belongs to: on the first of all clocks.

    >>> from datetime import time
    >>> from zoneinfo import ZoneInfo
    >>> zones = (ZoneInfo("America/Chicago"), ZoneInfo("America/New_York"))
    >>> noon = datetime(2026, 7, 8, 16, tzinfo=timezone.utc)
    >>> closing_moment(noon, zones, time(21)).isoformat()
    '2026-07-09T01:00:00+00:00'
    """
    return min(
        datetime.combine(moment.astimezone(zone).date(), closes, zone).astimezone(timezone.utc)
        for zone in zones
    )


def _opening(local: datetime, opens, closes) -> datetime:
    """The moment itself where the clock stands within the hours, or the next opening, in UTC."""
    if opens <= local.time() < closes:
        return local.astimezone(timezone.utc)
    day = local.date() + timedelta(days=int(local.time() >= closes))
    return datetime.combine(day, opens, local.tzinfo).astimezone(timezone.utc)


def channel_opt_out(
    act: Act, facts: DebtFacts, _values: Values, _workdays: Workdays
) -> Finding | None:
    """What the patient does not want to receive is not sent (1006.6(e), 1006.42)."""
    if act.kind not in facts.opted_out:
        return None
    return Finding(f"The patient opted out of this way of contact ({act.kind}).")


def cease_request(
    act: Act, facts: DebtFacts, _values: Values, _workdays: Workdays
) -> Finding | None:
    """After a request to cease there is no contact (1006.6(c))."""
    if facts.cease_on is None or act.on < facts.cease_on:
        return None
    return Finding(f"On {facts.cease_on} the patient asked that contact cease.")


def workplace(act: Act, _facts: DebtFacts, _values: Values, _workdays: Workdays) -> Finding | None:
    """Nobody is contacted at work (1006.6(b)(3))."""
    return (
        Finding("Patients are not contacted at their place of work.")
        if act.is_at_workplace
        else None
    )
