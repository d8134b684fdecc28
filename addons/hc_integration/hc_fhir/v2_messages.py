# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""HL7 v2 ADT and DFT messages as the records that FHIR resources become too.

A01 (admit), A04 (register), A08 (update), A03 (discharge: the visit is over), A11 (cancel admit),
P03 (charges).
"""

from types import MappingProxyType

from . import v2_charges, v2_fields
from .findings import Report
from .intake import Entry, Intake
from .records import Coverage, Encounter, Organization, Patient, Practitioner, Reference, Version
from .v2_reader import read_message

# Event → what it says of the visit; None: what the visit's own fields say.
TAKEN_EVENTS = MappingProxyType(
    {
        "ADT^A01": "in_progress",
        "ADT^A03": "completed",
        "ADT^A04": "in_progress",
        "ADT^A08": None,
        "ADT^A11": "cancelled",
        "DFT^P03": None,
    }
)
# PV1-2 (table 0004) → class of encounter.
_CLASSES = MappingProxyType(
    {"I": "inpatient", "E": "emergency", "O": "ambulatory", "R": "ambulatory", "B": "inpatient"}
)
# PID-8 (table 0001) → sex.
_SEXES = MappingProxyType({"F": "female", "M": "male", "O": "other", "A": "other", "N": "other"})
# IN1-17 (table 0063) → relation.
_RELATIONS = MappingProxyType({"SEL": "self", "SPO": "spouse", "CHD": "child"})


def read_hl7(content):
    """Read one message.

    :param bytes content: one ADT or DFT message
    :return: :class:`intake.Intake`; what is wrong are findings of its entries, by segment and
        field (``PID-3``)
    :raises DocumentError: it is no message
    """
    message = read_message(content)
    intake = Intake()
    report = Report()
    if message.event not in TAKEN_EVENTS:
        report.error("MSH-9", "not_taken", "is an event that is not taken in. See the guide")
    _check_known(message, intake)
    version = Version("", v2_fields.moment(message.header, 7, report))
    _add(intake, message.header, "MSH", (), report)
    _read_patient(intake, message, version)
    for segment in message.select("IN1"):
        _read_insurance(intake, segment)
    _read_visit(intake, message, version)
    v2_charges.read_charges(intake, message)
    if report.errors:
        # Without a known event nothing is known of what the segments mean.
        intake.records.clear()
        intake.entries[:] = intake.entries[:1]
    return intake


def _check_known(message, intake):
    """Segments that billing has no use for are counted, like resources of other types."""
    for segment in message.segments:
        if segment.name not in ("MSH", "EVN", "PID", "PV1", "IN1", "FT1", "DG1"):
            intake.ignored[segment.name] += 1


def _add(intake, segment, kind, records, report, names=()):
    findings = tuple(report.findings)
    entry = Entry(segment.position, segment.path, kind, "", tuple(records), findings)
    intake.entries.append(entry)
    for record in records:
        intake.add(record, *names, is_refused=entry.is_refused)


def _read_patient(intake, message, version):
    segment = message.first("PID")
    report = Report()
    if segment is None:
        report.error("PID", "missing", "missing")
        _add(intake, message.header, "PID", (), report)
        return
    mrn = _record_number(segment)
    if not mrn or len(mrn) > 64:
        report.error("PID-3", "missing", "a record number of at most 64 characters is missing")
    born, died = (v2_fields.moment(segment, field, report) for field in (7, 29))
    patient = Patient(
        key=f"Patient/{mrn}",
        path="PID",
        resource_id=mrn[:64],
        version=version,
        mrn=mrn,
        last_name=segment.get(5)[:100],
        first_name=" ".join(filter(None, (segment.get(5, 2), segment.get(5, 3))))[:100],
        birth_date=born.date() if born else None,
        death_date=died.date() if died else None,
        sex=_SEXES.get(segment.get(8).upper(), "unknown"),
        street=" ".join(filter(None, (segment.get(11), segment.get(11, 2))))[:200],
        city=segment.get(11, 3)[:100],
        state=segment.get(11, 4)[:64],
        zip=segment.get(11, 5)[:16],
        phone=segment.get(13)[:64],
    )
    _add(intake, segment, "PID", (patient,), report, ("PID",))


def _record_number(segment):
    """The identifier of type MR, else the first one (PID-3 repeats)."""
    count = segment.repetitions(3)
    for repetition in range(count):
        if segment.get(3, 5, repetition) == "MR":
            return segment.get(3, 1, repetition)
    return segment.get(3)


def _read_insurance(intake, segment):
    report = Report()
    names = [segment.get(3), segment.get(4), segment.get(2)]
    start, end = (v2_fields.moment(segment, field, report) for field in (12, 13))
    if not any(names):
        report.error(f"{segment.path}-3", "missing", "missing: name the payer")
    payer = Organization(
        key=f"{segment.path}-3",
        path=f"{segment.path}-3",
        resource_id="",
        identifiers=tuple(("", name) for name in names if name),
        name=segment.get(4),
    )
    relation = segment.get(17).upper()
    coverage = Coverage(
        key=f"{segment.path}#{segment.get(3)}|{segment.get(36)}",
        path=segment.path,
        resource_id="",
        patient=Reference("PID", "PID"),
        payer=Reference(payer.path, payer.key),
        member_id=(segment.get(36) or segment.get(49))[:64],
        group_number=segment.get(8)[:64],
        plan_name=segment.get(9)[:64],
        relation=_RELATIONS.get(relation, "other" if relation else ""),
        date_from=start.date() if start else None,
        date_to=end.date() if end else None,
        order=segment.number,
    )
    intake.add(payer)
    _add(intake, segment, "IN1", (coverage,), report)


def _read_visit(intake, message, version):
    segment = message.first("PV1")
    report = Report()
    if segment is None:
        report.error("PV1", "missing", "missing")
        _add(intake, message.header, "PV1", (), report)
        return
    number = segment.get(19) or segment.get(50)
    if not number or len(number) > 64:
        report.error("PV1-19", "missing", "a visit number of at most 64 characters is missing")
    started, ended = (v2_fields.moment(segment, field, report) for field in (44, 45))
    if started is None and (occurred := _event_moment(message)):
        started = occurred
    facility = _facility(message, segment)
    attending = Practitioner(key="PV1-7", path="PV1-7", resource_id="", npi=segment.get(7))
    visit = Encounter(
        key=f"Encounter/{number}",
        path="PV1",
        resource_id=number[:64],
        version=version,
        number=number,
        state=TAKEN_EVENTS.get(message.event) or ("completed" if ended else "in_progress"),
        encounter_class=_CLASSES.get(segment.get(2).upper(), "ambulatory"),
        patient=Reference("PID", "PID"),
        facility=Reference("PV1-3.4", facility.key) if facility else None,
        performer=Reference("PV1-7", "PV1-7") if attending.npi else None,
        started_at=started,
        ended_at=ended,
        diagnoses=v2_charges.read_diagnoses(message),
    )
    intake.add(attending)
    if facility:
        intake.add(facility)
    _add(intake, segment, "PV1", (visit,), report, ("PV1",))


def _event_moment(message):
    event = message.first("EVN")
    report = Report()
    found = event and (v2_fields.moment(event, 6, report) or v2_fields.moment(event, 2, report))
    return found or v2_fields.moment(message.header, 7, report)


def _facility(message, segment):
    """Where the patient is (PV1-3.4), else who sent the message (MSH-4)."""
    names = [segment.get(3, 4), message.header.get(4), message.header.get(4, 2)]
    identifiers = tuple(("", name) for name in names if name)
    if not identifiers:
        return None
    return Organization(
        key="PV1-3.4", path="PV1-3.4", resource_id="", identifiers=identifiers, name=names[0]
    )
