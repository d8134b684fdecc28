# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""ChargeItem and Claim: one charge for each thing to be billed."""

from dataclasses import replace
from hashlib import sha256

from . import datatypes as types
from .records import Charge
from .value_sets import CHARGE_STATUS, CLAIM_USE, FINANCIAL_STATUS

_ID_LENGTH_MAX = 64
_REVENUE = "revenue"
_MODIFIER_HINT = "modifier"


def charge_id(*parts):
    """The charge's id here: readable where it fits, else a digest that is as unique."""
    text = "/".join(parts)
    if len(text) <= _ID_LENGTH_MAX:
        return text
    return f"{parts[0]}/{sha256(text.encode()).hexdigest()[:48]}"


def read_charge_item(element, key):
    """The charge of a ChargeItem, in a list; empty where it is not to be billed."""
    status = element.code("status", CHARGE_STATUS, required=True, value_set="chargeitem-status")
    code, modifiers, revenue = _item_codes(element, "code")
    quantity = element.child("quantity")
    resource_id = element.text("id", limit=64)
    number = resource_id or next((v for _s, v in types.pairs(types.read_identifiers(element))), "")
    if not number:
        element.wrong("id", "missing: a charge needs an id or an identifier", "missing")
    performers = [
        types.reference(item, "actor", required=True) for item in element.children("performer")
    ]
    start, _end = types.period(element, "occurrencePeriod")
    charge = Charge(
        key=key,
        path=element.path,
        resource_id=resource_id,
        version=types.read_version(element),
        kind="ChargeItem",
        external_id=charge_id("ChargeItem", number),
        encounter=types.reference(element, "context"),
        patient=types.reference(element, "subject", required=True),
        performer=next(iter(performers), None),
        facility=types.reference(element, "performingOrganization"),
        occurred_at=element.moment("occurrenceDateTime") or start,
        code=code,
        modifiers=modifiers,
        revenue_code=revenue,
        diagnoses=_reasons(element),
        is_final=CHARGE_STATUS.get(status) == "final",
        **_amounts(element, quantity, element.child("priceOverride"), "factorOverride"),
    )
    if CHARGE_STATUS.get(status) == "skipped":
        element.report.warn(f"{element.path}.status", "not_billable", f"{status}: not taken in")
        return []
    return [charge]


def _item_codes(element, name):
    """(procedure code, modifiers, revenue code) of the concept that says what was done."""
    concept = element.child(name, required=True)
    if not concept:
        return "", (), ""
    code, modifiers, revenue = "", [], ""
    for system, found in types.codes_of(concept):
        if _REVENUE in system.lower():
            revenue = revenue or found
        elif _MODIFIER_HINT in system.lower():
            modifiers.append(found)
        else:
            code = code or found
    if not code:
        concept.wrong("coding", "missing: a text alone cannot be billed", "missing")
    return code, tuple(modifiers), revenue


def _reasons(element):
    codes = [types.diagnosis_code(concept) for concept in element.children("reason")]
    return tuple(dict.fromkeys(code for code in codes if code))


def _amounts(element, quantity, price, factor_name):
    """Units and unit price; a factor other than 1 would change the price unseen."""
    factor = element.decimal(factor_name)
    if factor is not None and factor != 1:
        element.wrong(factor_name, "other than 1 is not taken in", "not_understood")
    amounts = {}
    units = quantity.decimal("value") if quantity else None
    if units is not None:
        amounts["units"] = units
    if price:
        price.code("currency")
        value = price.decimal("value", required=True)
        if value is not None:
            amounts["unit_price"] = value
    return amounts


def read_claim(element, key):
    """The charges of a Claim, one for each item; none of a draft, a cancelled or a forecast."""
    status = element.code("status", FINANCIAL_STATUS, required=True, value_set="fm-status")
    use = element.code("use", CLAIM_USE, required=True, value_set="claim-use")
    common = _claim_heading(element, key)
    diagnoses = _claim_diagnoses(element)
    items = element.children("item")
    sequences = [item.positive("sequence", required=True) for item in items]
    if len(set(sequences)) < len(sequences):
        element.wrong("item", "uses a sequence twice", "repeated")
    numbers = (value for _system, value in common["numbers"])
    common["external"] = common["resource_id"] or next(numbers, "")
    if not common["external"]:
        element.wrong("id", "missing: a claim needs an id or an identifier", "missing")
    charges = [
        _read_item(item, sequence, common, diagnoses)
        for item, sequence in zip(items, sequences, strict=True)
    ]
    if status and use and (status, use) != ("active", "claim"):
        element.report.warn(f"{element.path}.use", "not_billable", f"{status} {use}: not taken in")
        return []
    if not items:
        element.report.warn(f"{element.path}.item", "empty", "the claim charges nothing")
    # Many senders name the encounter with the first item only.
    visit = next((charge.encounter for charge in charges if charge.encounter), None)
    return [replace(charge, encounter=charge.encounter or visit) for charge in charges]


def _claim_heading(element, key):
    """What all items of a claim share; what R4 requires is required."""
    types.first_code(element, "type", required=True)
    element.moment("created", required=True)
    element.child("priority", required=True)
    provider = types.reference(element, "provider", required=True)
    start, _end = types.period(element, "billablePeriod")
    insurance = []
    for item in element.children("insurance", required=True):
        item.positive("sequence", required=True)
        if item.flag("focal") is None and not item.has("focal"):
            item.wrong("focal", "missing", "missing")
        coverage = types.reference(item, "coverage", required=True)
        if coverage:
            insurance.append((not item.value.get("focal"), coverage))
    team = [
        types.reference(item, "provider", required=True) for item in element.children("careTeam")
    ]
    return {
        "key": key,
        "resource_id": element.text("id", limit=64),
        "version": types.read_version(element),
        "numbers": types.pairs(types.read_identifiers(element)),
        "patient": types.reference(element, "patient", required=True),
        "facility": types.reference(element, "facility") or provider,
        "performer": next(iter(team), None),
        "coverages": tuple(coverage for _rest, coverage in sorted(insurance, key=lambda i: i[0])),
        "occurred_at": start,
        "authorization": _authorization(element),
    }


def _authorization(element):
    for item in element.children("insurance"):
        numbers = item.texts("preAuthRef", limit=64)
        if numbers:
            return numbers[0]
    return ""


def _claim_diagnoses(element):
    """``{sequence: code or reference}``."""
    found = {}
    for item in element.children("diagnosis"):
        sequence = item.positive("sequence", required=True)
        concept = item.child("diagnosisCodeableConcept")
        if concept:
            found[sequence] = types.diagnosis_code(concept)
        elif pointed := types.reference(item, "diagnosisReference", required=True):
            found[sequence] = pointed
    return found


def _read_item(item, sequence, common, diagnoses):
    code, modifiers, revenue = _item_codes(item, "productOrService")
    for concept in item.children("modifier"):
        modifiers += tuple(code for _system, code in types.codes_of(concept) if code)
    start, _end = types.period(item, "servicedPeriod")
    place = types.first_code(item, "locationCodeableConcept")
    pointed = _pointed_diagnoses(item, diagnoses)
    amounts = _amounts(item, item.child("quantity"), item.child("unitPrice"), "factor")
    if "unit_price" not in amounts and (net := item.child("net")):
        amounts["unit_price"] = _price_of_one(net, amounts.get("units"))
    return Charge(
        key=f"{common['key']}.item[{sequence}]",
        path=item.path,
        resource_id=common["resource_id"],
        version=common["version"],
        kind="Claim",
        external_id=charge_id("Claim", common["external"], str(sequence)),
        encounter=next(iter(types.references(item, "encounter")), None),
        patient=common["patient"],
        performer=common["performer"],
        facility=common["facility"],
        coverages=common["coverages"],
        occurred_at=item.moment("servicedDate") or start or common["occurred_at"],
        code=code,
        modifiers=modifiers,
        revenue_code=types.first_code(item, "revenue") or revenue,
        place_of_service=place if place.isdigit() else "",
        diagnoses=pointed,
        authorization_number=common["authorization"],
        is_final=True,
        **amounts,
    )


def _pointed_diagnoses(item, diagnoses):
    """The diagnoses that an item points to; all of the claim's where it points to none."""
    pointers = item.value.get("diagnosisSequence")
    if pointers is None:
        return tuple(diagnoses[number] for number in sorted(diagnoses) if diagnoses[number])
    if not isinstance(pointers, list) or not all(
        isinstance(number, int) and number in diagnoses for number in pointers
    ):
        item.wrong("diagnosisSequence", "points to no diagnosis of the claim", "unresolved")
        return ()
    return tuple(dict.fromkeys(diagnoses[number] for number in pointers if diagnoses[number]))


def _price_of_one(net, units):
    """The net amount of one unit, where it divides without rest to the cent."""
    net.code("currency")
    value = net.decimal("value", required=True)
    if value is None or units in (None, 1):
        return value
    price = value / units if units else None
    if price is None or price != round(price, 4):
        net.wrong("value", "does not divide by the quantity: send unitPrice", "bad_number")
        return None
    return price
