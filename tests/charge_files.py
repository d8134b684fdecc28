# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Charge files of any size, and the master data that their rows name."""

import csv
import time
from datetime import date, timedelta

ROWS_PER_ENCOUNTER = 3
ENCOUNTERS_PER_PATIENT = 4
CODE_COUNT = 50

COLUMNS = (
    "external_id",
    "facility_code",
    "encounter_number",
    "encounter_start",
    "encounter_end",
    "patient_mrn",
    "patient_last_name",
    "patient_first_name",
    "patient_birth_date",
    "patient_sex",
    "payer_code",
    "member_id",
    "coverage_start",
    "service_date",
    "department_code",
    "performer_npi",
    "procedure_code",
    "modifiers",
    "units",
    "place_of_service",
    "diagnosis_codes",
    "encounter_status",
    "coding_approved",
)


def create_master_data(env):
    """The facility, payer, practitioner and codes that the rows name; once per database."""
    if env["hc.facility"].search_count([("code", "=", "IMPORT")]):
        return
    facility = env["hc.facility"].create({"name": "Import Clinic", "code": "IMPORT"})
    env["hc.department"].create({"name": "Clinic", "code": "I1", "facility_id": facility.id})
    env["hc.payer"].create({"name": "Import Plan", "code": "IMPORTPLAN"})
    env["hc.practitioner"].create({"name": "Import Practitioner", "npi": "1999000007"})
    env["hc.code"].create(
        [
            {"system": system, "code": f"{prefix}{number:03}"}
            for system, prefix in (("procedure", "BP"), ("diagnosis", "BD"))
            for number in range(CODE_COUNT)
        ]
    )


def write_rows(path, count):
    """Write a file of ``count`` charges that no file of another run has."""
    run = f"{count}-{time.time_ns()}"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for number in range(count):
            encounter = number // ROWS_PER_ENCOUNTER
            patient = encounter // ENCOUNTERS_PER_PATIENT
            day = (date(2026, 1, 5) + timedelta(days=encounter % 60)).isoformat()
            writer.writerow(
                [
                    f"{run}-{number}",
                    "IMPORT",
                    f"{run}-E{encounter}",
                    f"{day}T09:00",
                    f"{day}T09:30",
                    f"{run}-P{patient}",
                    f"Name{patient}",
                    "Pat",
                    (date(1935, 1, 1) + timedelta(days=patient * 37 % 30_000)).isoformat(),
                    "female",
                    "IMPORTPLAN",
                    f"M{patient}",
                    "2025-01-01",
                    day,
                    "I1",
                    "1999000007",
                    f"BP{number % CODE_COUNT:03}",
                    "25" if number % 3 == 0 else "",
                    "1",
                    "11",
                    f"BD{number % CODE_COUNT:03} BD{(number + 7) % CODE_COUNT:03}",
                    "completed",
                    "yes",
                ]
            )
