# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Which visits there are and what becomes of each: the demonstration group's story, as data."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from .people import Person
from .visits import VISIT_KINDS, Service, Visit, VisitKind, invent_visit

# What becomes of a visit, with the share of all visits and the facility (None: any).
OUTCOMES = (
    ("billed", 680, None),
    ("fresh", 120, None),
    ("planned", 28, None),
    ("arrived", 10, None),
    ("no_show", 14, None),
    ("undocumented", 12, None),
    ("uncoded", 46, None),
    ("held", 26, "summit"),
    ("faulty", 92, None),
)
# Days before the day of generation on which visits of an outcome took place: (nearest, farthest).
_DAYS_AGO = {
    "billed": (12, 150),
    "fresh": (4, 11),
    "planned": (-21, -1),
    "arrived": (0, 0),
    "no_show": (1, 30),
    "undocumented": (2, 9),
    "uncoded": (1, 12),
    "held": (0, 2),
    "faulty": (4, 24),
}
# Payers that want the claim within 90 days cannot have older visits that are still to be billed.
_FARTHEST_DAYS_AGO = {"meridian": 55, "unity": 80, "bluepine": 130, "silverlake": 130}


@dataclass(frozen=True)
class PlannedVisit:
    """A visit of a person on a day, what becomes of it and what is wrong with it."""

    person: int
    visit: Visit
    day: date
    hour: int
    outcome: str
    fault: str | None = None
    has_consent: bool = True
    has_authorization: bool = True
    is_signed: bool = True


def plan_visits(rng: Random, as_of: date, people: list[Person], count: int) -> list[PlannedVisit]:
    """Distribute visits over people, days and outcomes.

    Each outcome occurs at least once per kind of fault, however small ``count`` is.
    """
    total = sum(share for _outcome, share, _facility in OUTCOMES)
    planned = []
    for outcome, share, facility in OUTCOMES:
        least = len(FAULTS) if outcome == "faulty" else 2
        faults = list(FAULTS)
        for position in range(max(least, round(count * share / total))):
            fault = faults[position % len(faults)] if outcome == "faulty" else None
            planned.append(_plan_visit(rng, as_of, people, outcome, facility, fault))
    return planned


def _plan_visit(rng, as_of, people, outcome, facility, fault):
    condition = FAULTS[fault] if fault else Fault()
    kinds = [
        kind
        for kind in VISIT_KINDS
        if facility in (None, kind.facility) and condition.kind in (None, kind.name)
    ]
    while True:
        kind = rng.choices(kinds, [kind.share for kind in kinds])[0]
        person = rng.randrange(len(people))
        if _suits(people[person], kind, as_of, condition):
            break
    nearest, farthest = _DAYS_AGO[outcome]
    farthest = min(farthest, _FARTHEST_DAYS_AGO.get(people[person].payer, farthest))
    day = as_of - timedelta(days=rng.randint(min(nearest, farthest), farthest))
    planned = PlannedVisit(person, invent_visit(rng, kind), day, rng.randint(12, 20), outcome)
    return condition.apply(replace(planned, fault=fault)) if fault else planned


def _suits(person: Person, kind: VisitKind, as_of: date, condition: "Fault") -> bool:
    age_years = person.age_years(as_of)
    return (
        kind.age_from_years <= age_years <= kind.age_to_years
        and (person.payer is not None or not condition.needs_payer)
        and condition.payer in (None, person.payer)
    )


@dataclass(frozen=True)
class Fault:
    """Something that keeps a visit from being billed, and the visits it can happen to."""

    kind: str | None = None
    payer: str | None = None
    needs_payer: bool = False

    def apply(self, planned: PlannedVisit) -> PlannedVisit:
        """The visit with the fault in what is documented."""
        changes = _CHANGES.get(planned.fault)
        return changes(planned) if changes else planned


FAULTS = {
    "eligibility_unknown": Fault(needs_payer=True),
    "eligibility_inactive": Fault(needs_payer=True),
    "coverage_ended": Fault(needs_payer=True),
    "member_id_malformed": Fault(needs_payer=True),
    "authorization_missing": Fault("knee imaging", "bluepine"),
    "referral_missing": Fault("therapy", "medicaid"),
    "diagnosis_unspecific": Fault("chronic care"),
    "diagnosis_not_linked": Fault("sick visit"),
    "codes_incompatible": Fault("sick visit"),
    "units_over_limit": Fault("therapy"),
    "drug_code_missing": Fault("vitamin injection"),
    "charge_repeated": Fault("sick visit"),
    "description_missing": Fault("sick visit"),
    "price_missing": Fault("sick visit"),
    "consent_missing": Fault(),
    "note_unsigned": Fault(),
    "address_incomplete": Fault(),
    "filing_deadline_near": Fault(payer="meridian"),
    "filing_deadline_passed": Fault(payer="meridian"),
}


def _with_services(*services):
    return lambda planned: replace(planned, visit=replace(planned.visit, services=services))


def _older_by(days):
    return lambda planned: replace(planned, day=planned.day - timedelta(days=days))


_CHANGES = {
    "authorization_missing": lambda planned: replace(
        _with_services(Service("MR200", modifiers=("RT",), revenue="0610"))(planned),
        has_authorization=False,
    ),
    "referral_missing": lambda planned: replace(planned, has_authorization=False),
    "diagnosis_unspecific": lambda planned: replace(
        planned, visit=replace(planned.visit, diagnoses=("E11",))
    ),
    "diagnosis_not_linked": lambda planned: replace(
        planned, visit=planned.visit.without_diagnosis_pointers()
    ),
    "codes_incompatible": _with_services(Service("OV300"), Service("OV200")),
    "units_over_limit": _with_services(Service("PT100", units=9.0, modifiers=("GP",))),
    "drug_code_missing": _with_services(Service("IJ100"), Service("J3420", has_drug_code=False)),
    "charge_repeated": _with_services(Service("OV200"), Service("OV200")),
    "description_missing": _with_services(Service("OV100"), Service("ZZ999")),
    "price_missing": _with_services(Service("ED300", place="11")),
    "consent_missing": lambda planned: replace(planned, has_consent=False),
    "note_unsigned": lambda planned: replace(planned, is_signed=False),
    "filing_deadline_near": _older_by(62),
    "filing_deadline_passed": _older_by(100),
}
