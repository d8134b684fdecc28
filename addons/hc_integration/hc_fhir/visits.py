# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Coverage, Encounter and the Conditions that encounters and claims point to."""

from . import datatypes as types
from .records import Condition, Coverage, Encounter
from .value_sets import ENCOUNTER_CLASS, ENCOUNTER_STATUS, FINANCIAL_STATUS, RELATION


def read_coverage(element, key):
    """A Coverage with its one payer."""
    status = element.code("status", FINANCIAL_STATUS, required=True, value_set="fm-status")
    payers = types.references(element, "payor", required=True)
    if len(payers) > 1:
        element.report.warn(f"{element.path}.payor", "many_payers", "only the first one is taken")
    start, end = types.period(element, "period")
    identifiers = types.read_identifiers(element)
    relation = types.first_code(element, "relationship")
    kind = element.child("type")
    return Coverage(
        key=key,
        path=element.path,
        resource_id=element.text("id", limit=64),
        version=types.read_version(element),
        identifiers=types.pairs(identifiers),
        status=status,
        patient=types.reference(element, "beneficiary", required=True),
        payer=payers[0] if payers else None,
        member_id=element.text("subscriberId", limit=64)
        or next((value for _s, value, type_code, _u in identifiers if type_code == "MB"), ""),
        group_number=_read_class(element, "group"),
        plan_name=_read_class(element, "plan") or (kind.text("text") if kind else ""),
        relation=RELATION.get(relation, "other" if relation else ""),
        date_from=start.date() if start else None,
        date_to=end.date() if end else None,
        order=element.positive("order"),
    )


def _read_class(element, wanted):
    for item in element.children("class"):
        item.text("value", required=True)
        if types.first_code(item, "type", required=True) == wanted:
            return item.text("value", limit=64)
    return ""


def read_encounter(element, key):
    """An Encounter; finished ones are billed, cancelled ones cancelled."""
    status = element.code("status", ENCOUNTER_STATUS, required=True, value_set="encounter-status")
    coding = element.child("class", required=True)
    class_code = coding.code("code", required=True) if coding else ""
    if class_code and class_code not in ENCOUNTER_CLASS:
        element.report.warn(
            f"{element.path}.class.code", "unknown_code", "is not known here: taken as ambulatory"
        )
    start, end = types.period(element, "period")
    identifiers = types.read_identifiers(element)
    resource_id = element.text("id", limit=64)
    number = _visit_number(identifiers) or resource_id
    if not number or len(number) > 64:
        element.wrong("identifier", "a visit number of at most 64 characters is missing", "missing")
    return Encounter(
        key=key,
        path=element.path,
        resource_id=resource_id,
        version=types.read_version(element),
        identifiers=types.pairs(identifiers),
        number=number,
        state=ENCOUNTER_STATUS.get(status, "planned"),
        encounter_class=ENCOUNTER_CLASS.get(class_code, "ambulatory"),
        patient=types.reference(element, "subject"),
        facility=types.reference(element, "serviceProvider"),
        performer=_performer(element),
        coverages=(),
        started_at=start,
        ended_at=end,
        diagnoses=_diagnoses(element),
    )


def _visit_number(identifiers):
    """The visit number (type VN), else the account's, else the one identifier there is."""
    for wanted in ("VN", "AN"):
        for _system, value, kind, _use in identifiers:
            if kind == wanted:
                return value
    return identifiers[0][1] if len(identifiers) == 1 else ""


def _performer(element):
    """Who attended: the participant of type ATND, else the first person."""
    people = [
        (_participant_types(item), person)
        for item in element.children("participant")
        if (person := types.reference(item, "individual"))
    ]
    for kinds, person in people:
        if "ATND" in kinds:
            return person
    return people[0][1] if people else None


def _participant_types(item):
    return {code for concept in item.children("type") for _system, code in types.codes_of(concept)}


def _diagnoses(element):
    """Conditions by rank, else the reasons for the visit."""
    ranked = []
    for position, item in enumerate(element.children("diagnosis")):
        condition = types.reference(item, "condition", required=True)
        if condition:
            ranked.append((item.positive("rank") or 1000 + position, position, condition))
    if ranked:
        return tuple(condition for _rank, _position, condition in sorted(ranked, key=_by_rank))
    codes = [types.diagnosis_code(concept) for concept in element.children("reasonCode")]
    return tuple(dict.fromkeys(code for code in codes if code))


def _by_rank(entry):
    return entry[:2]


def read_condition(element, key):
    """A Condition, for its code only."""
    concept = element.child("code")
    return Condition(
        key=key,
        path=element.path,
        resource_id=element.text("id", limit=64),
        code=types.diagnosis_code(concept) if concept else "",
    )
