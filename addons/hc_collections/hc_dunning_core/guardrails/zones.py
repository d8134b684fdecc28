# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""In which time zones a patient may be, by state.

Where nobody knows the zone, contact is lawful only when it is lawful in every possible one. States
with two zones are listed with both. The states, Puerto Rico and the Virgin Islands; not the
islands of the western Pacific.
"""

from zoneinfo import ZoneInfo

_EASTERN, _CENTRAL = "America/New_York", "America/Chicago"
_MOUNTAIN, _PACIFIC = "America/Denver", "America/Los_Angeles"
_ARIZONA, _HAWAII = "America/Phoenix", "Pacific/Honolulu"
_ALASKA, _ALEUTIANS = "America/Anchorage", "America/Adak"
_PUERTO_RICO, _INDIANA = "America/Puerto_Rico", "America/Indiana/Indianapolis"

_STATES_BY_ZONES = {
    (_EASTERN,): "CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
    (_CENTRAL,): "AL AR IA IL LA MN MO MS OK WI",
    (_MOUNTAIN,): "CO MT NM UT WY",
    (_PACIFIC,): "CA WA",
    (_EASTERN, _CENTRAL): "FL KY MI TN",
    (_INDIANA, _CENTRAL): "IN",
    (_CENTRAL, _MOUNTAIN): "KS ND NE SD TX",
    (_MOUNTAIN, _PACIFIC): "ID NV OR",
    (_ARIZONA, _MOUNTAIN): "AZ",
    (_ALASKA, _ALEUTIANS): "AK",
    (_HAWAII,): "HI",
    (_PUERTO_RICO,): "PR VI",
}
ZONE_NAMES = {
    f"US-{state}": names for names, states in _STATES_BY_ZONES.items() for state in states.split()
}
# From the east to the west; the clocks in between are between theirs.
ANYWHERE = (_PUERTO_RICO, _EASTERN, _CENTRAL, _MOUNTAIN, _ARIZONA, _PACIFIC, _ALASKA, _HAWAII)


def possible_zones(states: frozenset[str], name: str = "") -> tuple[ZoneInfo, ...]:
    """Return the zones in which somebody may be.

    :param states: ISO 3166-2 codes of the addresses that are known; none known: anywhere
    :param name: the zone, where it is known

    >>> [zone.key for zone in possible_zones(frozenset({"US-TX"}))]
    ['America/Chicago', 'America/Denver']
    >>> len(possible_zones(frozenset()))
    8
    """
    if name:
        return (ZoneInfo(name),)
    known = sorted(state for state in states if state in ZONE_NAMES)
    names = dict.fromkeys(zone for state in known for zone in ZONE_NAMES[state])
    if not known or len(known) < len(states):
        names = dict.fromkeys((*names, *ANYWHERE))
    return tuple(ZoneInfo(each) for each in names)
