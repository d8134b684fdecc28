# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Facts about the patient and the guarantor."""

import re

from ..facts import FactSpec
from .rows import CaseSheet, age_years

SPECS = (
    FactSpec("patient_missing_fields", "text_list", "Patient: missing fields"),
    FactSpec("zip_is_valid", "boolean", "Patient: ZIP code is valid", False),
    FactSpec("has_birth_date", "boolean", "Patient: birth date is known", False),
    FactSpec("patient_is_minor", "boolean", "Patient: minor on the date of service"),
    FactSpec("guarantor_is_adult", "boolean", "Guarantor: adult on the date of service"),
    FactSpec("born_after_service", "boolean", "Patient: born after the service"),
    FactSpec("died_before_service", "boolean", "Patient: died before the service", False),
    FactSpec("same_person_count", "integer", "Patient: other patients who look the same"),
)

ADULT_AGE_YEARS = 18
_ZIP = re.compile(r"\d{5}(-?\d{4})?", re.ASCII)
_REQUIRED = (
    ("last_name", "last name"),
    ("first_name", "first name"),
    ("birth_date", "birth date"),
    ("sex", "sex"),
    ("street", "street"),
    ("city", "city"),
    ("state_id", "state"),
    ("zip", "ZIP code"),
)


def derive(sheet: CaseSheet) -> dict:
    row, first_day = sheet.row, sheet.service_date_from
    born = row.birth_date
    guarantor_born = row.guarantor_birth_date
    return {
        "patient_missing_fields": [label for name, label in _REQUIRED if not getattr(row, name)],
        "zip_is_valid": bool(_ZIP.fullmatch(row.zip or "")),
        "has_birth_date": born is not None,
        "patient_is_minor": born and age_years(born, first_day) < ADULT_AGE_YEARS,
        "guarantor_is_adult": guarantor_born
        and age_years(guarantor_born, first_day) >= ADULT_AGE_YEARS,
        "born_after_service": born and born > first_day,
        "died_before_service": bool(row.death_date and row.death_date < first_day),
        "same_person_count": row.same_person_count,
    }
