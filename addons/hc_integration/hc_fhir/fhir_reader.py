# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""FHIR R4 JSON: a Bundle or one resource, as an :class:`intake.Intake`."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from . import charges, datatypes, documents, people, visits
from .elements import Element
from .findings import DocumentError, Finding, Report
from .intake import Entry, Intake
from .json_reader import JsonLimits, load_json
from .records import Record
from .value_sets import BUNDLE_TYPES, TAKEN_BUNDLES

MAX_ENTRIES = 20_000
_MAX_CONTAINED = 50

_READERS: Mapping[str, Callable] = MappingProxyType(
    {
        "Patient": people.read_patient,
        "Practitioner": people.read_practitioner,
        "Organization": people.read_organization,
        "Coverage": visits.read_coverage,
        "Encounter": visits.read_encounter,
        "Condition": visits.read_condition,
        "ChargeItem": charges.read_charge_item,
        "Claim": charges.read_claim,
        "DocumentReference": documents.read_document_reference,
    }
)
# Read for what others say by pointing to it; its own faults keep nothing out.
_SUPPORTING = ("Condition",)


def read_fhir(content, *, limits=None, base_url=""):
    """Read a FHIR R4 document.

    :param bytes content: JSON, UTF-8
    :param limits: a ``JsonLimits``, or None for the usual ones
    :param str base_url: address of the sender's FHIR server, where known
    :return: :class:`intake.Intake`; faults of single resources are findings of its entries
    :raises DocumentError: it is no JSON within the limits, no resource, or a bundle of a kind that
        is not taken in
    """
    document = load_json(content, limits or JsonLimits())
    if not isinstance(document, dict) or not isinstance(document.get("resourceType"), str):
        raise DocumentError("not_fhir", "The document is no FHIR resource: it has no resourceType.")
    intake = Intake(base_url=base_url.rstrip("/"))
    if document["resourceType"] == "Bundle":
        for position, path, full_url, resource in _bundle_entries(document, intake):
            _read_entry(intake, position, path, full_url, resource)
    else:
        path = document["resourceType"][:64]
        if path not in _READERS:
            raise DocumentError(
                "not_taken", f"Resources of type {path!a} are not taken in. See the guide."
            )
        _read_entry(intake, 1, path, "", document)
    return intake


def _bundle_entries(bundle, intake):
    """The resources of a bundle with their places; entries without one are noted.

    A bundle may hold the pages of an answer as bundles: of what several of them hold, the newest
    version counts.
    """
    found = []
    for position, path, full_url, resource in _own_entries(bundle, "Bundle", intake):
        if resource.get("resourceType") != "Bundle":
            found.append((position, path, full_url, resource))
            continue
        found.extend((position, *rest) for _inner, *rest in _own_entries(resource, path, intake))
    if len(found) > MAX_ENTRIES:
        raise _too_many_entries("Bundle")
    is_paged = any(path.count(".resource") > 1 for _position, path, _url, _resource in found)
    return _newest(found) if is_paged else found


def _newest(found):
    """Of entries with one type and id, the one changed last."""
    newest = {}
    for entry in found:
        resource = entry[3]
        key = (str(resource.get("resourceType")), str(resource.get("id") or entry[1]))
        known = newest.get(key)
        if known is None or _changed_at(resource) >= _changed_at(known[3]):
            newest[key] = entry
    return sorted(newest.values(), key=lambda entry: entry[0])


def _changed_at(resource):
    meta = resource.get("meta")
    return str(meta.get("lastUpdated", "")) if isinstance(meta, dict) else ""


def _too_many_entries(path):
    return DocumentError(
        "bad_bundle", f"{path}.entry: must be a list of at most {MAX_ENTRIES} entries."
    )


def _own_entries(bundle, path, intake):
    report = Report()
    kind = Element(bundle, path, report).code(
        "type", BUNDLE_TYPES, required=True, value_set="bundle-type"
    )
    if report.errors:
        raise DocumentError("bad_bundle", f"{report.errors[0]}.")
    if kind not in TAKEN_BUNDLES:
        raise DocumentError(
            "bad_bundle",
            f"{path}.type: {kind} is not taken in. Send a transaction, batch, collection or "
            "searchset.",
        )
    entries = bundle.get("entry", [])
    if not isinstance(entries, list) or len(entries) > MAX_ENTRIES:
        raise _too_many_entries(path)
    for position, entry in enumerate(entries):
        place = f"{path}.entry[{position}]"
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if not isinstance(resource, dict):
            _refuse(intake, position + 1, f"{place}.resource", "missing", "missing")
            continue
        if _is_deletion(entry):
            _refuse(intake, position + 1, f"{place}.request.method", "not_taken", "cannot delete")
            continue
        full_url = entry.get("fullUrl")
        full_url = full_url if isinstance(full_url, str) and len(full_url) <= 512 else ""
        yield position + 1, f"{place}.resource", full_url, resource


def _is_deletion(entry):
    request = entry.get("request")
    return isinstance(request, dict) and request.get("method") == "DELETE"


def _refuse(intake, position, path, code, message):
    finding = Finding(path, code, message)
    intake.entries.append(Entry(position, path, "", "", (), (finding,)))


def _read_entry(intake, position, path, full_url, resource):
    resource_type = resource.get("resourceType")
    reader = _READERS.get(resource_type) if isinstance(resource_type, str) else None
    if reader is None:
        if not isinstance(resource_type, str):
            _refuse(intake, position, f"{path}.resourceType", "missing", "missing")
        else:
            intake.ignored[resource_type[:64]] += 1
        return
    report = Report()
    element = Element(resource, path, report)
    resource_id = element.text("id", limit=64)
    key = f"{resource_type}/{resource_id}" if resource_id else (full_url or path)
    if resource_type not in _SUPPORTING:
        datatypes.check_shape(element, resource_type)
    if key in intake.aliases:
        element.wrong("id", "is used twice in the document", "repeated")
        key = path
    _read_contained(intake, element)
    read = reader(element, key)
    records = tuple(read) if isinstance(read, list) else (read,)
    is_refused = bool(report.error_count) and resource_type not in _SUPPORTING
    _file_records(intake, records, key, full_url, is_refused)
    if resource_type not in _SUPPORTING:
        intake.entries.append(
            Entry(position, path, resource_type, resource_id, records, tuple(report.findings))
        )


def _file_records(intake, records, key, full_url, is_refused):
    if is_refused:
        # Whoever points to it learns that it was refused, not that it is unknown.
        intake.refused.add(key)
        intake.aliases.setdefault(key, key)
        if full_url:
            intake.aliases.setdefault(full_url, key)
    for record in records:
        names = (full_url,) if record.key == key else ()
        intake.add(record, *names, is_refused=is_refused)


def _read_contained(intake, element):
    """Resources inside another one, which only it can point to."""
    for position, item in enumerate(element.children("contained")[:_MAX_CONTAINED]):
        kind = item.value.get("resourceType")
        reader = _READERS.get(kind) if isinstance(kind, str) else None
        local_id = item.value.get("id")
        if reader is None or not isinstance(local_id, str):
            continue
        report = Report()
        inner = Element(item.value, f"{element.path}.contained[{position}]", report)
        record = reader(inner, f"{element.path}#{local_id}")
        if isinstance(record, Record) and (not report.error_count or kind in _SUPPORTING):
            intake.add(record)
        elif report.errors:
            element.report.findings.extend(report.findings)
            element.report.error_count += report.error_count
