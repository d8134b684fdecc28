# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Patient, Practitioner and Organization."""

from . import datatypes as types
from .records import Organization, Patient, Practitioner
from .value_sets import GENDER

_GENDER_SET = "administrative-gender"
_NAME_USES = ("official", "usual")
_ADDRESS_USES = ("home", "billing")


def read_patient(element, key):
    """A Patient; refused without anything that could be a record number."""
    identifiers = types.read_identifiers(element)
    resource_id = element.text("id", limit=64)
    mrn = _record_number(identifiers) or resource_id
    if not mrn:
        element.wrong("identifier", "missing: send the record number (type MR)", "missing")
    elif len(mrn) > 64:
        element.wrong("identifier", "the record number has more than 64 characters", "too_long")
    name = types.best(element.children("name"), _NAME_USES)
    return Patient(
        key=key,
        path=element.path,
        resource_id=resource_id,
        version=types.read_version(element),
        identifiers=types.pairs(identifiers),
        mrn=mrn,
        last_name=name.text("family", limit=100) if name else "",
        first_name=" ".join(name.texts("given", limit=100))[:100] if name else "",
        birth_date=element.day("birthDate"),
        death_date=_death_date(element),
        sex=element.code("gender", GENDER, value_set=_GENDER_SET) or "unknown",
        **_read_address(element),
        **_read_contacts(element),
    )


def _record_number(identifiers):
    """The medical record number: type MR, else the one number that is nothing else."""
    for wanted_use in (("usual", "official", ""), ("secondary", "temp", "old")):
        for _system, value, kind, use in identifiers:
            if kind == "MR" and use in wanted_use:
                return value
    untyped = [value for _system, value, kind, use in identifiers if not kind and use != "old"]
    return untyped[0] if len(untyped) == 1 else ""


def _death_date(element):
    moment = element.moment("deceasedDateTime")
    element.flag("deceasedBoolean")
    return moment.date() if moment else None


def _read_address(element):
    address = types.best(element.children("address"), _ADDRESS_USES)
    if not address:
        return {}
    return {
        "street": " ".join(address.texts("line"))[:200],
        "city": address.text("city", limit=100),
        "state": address.text("state", limit=64),
        "zip": address.text("postalCode", limit=16),
    }


def _read_contacts(element):
    found = {}
    for contact in element.children("telecom"):
        system = contact.code("system")
        if system in ("phone", "email") and contact.value.get("use") != "old":
            value = contact.text("value", limit=128)
            if value:
                found.setdefault(system, value)
    return found


def read_practitioner(element, key):
    """A Practitioner; known here by the NPI."""
    identifiers = types.read_identifiers(element)
    element.code("gender", GENDER, value_set=_GENDER_SET)
    return Practitioner(
        key=key,
        path=element.path,
        resource_id=element.text("id", limit=64),
        version=types.read_version(element),
        identifiers=types.pairs(identifiers),
        npi=_find_npi(identifiers),
    )


def read_organization(element, key):
    """An Organization; R4 (org-1) wants a name or an identifier."""
    identifiers = types.read_identifiers(element)
    name = element.text("name", limit=255)
    if not (name or identifiers):
        element.wrong("name", "missing: an organization needs a name or an identifier", "missing")
    return Organization(
        key=key,
        path=element.path,
        resource_id=element.text("id", limit=64),
        version=types.read_version(element),
        identifiers=types.pairs(identifiers),
        name=name,
        npi=_find_npi(identifiers),
    )


def _find_npi(identifiers):
    return next(
        (
            value
            for system, value, kind, _use in identifiers
            if system == types.NPI_SYSTEM or kind == "NPI"
        ),
        "",
    )
