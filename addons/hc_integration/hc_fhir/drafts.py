# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What is to be done with a document: one draft for each record, in the order of doing.

A draft's cells are those of a charge file (see the base's import), so that a visit or charge is
checked exactly as one that came as CSV. Codes of facilities and payers are the receiver's;
:class:`Naming` translates.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from types import MappingProxyType

from . import npi_digits
from .datatypes import NPI_SYSTEM
from .findings import Finding
from .places import element_path
from .records import (
    Charge,
    Condition,
    Coverage,
    Document,
    Encounter,
    Organization,
    Patient,
    Practitioner,
    Record,
)

KINDS = ("refused", "noted", "patient", "coverage", "visit", "document", "charge")
_LATEST_COVERAGE_YEAR = 2199
_COMMON = ("Organization", "Practitioner")
# A visit's coverage may be a mere name; these mean that nobody else pays.
SELF_PAY_NAMES = frozenset({"no_insurance", "no insurance", "self-pay", "self pay", "self_pay"})


@dataclass(frozen=True, slots=True)
class Naming:
    """The receiver's codes by the names that senders use, in small letters.

    :ivar places: name → (facility code, time zone)
    :ivar payers: name → payer code
    :ivar default_place: where the sender names none, and has only one
    """

    places: Mapping[str, tuple[str, tzinfo]]
    payers: Mapping[str, str]
    default_place: tuple[str, tzinfo] | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """One record on its way in.

    :ivar source_kind: resource type or segment that it comes from
    :ivar paths: paths of the records that its cells come from, by role
    :ivar visits: (facility code, number) of the visits that must wait if this is refused
    """

    kind: str
    position: int
    source_kind: str
    path: str
    resource_id: str = ""
    external_id: str = ""
    record: Record | None = None
    cells: Mapping[str, str] = field(default_factory=dict)
    paths: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    visits: tuple[tuple[str, str], ...] = ()

    @property
    def errors(self):
        """What keeps the record out."""
        return tuple(finding for finding in self.findings if finding.is_error)


def names_of(intake, reference, owner):
    """Every name under which an organization may be known, the most telling first."""
    found = intake.find(reference, owner, "Organization")
    names = []
    if isinstance(found, Organization):
        names += [found.npi, *(value for _system, value in found.identifiers)]
        names += [found.resource_id, found.name]
    if reference is not None:
        names += [value for _system, value in reference.identifiers]
        names += [reference.target.rpartition("/")[2], reference.display]
    return tuple(dict.fromkeys(name.casefold() for name in names if name))


def names_needed(intake):
    """(names of facilities, names of payers) that the document's records speak of."""
    facilities, payers = set(), set()
    for record in [*intake.records.values()]:
        if isinstance(record, (Encounter, Charge)):
            facilities.update(names_of(intake, record.facility, record))
        if isinstance(record, Coverage):
            payers.update(names_of(intake, record.payer, record))
        if isinstance(record, Charge):
            for reference in record.coverages:
                payers.update(names_of(intake, reference, record))
    return facilities, payers


def build_drafts(intake, naming):
    """The drafts of a document, in the order in which they are to be done.

    :return: a list; the same document and naming give the same list
    """
    builder = _Builder(intake, naming)
    drafts = [draft for entry in intake.entries for draft in builder.drafts_of(entry)]
    return sorted(drafts, key=lambda draft: KINDS.index(draft.kind))


class _Builder:
    """The drafts of one document."""

    def __init__(self, intake, naming):
        self.intake = intake
        self.naming = naming
        self.charge_kinds = {}
        self.has_open_charges = {}
        self.coverages = {}
        self.visits = {}
        self.own_coverages = {}
        for record in intake.records.values():
            if isinstance(record, Charge):
                key = intake.key_of(record.encounter, record, "Encounter")
                self.charge_kinds.setdefault(key, {}).setdefault(record.kind, record)
                self.has_open_charges[key] = self.has_open_charges.get(key) or not record.is_final
            elif isinstance(record, Coverage):
                key = intake.key_of(record.patient, record, "Patient")
                self.coverages.setdefault(key, []).append(record)
            elif isinstance(record, Encounter) and (place := self._place(record)):
                key = intake.key_of(record.patient, record, "Patient")
                self.visits.setdefault(key, []).append((place[0], record.number))

    def drafts_of(self, entry):
        """The drafts of one entry, one at least."""
        common = {
            "position": entry.position,
            "source_kind": entry.resource_type,
            "resource_id": entry.resource_id,
        }
        if entry.is_refused or not entry.records:
            kind = "refused" if entry.is_refused else "noted"
            visits = self._visits_of(entry)
            findings = entry.findings
            return [Draft(kind, path=entry.path, findings=findings, visits=visits, **common)]
        drafts = []
        for index, record in enumerate(entry.records):
            # What was noted on the resource is said once.
            findings = list(entry.findings) if not index else []
            drafts.append(self._draft(record, common, findings))
        return drafts

    def _visits_of(self, entry):
        """The visits that a resource charges or is."""
        found = []
        for record in entry.records:
            if isinstance(record, Charge):
                record = self.intake.find(record.encounter, record, "Encounter")
            if isinstance(record, Encounter) and (place := self._place(record)):
                found.append((place[0], record.number))
        return tuple(dict.fromkeys(found))

    def _draft(self, record, common, findings):
        for kind, build in _BUILDERS.items():
            if isinstance(record, kind):
                return build(self, record, common, findings)
        return Draft("noted", path=record.path, record=record, findings=tuple(findings), **common)

    def _patient(self, record, common, findings):
        return Draft(
            "patient",
            path=record.path,
            record=record,
            cells=_patient_cells(record),
            paths=_paths(record, record, None, None),
            findings=tuple(findings),
            visits=tuple(self.visits.get(record.key, ())),
            **common,
        )

    def _coverage(self, record, common, findings):
        patient = self._pointed(record, "patient", "beneficiary", "Patient", findings)
        cells = _patient_cells(patient) | self._payer_cells(record, findings)
        if not cells.get("payer_code"):
            findings.append(
                Finding(f"{record.path}.payor", "self_pay", "nobody else pays", is_error=False)
            )
        return Draft(
            "coverage",
            path=record.path,
            record=record,
            cells=cells,
            paths=_paths(record, patient, record, None),
            findings=tuple(findings),
            **common,
        )

    def _document(self, record, common, findings):
        patient = self._pointed(record, "patient", "subject", "Patient", findings)
        cells = _patient_cells(patient)
        encounter = None
        if record.encounter:
            place = "context.encounter"
            encounter = self._pointed(record, "encounter", place, "Encounter", findings)
        if encounter:
            cells |= {"encounter_number": encounter.number}
        return Draft(
            "document",
            path=record.path,
            record=record,
            cells=cells,
            paths=_paths(record, patient, None, encounter),
            findings=tuple(findings),
            **common,
        )

    def _visit(self, record, common, findings):
        patient = self._pointed(record, "patient", "subject", "Patient", findings)
        coverage = self._coverage_of(record, self.charge_kinds.get(record.key, {}).values())
        kind = common["source_kind"]
        if record.started_at is None:
            place = element_path(kind, "encounter_start", {"encounter": record.path})
            findings.append(Finding(place, "missing", "missing"))
        cells = self._visit_cells(record, patient, coverage, findings, kind)
        if record.started_at:
            cells["service_date"] = self._day(record.started_at, record).isoformat()
        cells["performer_npi"] = self._npi(record, record, findings)
        cells["diagnosis_codes"] = " ".join(self._diagnoses(record, findings))
        return Draft(
            "visit",
            path=record.path,
            record=record,
            cells=cells,
            paths=_paths(record, patient, coverage, record),
            findings=tuple(findings),
            visits=((cells["facility_code"], record.number),),
            **common,
        )

    def _charge(self, record, common, findings):
        encounter = self._pointed(record, "encounter", "context", "Encounter", findings)
        patient = self._pointed(record, "patient", "subject", "Patient", findings)
        moment = record.occurred_at or (encounter and encounter.started_at)
        if moment is None:
            findings.append(Finding(record.path, "missing", "the day of the service is missing"))
        if encounter and self._is_charged_twice(record, encounter):
            findings.append(
                Finding(record.path, "charged_twice", "the visit has ChargeItems: these are taken")
            )
        coverage = self._coverage_of(encounter, [record]) if encounter else None
        cells = {"external_id": record.external_id}
        if encounter:
            kind = common["source_kind"]
            cells |= self._visit_cells(encounter, patient, coverage, findings, kind)
        if moment:
            cells["service_date"] = self._day(moment, encounter or record).isoformat()
        cells |= {
            "performer_npi": self._npi(record, encounter, findings),
            "procedure_code": record.code,
            "modifiers": " ".join(record.modifiers),
            "units": f"{record.units:f}",
            "unit_price": "" if record.unit_price is None else f"{record.unit_price:f}",
            "revenue_code": record.revenue_code,
            "place_of_service": record.place_of_service,
            "diagnosis_codes": " ".join(self._diagnoses(record, findings)),
            "authorization_number": record.authorization_number,
        }
        return Draft(
            "charge",
            path=record.path,
            external_id=record.external_id,
            record=record,
            cells=cells,
            paths=_paths(record, patient, coverage, encounter),
            findings=tuple(findings),
            visits=((cells["facility_code"], encounter.number),) if encounter else (),
            **common,
        )

    def _is_charged_twice(self, record, encounter):
        """A Claim beside ChargeItems for one visit says the same money again."""
        return record.kind == "Claim" and "ChargeItem" in self.charge_kinds.get(encounter.key, ())

    def _pointed(self, record, attribute, element, kind, findings):
        """The record that another one needs; a finding where it is not to be had."""
        reference = getattr(record, attribute)
        if reference is None:
            findings.append(Finding(f"{record.path}.{element}", "missing", "missing"))
            return None
        key = self.intake.key_of(reference, record, kind)
        found = self.intake.records.get(key)
        if found is not None and type(found).__name__ == kind:
            return found
        if key in self.intake.refused:
            message = "points to a resource that was refused"
            findings.append(Finding(reference.path, "refused_reference", message))
        else:
            message = f"points to no {kind} of the document, and to none received before"
            findings.append(Finding(reference.path, "unresolved", message))
        return None

    def _visit_cells(self, encounter, patient, coverage, findings, kind):
        place = self._place(encounter)
        cells = _patient_cells(patient) | {
            "facility_code": place[0] if place else "",
            "encounter_number": encounter.number,
            "encounter_class": encounter.encounter_class,
            "encounter_start": _moment_cell(encounter.started_at),
            "encounter_end": _moment_cell(encounter.ended_at, encounter.started_at),
            "encounter_status": "completed" if encounter.state == "completed" else "in_progress",
            "coding_approved": "yes" if self.has_open_charges.get(encounter.key) is False else "no",
        }
        if not place:
            names = names_of(self.intake, encounter.facility, encounter)
            what = "is no facility known here" if names else "missing: name the facility"
            path = element_path(kind, "facility_code", {"encounter": encounter.path})
            findings.append(Finding(path, "facility_unknown", what))
        if isinstance(coverage, Coverage):
            cells |= self._payer_cells(coverage, findings)
        elif coverage is not None:
            cells["payer_code"] = self._payer_code(coverage, encounter, findings)
        return cells

    def _place(self, record):
        names = names_of(self.intake, record.facility, record)
        found = (self.naming.places[name] for name in names if name in self.naming.places)
        return next(found, None if names else self.naming.default_place)

    def _day(self, moment, record):
        """The day at the facility; a bare day is that day everywhere."""
        place = self._place(record)
        if moment.tzinfo is None or not place:
            return moment.date()
        try:
            return moment.astimezone(place[1]).date()
        except OverflowError:
            return moment.date()

    def _coverage_of(self, encounter, charges):
        """The Coverage that pays first: what a claim says, else the patient's own; or a name."""
        for charge in charges:
            for reference in charge.coverages:
                found = self.intake.find(reference, charge, "Coverage")
                if isinstance(found, Coverage) or reference.display:
                    return found if isinstance(found, Coverage) else reference
        if encounter.key not in self.own_coverages:
            key = self.intake.key_of(encounter.patient, encounter, "Patient")
            usable = [
                coverage
                for coverage in self.coverages.get(key, ())
                if coverage.status == "active" and _covers(coverage, encounter.started_at)
            ]
            best = min(usable, key=lambda coverage: coverage.order or 99, default=None)
            self.own_coverages[encounter.key] = best
        return self.own_coverages[encounter.key]

    def _payer_cells(self, coverage, findings):
        payer_code = self._payer_code(coverage.payer, coverage, findings)
        if not payer_code:
            return {}
        end = coverage.date_to
        return {
            "payer_code": payer_code,
            "member_id": coverage.member_id,
            "subscriber_relation": coverage.relation,
            "coverage_start": coverage.date_from.isoformat() if coverage.date_from else "",
            # 9999-12-31 is what senders write where nothing ends.
            "coverage_end": end.isoformat() if end and end.year <= _LATEST_COVERAGE_YEAR else "",
        }

    def _payer_code(self, reference, owner, findings):
        names = names_of(self.intake, reference, owner)
        if not names or SELF_PAY_NAMES.intersection(names):
            return ""
        for name in names:
            if name in self.naming.payers:
                return self.naming.payers[name]
        findings.append(Finding(reference.path, "payer_unknown", "is no payer known here"))
        return ""

    def _npi(self, record, fallback, findings):
        """The performer's NPI; one that is none is left out, and said."""
        for owner in (record, fallback):
            reference = owner.performer if owner else None
            if reference is None:
                continue
            found = self.intake.find(reference, owner, "Practitioner")
            number = found.npi if isinstance(found, Practitioner) else ""
            number = number or dict(reference.identifiers).get(NPI_SYSTEM, "")
            if npi_digits.is_npi(number):
                return number
            message = "has no valid NPI and was left out"
            findings.append(Finding(reference.path, "npi_missing", message, is_error=False))
            return ""
        return ""

    def _diagnoses(self, record, findings):
        codes = []
        for diagnosis in record.diagnoses:
            if isinstance(diagnosis, str):
                codes.append(diagnosis)
                continue
            found = self.intake.find(diagnosis, record, "Condition")
            if isinstance(found, Condition) and found.code:
                codes.append(found.code)
            else:
                message = "points to no Condition with a code in the document"
                findings.append(Finding(diagnosis.path, "unresolved", message))
        return tuple(dict.fromkeys(codes))


_BUILDERS = MappingProxyType(
    {
        Patient: _Builder._patient,
        Coverage: _Builder._coverage,
        Encounter: _Builder._visit,
        Charge: _Builder._charge,
        Document: _Builder._document,
    }
)


def _patient_cells(patient):
    if patient is None:
        return {}
    return {
        "patient_mrn": patient.mrn,
        "patient_last_name": patient.last_name,
        "patient_first_name": patient.first_name,
        "patient_birth_date": patient.birth_date.isoformat() if patient.birth_date else "",
        "patient_sex": patient.sex,
        "patient_street": patient.street,
        "patient_city": patient.city,
        "patient_state": patient.state,
        "patient_zip": patient.zip,
    }


def _moment_cell(moment, like=None):
    """A moment as a cell; of a period both ends must have a zone, or none."""
    if moment is None:
        return ""
    if like is not None and (moment.tzinfo is None) != (like.tzinfo is None):
        return ""
    return moment.isoformat(timespec="seconds")


def _covers(coverage, moment):
    if moment is None:
        return True
    day = moment.date()
    return not (
        (coverage.date_from and day < coverage.date_from)
        or (coverage.date_to and coverage.date_to < day)
    )


def _paths(own, patient, coverage, encounter):
    roles = {"own": own, "patient": patient, "coverage": coverage, "encounter": encounter}
    return {role: record.path for role, record in roles.items() if record is not None}
