# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""FT1 and DG1: the charges of a DFT^P03, and the diagnoses of a visit."""

from decimal import Decimal

from . import v2_fields
from .charges import charge_id
from .findings import Report
from .intake import Entry
from .records import Charge, Practitioner, Reference

_CREDIT = ("CR", "CD")


def read_diagnoses(message):
    """The codes of all DG1 segments, the principal one first."""
    found = []
    for segment in message.select("DG1"):
        code = segment.get(3)
        if code:
            found.append((segment.get(15) or "9", segment.position, code))
    return tuple(dict.fromkeys(code for _priority, _position, code in sorted(found)))


def read_charges(intake, message):
    """Add a charge for each FT1 of a DFT message."""
    segments = message.select("FT1")
    if message.event == "DFT^P03" and not segments:
        report = Report()
        report.error("FT1", "missing", "missing: a P03 charges something")
        entry = Entry(message.header.position, "FT1", "FT1", "", (), tuple(report.findings))
        intake.entries.append(entry)
    for segment in segments:
        _read_charge(intake, message, segment)


def _read_charge(intake, message, segment):
    report = Report()
    path = segment.path
    number = segment.get(2) or f"{message.header.get(10)}-{segment.number}"
    code = segment.get(25) or segment.get(7)
    if not code:
        report.error(f"{path}-25", "missing", "missing: the procedure code")
    if segment.get(6).upper() in _CREDIT:
        report.error(f"{path}-6", "not_taken", "is a credit: reverse the charge here instead")
    occurred = v2_fields.moment(segment, 4, report)
    performer = Practitioner(
        key=f"{path}-20", path=f"{path}-20", resource_id="", npi=segment.get(20)
    )
    charge = Charge(
        key=f"Charge/{number}",
        path=path,
        resource_id=number[:64],
        kind="FT1",
        external_id=charge_id("FT1", number),
        encounter=Reference("PV1", "PV1"),
        patient=Reference("PID", "PID"),
        performer=Reference(performer.path, performer.key) if performer.npi else None,
        occurred_at=occurred,
        code=code,
        modifiers=_modifiers(segment),
        units=v2_fields.decimal(segment, 10, report) or Decimal(1),
        unit_price=_unit_price(segment, report),
        diagnoses=_diagnoses(segment) or read_diagnoses(message),
        is_final=True,
    )
    intake.add(performer)
    findings = tuple(report.findings)
    entry = Entry(segment.position, path, "FT1", charge.resource_id, (charge,), findings)
    intake.entries.append(entry)
    intake.add(charge, is_refused=entry.is_refused)


def _modifiers(segment):
    found = (segment.get(26, 1, index) for index in range(segment.repetitions(26)))
    return tuple(modifier for modifier in found if modifier)


def _diagnoses(segment):
    found = (segment.get(19, 1, index) for index in range(segment.repetitions(19)))
    return tuple(dict.fromkeys(code for code in found if code))


def _unit_price(segment, report):
    """FT1-22 is the price of one; FT1-11 the whole, which is not divided here."""
    price = v2_fields.decimal(segment, 22, report)
    if price is None and segment.get(11) and segment.get(10) in ("", "1"):
        price = v2_fields.decimal(segment, 11, report)
    return price
