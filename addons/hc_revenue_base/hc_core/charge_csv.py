# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Charge files: one row a charge, read as a stream of typed rows and located errors.

The columns are those of :mod:`charge_columns`. First :func:`inspect_charges` goes
through the whole file and refuses it or counts its rows; then :func:`read_charges`
yields them. Reading is deterministic, so an interrupted import goes on with
``skip_rows``.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from difflib import get_close_matches
from hashlib import sha256
from typing import Any, BinaryIO

from .canonical import canonical_digest
from .charge_columns import COLUMN_BY_NAME, COLUMNS, REQUIRED_COLUMNS, CellFault
from .csv_reader import DEFAULT_MAX_ROWS, CsvFileError, Record, RecordReader, chunks
from .csv_safe import restore_cell

DELIMITERS = (",", ";", "\t", "|")

# What a file of refused rows has besides the columns of its source; passed over when the
# corrected file is read again.
RESULT_COLUMNS = ("result", "error_line", "error_columns", "error_codes", "error_messages")


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """One charge as the source system states it.

    A moment without zone is the facility's local time; a bare date is its midnight.
    """

    source_system: str
    external_id: str
    facility_code: str
    encounter_number: str
    encounter_class: str
    encounter_start: datetime | None
    encounter_end: datetime | None
    patient_mrn: str
    patient_last_name: str
    patient_first_name: str
    patient_birth_date: date | None
    patient_sex: str
    patient_street: str
    patient_city: str
    patient_state: str
    patient_zip: str
    payer_code: str
    member_id: str
    subscriber_relation: str
    coverage_start: date | None
    coverage_end: date | None
    service_date: date
    department_code: str
    performer_npi: str
    procedure_code: str
    modifiers: tuple[str, ...]
    units: Decimal
    unit_price: Decimal | None
    revenue_code: str
    place_of_service: str
    diagnosis_codes: tuple[str, ...]
    authorization_number: str
    encounter_status: str
    coding_approved: bool


@dataclass(frozen=True, slots=True)
class RowError:
    """One fault of one row: the physical line where the row starts, and the column.

    ``column`` is empty when the row as a whole is at fault.
    """

    line_number: int
    column: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """One row of the file: its charge, or the errors that keep it from being one.

    ``row_index`` counts the rows from 0, good and bad; ``external_id`` is given with
    errors too, as far as it can be read, so that a work list can name the row.
    """

    row_index: int
    line_number: int
    external_id: str
    charge: ChargeRow | None
    errors: tuple[RowError, ...]


@dataclass(frozen=True, slots=True)
class FileSummary:
    """What :func:`inspect_charges` found: size, content hash and shape of a file."""

    row_count: int
    byte_count: int
    sha256: str
    delimiter: str
    columns: tuple[str, ...]


def read_charges(
    source: BinaryIO | Iterable[bytes],
    as_of: date,
    *,
    encoding: str = "utf-8",
    skip_rows: int = 0,
    max_rows: int = DEFAULT_MAX_ROWS,
) -> Iterator[ParsedRow]:
    """Yield every row behind the first ``skip_rows``, in the order of the file.

    :param source: binary file object, or an iterable of bytes
    :param as_of: the day on which the file is read, the bound of its dates
    :param encoding: ``utf-8`` (with or without byte order mark) or ``cp1252``
    :raises CsvFileError: when the file as a whole cannot be read, also part-way: call
        :func:`inspect_charges` first to refuse it before anything is imported
    """
    records = RecordReader(source, encoding)
    columns = _open(records)
    for row_index, record in enumerate(_rows(records, max_rows)):
        if row_index >= skip_rows:
            yield _parse_record(record, row_index, columns, as_of)


def inspect_charges(
    source: BinaryIO | Iterable[bytes],
    *,
    encoding: str = "utf-8",
    max_rows: int = DEFAULT_MAX_ROWS,
) -> FileSummary:
    """Go through the file once; refuse it as a whole or summarize it.

    :raises CsvFileError: as :func:`read_charges`
    """
    digest, byte_count = sha256(), 0

    def observed() -> Iterator[bytes]:
        nonlocal byte_count
        for chunk in chunks(source):
            digest.update(chunk)
            byte_count += len(chunk)
            yield chunk

    records = RecordReader(observed(), encoding)
    columns = _open(records)
    row_count = sum(1 for _record in _rows(records, max_rows))
    return FileSummary(
        row_count=row_count,
        byte_count=byte_count,
        sha256=digest.hexdigest(),
        delimiter=records.delimiter,
        columns=columns,
    )


def row_digest(charge: ChargeRow) -> str:
    """Return the digest of the charge's content.

    Rows with equal meaning (1 and 1.00 units) have one digest. The same external id
    with another digest is a conflict, not a duplicate.
    """
    values = {name: getattr(charge, name) for name in COLUMN_BY_NAME}
    for name in ("encounter_start", "encounter_end"):
        moment = values[name]
        if moment is not None and moment.tzinfo is not None:
            # One instant, whatever the zone it was written in.
            values[name] = moment.astimezone(timezone.utc)
    return canonical_digest(values)


def _open(records: RecordReader) -> tuple[str, ...]:
    """Choose the delimiter, consume the header, return the columns in file order.

    :raises CsvFileError: ``header_…``, ``column_…`` and the faults of the file
    """
    first_line = records.first_line()
    records.delimiter = max(
        DELIMITERS,
        key=lambda delimiter: sum(
            _column_name(cell) in COLUMN_BY_NAME for cell in first_line.split(delimiter)
        ),
    )
    header = next(iter(records))
    where = {"line_number": header.line_number}
    if header.fault:
        raise CsvFileError("header_unreadable", **where, reason=header.fault + ".")
    names = tuple(_column_name(cell) for cell in header.cells)
    if not any(name in COLUMN_BY_NAME for name in names):
        raise CsvFileError("header_unknown", **where, examples=REQUIRED_COLUMNS)
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise CsvFileError("column_repeated", **where, columns=repeated)
    unknown = [
        _suggested(name)
        for name in names
        if name not in COLUMN_BY_NAME and name not in RESULT_COLUMNS
    ]
    if unknown:
        raise CsvFileError("column_unknown", **where, columns=unknown)
    missing = [name for name in REQUIRED_COLUMNS if name not in names]
    if missing:
        raise CsvFileError("column_missing", **where, columns=missing)
    return names


def _column_name(cell: str) -> str:
    """Return the header cell as a column name: ``"Patient MRN"`` is ``patient_mrn``."""
    words = cell.strip().strip('"').strip().lower().replace("-", " ").split()
    return "_".join(words)


def _suggested(name: str) -> str:
    close = get_close_matches(name, COLUMN_BY_NAME, n=1)
    return f"{name!r} (did you mean {close[0]}?)" if close else repr(name)


def _rows(records: RecordReader, max_rows: int) -> Iterator[Record]:
    for row_index, record in enumerate(records):
        if row_index >= max_rows:
            raise CsvFileError("too_many_rows", max_rows=max_rows)
        yield record


def _parse_record(
    record: Record, row_index: int, columns: tuple[str, ...], as_of: date
) -> ParsedRow:
    line_number = record.line_number
    errors: list[RowError] = []
    cells: dict[str, str] = {}
    charge = None
    if record.fault:
        errors.append(_row_fault(line_number, record.fault_code, record.fault))
    elif len(record.cells) != len(columns):
        found = f"the row has {len(record.cells)} cells, the header {len(columns)}"
        errors.append(_row_fault(line_number, "cell_count", found))
    else:
        cells = {
            name: restore_cell(cell.strip()).strip()
            for name, cell in zip(columns, record.cells, strict=True)
        }
        charge, errors = read_cells(cells, line_number, as_of)
    return ParsedRow(
        row_index=row_index,
        line_number=line_number,
        external_id=cells.get("external_id", "")[:64],
        charge=charge,
        errors=tuple(errors),
    )


def read_cells(
    cells: Mapping[str, str], line_number: int, as_of: date
) -> tuple[ChargeRow | None, list[RowError]]:
    """Check the cells of one charge, whatever document they were taken from.

    :param cells: texts by column; an absent one is empty
    :param line_number: place in the document, for the errors
    :return: the charge and no errors, or None and what keeps it from being one
    """
    values, errors = _parse_cells(cells, line_number, as_of)
    errors += _contradictions(values, line_number)
    return (None if errors else ChargeRow(**values)), errors


def _parse_cells(
    cells: Mapping[str, str], line_number: int, as_of: date
) -> tuple[dict[str, Any], list[RowError]]:
    values: dict[str, Any] = {}
    errors: list[RowError] = []
    for column in COLUMNS:
        text = cells.get(column.name, "")
        if text:
            try:
                values[column.name] = column.parse(text, as_of)
            except CellFault as fault:
                code, reason = fault.args
                errors.append(_cell_error(line_number, column.name, code, reason))
        elif column.required:
            errors.append(_cell_error(line_number, column.name, "required", "must not be empty"))
        else:
            values[column.name] = column.default
    return values, errors


def _contradictions(values: dict[str, Any], line_number: int) -> list[RowError]:
    """Return the errors of pairs of dates that are in the wrong order."""
    errors = []
    for earlier, later in (
        ("encounter_start", "encounter_end"),
        ("coverage_start", "coverage_end"),
        ("patient_birth_date", "service_date"),
    ):
        first, second = values.get(earlier), values.get(later)
        if first is None or second is None:
            continue
        if isinstance(first, datetime) and (first.tzinfo is None) != (second.tzinfo is None):
            reason = f"has a time zone and {earlier} has none, or the reverse"
            errors.append(_cell_error(line_number, later, "zone_mixed", reason))
        elif second < first:
            reason = f"is before {earlier}"
            errors.append(_cell_error(line_number, later, "dates_reversed", reason))
    return errors


def _cell_error(line_number: int, column: str, code: str, reason: str) -> RowError:
    return RowError(line_number, column, code, f"Line {line_number}, {column}: {reason}.")


def _row_fault(line_number: int, code: str, reason: str) -> RowError:
    return RowError(line_number, "", code, f"Line {line_number}: {reason}.")
