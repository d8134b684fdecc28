# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Typed fields of HL7 v2 segments; what is wrong is reported with segment and field."""

from .values import read_decimal, read_v2_moment


def moment(segment, field, report):
    """The timestamp of a field, or None."""
    return _read(segment, field, report, read_v2_moment, "bad_date")


def decimal(segment, field, report):
    """The number of a field, or None."""
    return _read(segment, field, report, read_decimal, "bad_number")


def _read(segment, field, report, read, code):
    text = segment.get(field)
    if not text or text == '""':
        return None
    try:
        return read(text)
    except ValueError as error:
        report.error(f"{segment.path}-{field}", code, str(error))
        return None
