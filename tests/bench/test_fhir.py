# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""FHIR intake: bundles read a second, and visits that become billing cases a minute."""

import importlib.util
import json
import time
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from charge_files import create_master_data
from hc_fhir.drafts import Naming, build_drafts, names_needed
from hc_fhir.fhir_reader import read_fhir

_SAMPLES = Path(__file__).resolve().parents[2] / "addons/hc_integration/tests/fhir_samples.py"
AIM_PER_MINUTE = 5000


def load_samples():
    """The documents of the add-on's own tests."""
    spec = importlib.util.spec_from_file_location("fhir_samples", _SAMPLES)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _person(number):
    """Name and birth date of one person in a town: namesakes are many, twins are few."""
    family = f"Family{number % 997}"
    born = date(1940, 1, 1) + timedelta(days=number * 37 % 25000)
    return {"name": [{"family": family, "given": ["Kim"]}], "birthDate": born.isoformat()}


def make_document(count):
    """A bundle of `count` visits, each of its own patient, with a coverage and a charge."""
    samples = load_samples()
    run = f"{count}-{time.time_ns()}"
    npi = {"identifier": {"system": samples.NPI, "value": "1999000007"}}
    resources = []
    for number in range(count):
        name = f"{run}-{number}"
        mrn = [{"type": samples.concept(samples.IDENTIFIER_TYPE, "MR"), "value": name}]
        visit = [{"system": "urn:x:visits", "value": name}]
        resources += [
            samples.patient(name, identifier=mrn, **_person(number)),
            samples.coverage(name, payor=[{"identifier": {"value": "IMPORTPLAN"}}]),
            samples.encounter(
                name,
                identifier=visit,
                serviceProvider={"identifier": {"value": "IMPORT"}},
                participant=[{"individual": npi}],
                reasonCode=[samples.concept(samples.ICD, "BD001")],
            ),
            samples.charge_item(
                name,
                code="BP001",
                performer=[{"actor": npi}],
                reason=[samples.concept(samples.ICD, "BD001")],
            ),
        ]
    return json.dumps(samples.bundle(*resources)).encode()


def test_reading(size, figures, stopwatch):
    """Visits read and mapped a second, without a database."""
    content = make_document(size)

    def read():
        intake = read_fhir(content)
        facilities, payers = names_needed(intake)
        places = dict.fromkeys(facilities, ("IMPORT", ZoneInfo("America/New_York")))
        return build_drafts(intake, Naming(places, dict.fromkeys(payers, "IMPORTPLAN")))

    cpu, drafts = stopwatch(read)
    assert len(drafts) == size * 4 + 3
    assert not [draft for draft in drafts if draft.errors]
    figures.add(f"FHIR read, {size} visits", size / cpu, "visits/s CPU")
    figures.add(f"FHIR read, {size} visits", len(content) / cpu / 1e6, "MB/s CPU")


def test_visits_to_cases(odoo_env, size, figures, stopwatch):
    """Visits a minute from the received bundle to the billing case; aim: 5,000 on 2 cores."""
    content = make_document(size)
    with odoo_env() as env:
        create_master_data(env)
        env.cr.commit()
        exchange, _verdict = env["hc.exchange"]._receive(
            "fhir_bundle", "bench", f"{size}-{time.time_ns()}", content, "bench"
        )
        env.cr.commit()

        def take_in():
            exchange._process_safely(lambda done, left: env.cr.commit() or True)
            env.cr.commit()

        def bill():
            env["hc.encounter"]._cron_prepare_billing()

        started = time.monotonic()
        cpu_in, _nothing = stopwatch(take_in)
        cpu_bill, _nothing = stopwatch(bill)
        seconds = time.monotonic() - started
        assert (exchange.state, exchange.failed_count) == ("done", 0), exchange.error
        visits = env["hc.encounter"].search([("number", "like", f"{size}-%")])
        assert len(visits.filtered("case_ids")) == size
    figures.add(f"FHIR to cases, {size} visits", size / seconds * 60, "visits/min", "aim 5,000")
    figures.add(f"FHIR taken in, {size} visits", cpu_in / size * 1000, "ms CPU each")
    figures.add(f"cases of {size} visits", cpu_bill / size * 1000, "ms CPU each")
