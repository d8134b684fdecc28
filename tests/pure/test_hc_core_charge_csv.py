# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Charge files: typed rows, located errors, and the laws an import rests on."""

import io
from dataclasses import fields, replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hc_core.charge_columns import COLUMN_BY_NAME, COLUMNS, columns_table
from hc_core.charge_csv import ChargeRow, inspect_charges, read_charges, row_digest
from hc_core.csv_reader import CsvFileError
from hc_core.csv_safe import csv_lines
from hc_core.npi import check_digit
from hypothesis import given
from hypothesis import strategies as st

AS_OF = date(2026, 3, 1)
MINIMAL = {
    "external_id": "CH-1",
    "facility_code": "NORTH",
    "encounter_number": "E-1",
    "patient_mrn": "M-1",
    "service_date": "2026-02-20",
    "procedure_code": "J1100",
}


def file_of(*rows, delimiter=","):
    """Return a CSV file whose columns are those of the first row."""
    header = list(rows[0])
    lines = csv_lines(header, [[row[name] for name in header] for row in rows], delimiter)
    return "".join(lines).encode()


def read(content, **options):
    return list(read_charges(io.BytesIO(content), AS_OF, **options))


def read_one(**changed):
    (row,) = read(file_of({**MINIMAL, **changed}))
    return row


def test_the_columns_are_the_fields_of_a_row():
    assert [column.name for column in COLUMNS] == [each.name for each in fields(ChargeRow)]
    assert columns_table().count("\n") == len(COLUMNS) + 1


def test_a_full_row():
    row = read_one(
        encounter_class="Inpatient",
        encounter_start="2026-02-20T08:30:00Z",
        encounter_end="2026-02-21 09:00+00:00",
        patient_birth_date="1980-02-29",
        payer_code="AETNA",
        subscriber_relation="SELF",
        performer_npi="1234567893",
        modifiers="25:59",
        units="2.5",
        unit_price="10.0000",
        revenue_code="0450",
        place_of_service="23",
        diagnosis_codes="j45.909; R05|Z00",
        coding_approved="Yes",
    )
    assert row.errors == ()
    charge = row.charge
    assert charge.encounter_class == "inpatient"
    assert charge.encounter_start == datetime(2026, 2, 20, 8, 30, tzinfo=timezone.utc)
    assert charge.modifiers == ("25", "59")
    assert charge.units == Decimal("2.5")
    assert charge.diagnosis_codes == ("J45.909", "R05", "Z00")
    assert charge.coding_approved is True
    assert charge.patient_sex == "unknown"


def test_empty_cells_take_their_defaults():
    charge = read_one().charge
    assert (charge.units, charge.unit_price, charge.payer_code) == (1, None, "")
    assert (charge.encounter_status, charge.coding_approved) == ("completed", False)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("external_id", "", "required"),
        ("external_id", "x" * 65, "too_long"),
        ("service_date", "1890-01-01", "date_too_early"),
        ("service_date", "2190-01-01", "date_too_late"),
        ("service_date", "2026-03-03", "date_too_late"),
        ("service_date", "2026-02-30", "invalid_date"),
        ("service_date", "02/20/2026", "invalid_date"),
        ("service_date", "20260220", "invalid_date"),
        ("patient_birth_date", "1899-12-31", "date_too_early"),
        ("patient_birth_date", "2026-03-02", "date_too_late"),
        ("encounter_start", "2026-02-20T25:00", "invalid_date"),
        ("encounter_start", "2026-02-20T08:00 tomorrow", "invalid_date"),
        ("encounter_class", "hotel", "unknown_choice"),
        ("coding_approved", "maybe", "unknown_choice"),
        ("performer_npi", "1234567890", "npi_checksum"),
        ("procedure_code", "J 1100", "invalid_code"),
        ("modifiers", "25 59 76 77 78", "too_many_codes"),
        ("modifiers", "25 25", "repeated_code"),
        ("modifiers", "ABC", "invalid_code"),
        ("units", "0", "zero"),
        ("units", "-1", "negative"),
        ("units", "10000", "too_large"),
        ("units", "1.0001", "too_precise"),
        ("units", "1e3", "invalid_number"),
        ("units", "NaN", "invalid_number"),
        ("units", "1,000", "invalid_number"),
        ("units", "１", "invalid_number"),
        ("unit_price", "-0.01", "negative"),
        ("unit_price", "1.00001", "too_precise"),
        ("revenue_code", "45", "invalid_code"),
        ("place_of_service", "2³", "invalid_code"),
        ("diagnosis_codes", " ".join(f"A{n:02d}" for n in range(13)), "too_many_codes"),
    ],
)
def test_each_fault_has_its_own_error_with_line_and_column(column, value, code):
    row = read_one(**{column: value})
    assert row.charge is None
    assert [(error.column, error.code) for error in row.errors] == [(column, code)]
    assert row.errors[0].message.startswith(f"Line 2, {column}: ")
    assert row.external_id == {**MINIMAL, column: value}["external_id"][:64]


def test_all_faults_of_a_row_are_told_at_once():
    row = read_one(units="-1", service_date="1890-01-01", performer_npi="1")
    assert {error.column for error in row.errors} == {
        "units",
        "service_date",
        "performer_npi",
    }


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("2026-02-20", "2026-02-19", "dates_reversed"),
        ("2026-02-20T10:00Z", "2026-02-20T11:00", "zone_mixed"),
    ],
)
def test_encounter_times_in_contradiction(start, end, code):
    row = read_one(encounter_start=start, encounter_end=end)
    assert [error.code for error in row.errors] == [code]


def test_nobody_is_served_before_birth():
    row = read_one(patient_birth_date="2026-02-21")
    assert [error.column for error in row.errors] == ["service_date"]


def test_one_bad_row_does_not_lose_the_file():
    good = file_of(MINIMAL)
    lines = good.splitlines(keepends=True)
    rows = read(lines[0] + lines[1] + b"only,three,cells\n" + b'"open\n' + lines[1])
    assert [row.errors[0].code if row.errors else None for row in rows] == [
        None,
        "cell_count",
        "quote_misplaced",
        None,
    ]
    assert [row.row_index for row in rows] == [0, 1, 2, 3]
    assert [row.line_number for row in rows] == [2, 3, 4, 5]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_header_tells_the_delimiter(delimiter):
    content = file_of({**MINIMAL, "diagnosis_codes": "A01;B02|C03"}, delimiter=delimiter)
    (row,) = read(content)
    assert row.charge.diagnosis_codes == ("A01", "B02", "C03")
    assert inspect_charges([content]).delimiter == delimiter


def test_header_names_are_taken_in_any_usual_spelling():
    content = b"\xef\xbb\xbf" + file_of(MINIMAL).replace(b"patient_mrn", b"Patient MRN")
    assert read(content)[0].charge.patient_mrn == "M-1"


@pytest.mark.parametrize(
    ("header", "code", "words"),
    [
        (b"", "file_empty", "empty"),
        (b"name,price\n1,2\n", "header_unknown", "external_id"),
        (b"external_id,units\n", "column_missing", "patient_mrn"),
        (b"units,external_id,Units\n", "column_repeated", "units"),
        (b"external_id,unit\n", "column_unknown", "did you mean units?"),
        (b'external_id,"units\n', "header_unreadable", "quote"),
        (b"x" * 70_000, "header_unreadable", "65536"),
    ],
)
def test_a_bad_header_refuses_the_file(header, code, words):
    with pytest.raises(CsvFileError) as refusal:
        read(header)
    assert refusal.value.code == code
    assert words in refusal.value.message


def test_more_rows_than_allowed_refuse_the_file_before_any_import():
    content = file_of(*[MINIMAL] * 4)
    assert len(read(content, max_rows=4)) == 4
    for reader in (read, lambda data, **options: inspect_charges([data], **options)):
        with pytest.raises(CsvFileError) as refusal:
            reader(content, max_rows=3)
        assert refusal.value.code == "too_many_rows"


@given(
    st.lists(st.sampled_from([b"bad", b'"open', b'"a""', b"", b",,,,,", b"GOOD"])),
    st.integers(0, 12),
)
def test_skipping_rows_is_reading_all_and_dropping_them(kinds, skip_rows):
    header, good = file_of(MINIMAL).splitlines(keepends=True)
    body = [good if kind == b"GOOD" else kind + b"\n" for kind in kinds]
    content = header + b"".join(body)
    assert read(content, skip_rows=skip_rows) == read(content)[skip_rows:]
    assert inspect_charges([content]).row_count == len(read(content))


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_after_a_good_header_are_rows_or_a_refusal(garbage, in_row):
    header, good = file_of(MINIMAL).splitlines(keepends=True)
    content = header + (good.replace(b"NORTH", garbage) if in_row else garbage)
    try:
        rows = read(content)
    except CsvFileError as refusal:
        assert refusal.message
        return
    for row in rows:
        assert (row.charge is None) == bool(row.errors)


DAY = st.dates(date(2000, 1, 1), AS_OF)
NAME = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), max_size=20)
IDENTIFIER = st.text("ABCxyz019-_/=+@", min_size=1, max_size=30)
CODE = st.from_regex(r"[A-Z0-9][A-Z0-9.\-]{0,9}", fullmatch=True)


@st.composite
def charge_texts(draw):
    """A valid row as text, and the values it must give back."""
    nine = draw(st.from_regex(r"[12][0-9]{8}", fullmatch=True))
    values = {
        "external_id": draw(IDENTIFIER),
        "facility_code": draw(IDENTIFIER),
        "encounter_number": draw(IDENTIFIER),
        "patient_mrn": draw(IDENTIFIER),
        "patient_last_name": draw(NAME),
        "patient_street": draw(NAME),
        "service_date": draw(DAY),
        "performer_npi": nine + check_digit(nine),
        "procedure_code": draw(CODE),
        "units": draw(st.decimals("0.001", "9999.999", places=3)),
        "unit_price": draw(st.decimals(0, 10**6, places=2)),
        "coding_approved": draw(st.booleans()),
        "encounter_class": draw(
            st.sampled_from(["ambulatory", "emergency", "inpatient", "virtual"])
        ),
    }
    codes = draw(st.lists(CODE, max_size=12, unique=True))
    return {**values, "diagnosis_codes": tuple(codes)}


@given(st.lists(charge_texts(), min_size=1, max_size=4))
def test_what_is_written_is_read_back(charges):
    texts = [
        {**charge, "diagnosis_codes": " ".join(charge["diagnosis_codes"])} for charge in charges
    ]
    rows = read(file_of(*texts))
    assert [row.errors for row in rows] == [()] * len(charges)
    for row, charge in zip(rows, charges, strict=True):
        assert {name: getattr(row.charge, name) for name in charge} == charge


def test_the_summary_identifies_the_file():
    content = file_of(MINIMAL, MINIMAL)
    summary = inspect_charges(io.BytesIO(content))
    assert (summary.row_count, summary.byte_count) == (2, len(content))
    assert summary.columns == tuple(MINIMAL)
    assert summary.sha256 == inspect_charges([content[:50], content[50:]]).sha256


def test_the_digest_tells_another_content_from_another_spelling():
    charge = read_one(units="1", encounter_start="2026-02-20T08:00+01:00").charge
    respelled = read_one(units="1.00", encounter_start="2026-02-20T07:00Z").charge
    assert row_digest(charge) == row_digest(respelled)
    for change in (
        {"units": Decimal(2)},
        {"modifiers": ("25",)},
        {"service_date": charge.service_date - timedelta(1)},
        {"unit_price": Decimal(0)},
        {"patient_last_name": "Other"},
    ):
        assert row_digest(replace(charge, **change)) != row_digest(charge)


def test_every_column_has_a_documented_form():
    assert all(column.form for column in COLUMN_BY_NAME.values())
