# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Charge import: rows a second and memory, from the stored file to the moved encounters."""

import csv
import resource
import time
from datetime import date, timedelta
from pathlib import Path

ROWS_PER_ENCOUNTER = 3
ENCOUNTERS_PER_PATIENT = 4
CODE_COUNT = 50

COLUMNS = (
    "external_id", "facility_code", "encounter_number", "encounter_start", "encounter_end",
    "patient_mrn", "patient_last_name", "patient_first_name", "patient_birth_date", "patient_sex",
    "payer_code", "member_id", "coverage_start", "service_date", "department_code",
    "performer_npi", "procedure_code", "modifiers", "units", "place_of_service",
    "diagnosis_codes", "encounter_status", "coding_approved",
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
                    f"{run}-{number}", "IMPORT", f"{run}-E{encounter}", f"{day}T09:00",
                    f"{day}T09:30", f"{run}-P{patient}", f"Name{patient}", "Pat",
                    "1970-06-15", "female", "IMPORTPLAN", f"M{patient}", "2025-01-01", day,
                    "I1", "1999000007", f"BP{number % CODE_COUNT:03}",
                    "25" if number % 3 == 0 else "", "1", "11",
                    f"BD{number % CODE_COUNT:03} BD{(number + 7) % CODE_COUNT:03}",
                    "completed", "yes",
                ]
            )


def resident_mib():
    """Memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def test_import(odoo_env, size, tmp_path, figures, stopwatch):
    """Charges a second, CPU and memory growth; aim: 300 a second, flat memory at 20,000."""
    path = tmp_path / f"charges_{size}.csv"
    write_rows(path, size)
    with odoo_env() as env:
        create_master_data(env)
        env.cr.commit()
        memory, started = resident_mib(), time.monotonic()
        cpu, report = stopwatch(lambda: env["hc.exchange"]._run_charge_import(path, "bench"))
        seconds, growth = time.monotonic() - started, resident_mib() - memory
    assert (report["state"], report["imported"]) == ("done", size), report
    figures.add(f"import, {size} charges", size / seconds, "charges/s")
    figures.add(f"import, {size} charges", cpu / size * 1000, "ms CPU each")
    figures.add(f"import, {size} charges, memory growth", growth, "MiB")


def test_second_import(odoo_env, size, tmp_path, figures):
    """Charges a second when every row is known already."""
    path = tmp_path / f"charges_{size}.csv"
    write_rows(path, size)
    with odoo_env() as env:
        create_master_data(env)
        env.cr.commit()
        env["hc.exchange"]._run_charge_import(path, "bench")
        path.write_bytes(path.read_bytes() + b"\r\n")
        started = time.monotonic()
        report = env["hc.exchange"]._run_charge_import(path, "bench")
        seconds = time.monotonic() - started
    assert report["repeated"] == size, report
    figures.add(f"second import, {size} charges", size / seconds, "charges/s")
