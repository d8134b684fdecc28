# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""FHIR intake: bundles read a second, and visits that become billing cases a minute."""

import multiprocessing
import os
import time
from zoneinfo import ZoneInfo

import pytest
from charge_files import create_master_data
from fhir_documents import make_document
from hc_fhir.drafts import Naming, build_drafts, names_needed
from hc_fhir.fhir_reader import read_fhir

AIM_PER_MINUTE = 5000
DOCUMENTS = 10
TAKE_IN, BILL = (
    "hc_revenue_base.ir_cron_process_exchanges",
    "hc_revenue_base.ir_cron_prepare_billing",
)
# What each of two processes runs: as shipped, two Scheduled Actions; and both of them both.
WAYS = {"one takes in, one bills": ((TAKE_IN,), (BILL,)), "each does both": ((TAKE_IN, BILL),) * 2}


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


def _work(config, database, prefix, size, actions, ready, go):
    """Run Scheduled Actions until each visit has its case; a process of its own."""
    import odoo
    from odoo.modules.registry import Registry
    from odoo.tools import config as odoo_config

    odoo_config.parse_config([f"--config={config}", "--max-cron-threads=0", "--log-level=warn"])
    registry = Registry(database)
    ready.release()
    go.wait()
    while True:
        with registry.cursor() as cursor:
            env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
            for action in actions:
                env.ref(action).method_direct_trigger()
            billed = [("number", "like", f"{prefix}-%"), ("case_ids", "!=", False)]
            if env["hc.encounter"].search_count(billed) == size:
                return


@pytest.mark.parametrize("way", WAYS)
def test_two_processes(odoo_env, database_name, size, figures, way):
    """Visits a minute of two processes at once, from the received documents to the cases."""
    prefix = f"{size}-{time.time_ns()}"
    share = max(size // DOCUMENTS, 1)
    with odoo_env() as env:
        create_master_data(env)
        for number in range(DOCUMENTS):
            name = f"{prefix}-{number}"
            content = make_document(share, name)
            env["hc.exchange"]._receive("fhir_bundle", "bench", name, content, name)
    context = multiprocessing.get_context("spawn")
    ready, go = context.Semaphore(0), context.Event()
    arguments = (os.environ["HC_TEST_CONFIG"], database_name, prefix, share * DOCUMENTS)
    processes = [
        context.Process(target=_work, args=(*arguments, actions, ready, go))
        for actions in WAYS[way]
    ]
    for process in processes:
        process.start()
    for _process in processes:
        ready.acquire()
    start = time.monotonic()
    go.set()
    for process in processes:
        process.join()
    seconds = time.monotonic() - start
    assert [process.exitcode for process in processes] == [0, 0]
    with odoo_env() as env:
        documents = env["hc.exchange"].search([("external_id", "like", f"{prefix}-%")])
        assert set(documents.mapped("state")) == {"done"}
        assert sum(documents.mapped("failed_count")) == 0
        visits = env["hc.encounter"].search([("number", "like", f"{prefix}-%")])
        assert len(visits) == len(visits.case_ids) == share * DOCUMENTS
    per_minute = share * DOCUMENTS / seconds * 60
    figures.add(f"FHIR to cases, {size} visits, {way}", per_minute, "visits/min", "aim 5,000")
