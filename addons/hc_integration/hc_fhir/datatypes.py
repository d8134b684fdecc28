# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What FHIR's general types say: identifiers, names, addresses, codes, references."""

from .records import Reference, Version
from .value_sets import ELEMENTS, MODIFIER_ELEMENTS

NPI_SYSTEM = "http://hl7.org/fhir/sid/us-npi"
_DIAGNOSIS_HINTS = ("icd-10", "icd10", "sid/icd")
_IDENTIFIER_USES = frozenset({"usual", "official", "temp", "secondary", "old"})


def check_shape(element, resource_type):
    """Refuse what changes the meaning unread; report elements that R4 does not have."""
    for name in MODIFIER_ELEMENTS:
        if element.has(name):
            element.wrong(name, "changes the meaning in a way not known here", "not_understood")
    unknown = element.value.keys() - ELEMENTS[resource_type]
    for name in sorted(name for name in unknown if not name.startswith("_"))[:10]:
        place = f"{element.path}.{name[:40]!a}"
        element.report.error(place, "unknown_element", f"is no element of {resource_type} in R4")


def read_version(element):
    """The version of a resource from its ``meta``."""
    meta = element.child("meta")
    if not meta:
        return Version()
    moment = meta.moment("lastUpdated")
    if moment is not None and moment.tzinfo is None:
        meta.wrong("lastUpdated", "must have a time and a zone", "bad_date")
        moment = None
    return Version(meta.text("versionId", limit=64), moment)


def read_identifiers(element, name="identifier"):
    """``[(system, value, type code, use)]``, those without value left out."""
    found = []
    for item in element.children(name):
        value = item.text("value", limit=128)
        kind = item.child("type")
        if value:
            found.append(
                (
                    item.text("system", limit=255),
                    value,
                    next(iter(codes_of(kind)), ("", ""))[1] if kind else "",
                    item.code("use", _IDENTIFIER_USES, value_set="identifier-use"),
                )
            )
    return found


def pairs(identifiers):
    """The (system, value) pairs of :func:`read_identifiers`."""
    return tuple((system, value) for system, value, _kind, _use in identifiers)


def codes_of(concept):
    """``[(system, code)]`` of a CodeableConcept."""
    return [
        (coding.text("system", limit=255), coding.code("code"))
        for coding in concept.children("coding")
        if coding.has("code")
    ]


def first_code(element, name, *, required=False):
    """The first code of a CodeableConcept; reported where the concept has none."""
    concept = element.child(name, required=required)
    if not concept:
        return ""
    found = next((code for _system, code in codes_of(concept) if code), "")
    if not found and required:
        concept.wrong("coding", "missing: a text alone cannot be billed", "missing")
    return found


def diagnosis_code(concept):
    """The ICD-10 code of a concept, else its first one."""
    codes = codes_of(concept)
    preferred = [code for system, code in codes if any(h in system for h in _DIAGNOSIS_HINTS)]
    return next(iter(preferred), codes[0][1] if codes else "")


def reference(element, name, *, required=False):
    """Where a Reference points, or None."""
    found = element.child(name, required=required)
    return as_reference(found) if found else None


def references(element, name, *, required=False):
    """Where the References of a list point."""
    return tuple(as_reference(item) for item in element.children(name, required=required))


def as_reference(item):
    """A Reference element as a value."""
    logical = item.child("identifier")
    identifiers = ()
    if logical and (value := logical.text("value", limit=128)):
        identifiers = ((logical.text("system", limit=255), value),)
    target = item.text("reference", limit=512)
    display = item.text("display", limit=255)
    if not (target or identifiers or display):
        item.wrong("reference", "missing", "missing")
    return Reference(item.path, target, identifiers, display)


def period(element, name):
    """(start, end) of a Period; reported where it ends before it starts."""
    found = element.child(name)
    if not found:
        return None, None
    start, end = found.moment("start"), found.moment("end")
    if start and end and _is_reversed(start, end):
        found.wrong("end", "is before the start", "dates_reversed")
        end = None
    return start, end


def _is_reversed(start, end):
    """Whether a period ends before it starts; a moment and a day are compared by their days."""
    if (start.tzinfo is None) != (end.tzinfo is None):
        return start.date() > end.date()
    return start > end


def best(items, uses):
    """The element whose ``use`` comes first in ``uses``, else the first one not old."""
    current = [item for item in items if item.value.get("use") not in ("old", "temp")]
    for use in uses:
        for item in current:
            if item.value.get("use") == use:
                return item
    return next(iter(current or items), None)
