# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Charge import: rows a second and memory, from the file to the moved encounters.

Budget: 300 charges a second and flat memory at 20,000 rows; fails at twice the budget.
"""

import csv
import resource
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

BUDGET_ROWS_PER_SECOND = 300
MEMORY_LIMIT_MIB = 60
ROW_COUNTS = (200, 2_000, 20_000)
ROWS_PER_ENCOUNTER = 3
ENCOUNTERS_PER_PATIENT = 4

COLUMNS = (
    "external_id", "facility_code", "encounter_number", "encounter_start", "encounter_end",
    "patient_mrn", "patient_last_name", "patient_first_name", "patient_birth_date", "patient_sex",
    "payer_code", "member_id", "coverage_start", "service_date", "department_code",
    "performer_npi", "procedure_code", "modifiers", "units", "place_of_service",
    "diagnosis_codes", "encounter_status", "coding_approved",
)


def create_master_data(env):
    """The facility, payer, practitioner and codes that the rows name."""
    facility = env["hc.facility"].create({"name": "Bench Clinic", "code": "BENCH"})
    env["hc.department"].create({"name": "Clinic", "code": "B1", "facility_id": facility.id})
    env["hc.payer"].create({"name": "Bench Plan", "code": "BENCHPLAN"})
    env["hc.practitioner"].create({"name": "Bench Practitioner", "npi": "1679576722"})
    wanted = [("procedure", f"BP{number:03}") for number in range(50)]
    wanted += [("diagnosis", f"BD{number:03}") for number in range(50)]
    wanted += [("modifier", "25"), ("place_of_service", "11")]
    for system, code in wanted:
        if not env["hc.code"].search_count([("system", "=", system), ("code", "=", code)]):
            env["hc.code"].create({"system": system, "code": code})


def write_rows(path, count):
    """Write a file of ``count`` charges; names and numbers are made from the count."""
    day_zero = date(2026, 1, 5)
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for number in range(count):
            encounter = number // ROWS_PER_ENCOUNTER
            patient = encounter // ENCOUNTERS_PER_PATIENT
            day = (day_zero + timedelta(days=encounter % 60)).isoformat()
            writer.writerow(
                [
                    f"{count}-{number}", "BENCH", f"{count}-E{encounter}", f"{day}T09:00",
                    f"{day}T09:30", f"{count}-P{patient}", f"Name{patient}", "Pat",
                    "1970-06-15", "female", "BENCHPLAN", f"M{patient}", "2025-01-01", day, "B1",
                    "1679576722", f"BP{number % 50:03}", "25" if number % 3 == 0 else "", "1",
                    "11", f"BD{number % 50:03} BD{(number + 7) % 50:03}", "completed", "yes",
                ]
            )


def resident_mib():
    """Memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


@pytest.mark.bench
def test_import_speed_and_memory(odoo_env, tmp_path, capsys):
    with odoo_env() as env:
        create_master_data(env)
    measured = []
    for count in ROW_COUNTS:
        path = tmp_path / f"charges_{count}.csv"
        write_rows(path, count)
        with odoo_env() as env:
            before, started, cpu = resident_mib(), time.monotonic(), time.process_time()
            report = env["hc.exchange"]._run_charge_import(str(path), "bench")
            seconds, cpu_seconds = time.monotonic() - started, time.process_time() - cpu
            growth = resident_mib() - before
        assert (report["state"], report["imported"]) == ("done", count), report
        measured.append((count, count / seconds, cpu_seconds / count * 1000, growth))
    with capsys.disabled():
        print("\n  rows    rows/s   CPU ms/row   memory growth MiB")
        for count, rate, cpu_milliseconds, growth in measured:
            print(f"{count:>6}  {rate:>8.0f}  {cpu_milliseconds:>11.2f}  {growth:>18.1f}")
    assert measured[-1][1] >= BUDGET_ROWS_PER_SECOND / 2
    assert measured[-1][3] <= MEMORY_LIMIT_MIB * 2
