# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The columns of a charge file, and how the text of each becomes a typed value.

``COLUMNS`` is the one description of the format: the reader, the sample file and the
documentation table (:func:`columns_table`) are made from it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from . import npi
from .facts import parse_date

EARLIEST_SERVICE = date(2000, 1, 1)
EARLIEST_BIRTH = date(1900, 1, 1)
# A clock ahead of ours, or a facility east of it, may already be in tomorrow.
LATEST_SERVICE_AFTER_DAYS = 1
# Coverage may begin long before and end long after the service.
EARLIEST_COVERAGE = date(1950, 1, 1)
LATEST_COVERAGE = date(2199, 12, 31)

MAX_UNITS = Decimal("9999.999")
MAX_UNIT_PRICE = Decimal("9999999.9999")
MAX_MODIFIERS = 4
MAX_DIAGNOSES = 12

_DIGITS = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)
_CODE = re.compile(r"[A-Z0-9][A-Z0-9.\-]{0,19}", re.ASCII)
_MODIFIER = re.compile(r"[A-Z0-9]{2}", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?",
    re.ASCII,
)
_YES_NO = {"yes": True, "true": True, "no": False, "false": False}


class CellFault(Exception):
    """A cell does not fit its column; arguments: stable code, text for people."""


Parser = Callable[[str, date], Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, how to read a cell, and what an empty cell means.

    :param form: what to write, as documented
    :param default: the value of an empty or absent cell
    """

    name: str
    parse: Parser
    form: str
    required: bool = False
    default: Any = None


def _text(max_length: int) -> Parser:
    def parse(text: str, _as_of: date) -> str:
        if len(text) > max_length:
            raise CellFault("too_long", f"has {len(text)} characters, at most {max_length} fit")
        return text

    return parse


def _choice(*choices: str) -> Parser:
    def parse(text: str, _as_of: date) -> str:
        if text.lower() not in choices:
            raise CellFault("unknown_choice", f"must be one of {', '.join(choices)}")
        return text.lower()

    return parse


def _day(earliest: date, latest: Callable[[date], date]) -> Parser:
    def parse(text: str, as_of: date) -> date:
        try:
            day = parse_date(text)
        except ValueError as error:
            raise CellFault("invalid_date", str(error)) from None
        _check_range(day, earliest, latest(as_of))
        return day

    return parse


def _moment(earliest: date, latest: Callable[[date], date]) -> Parser:
    parse_day = _day(earliest, latest)

    def parse(text: str, as_of: date) -> datetime:
        if len(text) <= len("YYYY-MM-DD"):
            return datetime.combine(parse_day(text, as_of), time.min)
        if not _MOMENT.fullmatch(text):
            raise CellFault("invalid_date", "write YYYY-MM-DD or YYYY-MM-DDThh:mm, zone as +00:00")
        try:
            moment = datetime.fromisoformat(_long_form(text))
        except ValueError:
            raise CellFault(
                "invalid_date", "there is no such day or hour in the calendar"
            ) from None
        _check_range(moment.date(), earliest, latest(as_of))
        return moment

    return parse


def _long_form(text: str) -> str:
    """Return what Python 3.10 can read: no Z, and six digits of a second or none."""
    text = text.replace("Z", "+00:00")
    return re.sub(r"\.(\d+)", lambda match: "." + match[1].ljust(6, "0"), text)


def _check_range(day: date, earliest: date, latest: date) -> None:
    if day < earliest:
        raise CellFault("date_too_early", f"is before {earliest}: check the year")
    if day > latest:
        raise CellFault("date_too_late", f"is after {latest}: check the year")


def _number(limit: Decimal, max_decimals: int, may_be_zero: bool) -> Parser:
    def parse(text: str, _as_of: date) -> Decimal:
        if text.startswith("-") and _DIGITS.fullmatch(text[1:]):
            raise CellFault("negative", "must not be negative: send a reversal instead")
        if not _DIGITS.fullmatch(text):
            raise CellFault("invalid_number", "must be a number such as 1234.50, no separators")
        decimals = len(text.partition(".")[2].rstrip("0"))
        if decimals > max_decimals:
            raise CellFault("too_precise", f"has more than {max_decimals} decimals")
        value = Decimal(text)
        if value > limit:
            raise CellFault("too_large", f"is more than {limit}")
        if not value and not may_be_zero:
            raise CellFault("zero", "must be more than zero")
        return value

    return parse


def _code(text: str, _as_of: date) -> str:
    code = text.upper()
    if not _CODE.fullmatch(code):
        raise CellFault("invalid_code", "must be 1 to 20 letters, digits, dots and dashes")
    return code


def _digits(minimum: int, maximum: int) -> Parser:
    def parse(text: str, _as_of: date) -> str:
        if not (text.isascii() and text.isdigit() and minimum <= len(text) <= maximum):
            wanted = str(minimum) if minimum == maximum else f"{minimum} to {maximum}"
            raise CellFault("invalid_code", f"must be {wanted} digits")
        return text

    return parse


def _codes(separators: str, pattern: re.Pattern[str], limit: int, form: str) -> Parser:
    def parse(text: str, _as_of: date) -> tuple[str, ...]:
        codes = tuple(code for code in re.split(separators, text.upper()) if code)
        for code in codes:
            if not pattern.fullmatch(code):
                raise CellFault("invalid_code", f"{code} is not {form}")
        if len(codes) > limit:
            raise CellFault("too_many_codes", f"has {len(codes)} codes, at most {limit}")
        if len(set(codes)) < len(codes):
            raise CellFault("repeated_code", "names a code twice")
        return codes

    return parse


def _npi(text: str, _as_of: date) -> str:
    try:
        return npi.validate(text)
    except npi.NpiError as error:
        raise CellFault(error.code, error.message) from None


def _yes_no(text: str, _as_of: date) -> bool:
    if text.lower() not in _YES_NO:
        raise CellFault("unknown_choice", "must be yes or no")
    return _YES_NO[text.lower()]


def _tomorrow(as_of: date) -> date:
    return as_of + timedelta(days=LATEST_SERVICE_AFTER_DAYS)


_service_day = _day(EARLIEST_SERVICE, _tomorrow)
_service_moment = _moment(EARLIEST_SERVICE, _tomorrow)
_coverage_day = _day(EARLIEST_COVERAGE, lambda as_of: LATEST_COVERAGE)
_birth_day = _day(EARLIEST_BIRTH, lambda as_of: as_of)
_modifiers = _codes(r"[\s:]+", _MODIFIER, MAX_MODIFIERS, "a modifier of two characters")
_diagnoses = _codes(r"[\s;|]+", _CODE, MAX_DIAGNOSES, "a diagnosis code")

_CLASSES = ("ambulatory", "emergency", "inpatient", "virtual")
_SEXES = ("female", "male", "other", "unknown")
_RELATIONS = ("self", "spouse", "child", "other")
_STATUSES = ("completed", "in_progress")

_DAY_FORM = "YYYY-MM-DD"
_MOMENT_FORM = "YYYY-MM-DD or YYYY-MM-DDThh:mm, optional zone"

COLUMNS: tuple[Column, ...] = (
    Column("source_system", _text(64), "name of the sending system", default=""),
    Column("external_id", _text(64), "the charge's id there", required=True),
    Column("facility_code", _text(32), "code of the facility", required=True),
    Column("encounter_number", _text(64), "number of the visit", required=True),
    Column("encounter_class", _choice(*_CLASSES), ", ".join(_CLASSES), default="ambulatory"),
    Column("encounter_start", _service_moment, _MOMENT_FORM),
    Column("encounter_end", _service_moment, _MOMENT_FORM),
    Column("patient_mrn", _text(64), "medical record number", required=True),
    Column("patient_last_name", _text(100), "text", default=""),
    Column("patient_first_name", _text(100), "text", default=""),
    Column("patient_birth_date", _birth_day, _DAY_FORM),
    Column("patient_sex", _choice(*_SEXES), ", ".join(_SEXES), default="unknown"),
    Column("patient_street", _text(200), "text", default=""),
    Column("patient_city", _text(100), "text", default=""),
    Column("patient_state", _text(64), "text", default=""),
    Column("patient_zip", _text(16), "text", default=""),
    Column("payer_code", _text(32), "code of the payer; empty: self-pay", default=""),
    Column("member_id", _text(64), "the payer's id of the member", default=""),
    Column("subscriber_relation", _choice(*_RELATIONS), ", ".join(_RELATIONS), default=""),
    Column("coverage_start", _coverage_day, _DAY_FORM),
    Column("coverage_end", _coverage_day, _DAY_FORM),
    Column("service_date", _service_day, _DAY_FORM, required=True),
    Column("department_code", _text(32), "code of the department", default=""),
    Column("performer_npi", _npi, "NPI of who performed the service", default=""),
    Column("procedure_code", _code, "procedure or supply code", required=True),
    Column("modifiers", _modifiers, "up to 4, separated by blank or colon", default=()),
    Column(
        "units",
        _number(MAX_UNITS, max_decimals=3, may_be_zero=False),
        "more than 0, at most 9999.999",
        default=Decimal(1),
    ),
    Column(
        "unit_price",
        _number(MAX_UNIT_PRICE, max_decimals=4, may_be_zero=True),
        "0 or more, at most 4 decimals; empty: fee schedule",
    ),
    Column("revenue_code", _digits(3, 4), "3 or 4 digits", default=""),
    Column("place_of_service", _digits(2, 2), "2 digits", default=""),
    Column(
        "diagnosis_codes",
        _diagnoses,
        "up to 12, the principal one first, separated by blank, ; or |",
        default=(),
    ),
    Column("authorization_number", _text(64), "the payer's number", default=""),
    Column(
        "encounter_status",
        _choice(*_STATUSES),
        ", ".join(_STATUSES),
        default="completed",
    ),
    Column("coding_approved", _yes_no, "yes or no", default=False),
)

COLUMN_BY_NAME: Mapping[str, Column] = {column.name: column for column in COLUMNS}
REQUIRED_COLUMNS = tuple(column.name for column in COLUMNS if column.required)


def columns_table() -> str:
    """Return the format as a Markdown table, for the documentation.

    >>> columns_table().splitlines()[2]
    '| `source_system` |  | name of the sending system |  |'
    """
    lines = ["| column | required | write | empty means |", "|---|---|---|---|"]
    for column in COLUMNS:
        required = "yes" if column.required else ""
        default = str(column.default) if column.default not in (None, "", ()) else ""
        default = {"False": "no"}.get(default, default)
        lines.append(f"| `{column.name}` | {required} | {column.form} | {default} |")
    return "\n".join(lines)
