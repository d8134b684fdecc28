# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""FHIR intake: bundles read a second, and visits that become billing cases a minute."""

import multiprocessing
import os
import time
from zoneinfo import ZoneInfo

import processor_time
from charge_files import create_master_data
from fhir_documents import make_document
from hc_fhir.drafts import Naming, build_drafts, names_needed
from hc_fhir.fhir_reader import read_fhir

AIM_PER_MINUTE = 5000
DOCUMENTS = 10
# What two processes of a server run at the same time.
ACTIONS = ("hc_revenue_base.ir_cron_process_exchanges", "hc_revenue_base.ir_cron_prepare_billing")
IDLE_SECONDS = 0.1


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


def _work(config, database, prefix, size, action, gates, answers):
    """Run a Scheduled Action until each visit has its case; a process of its own."""
    import odoo
    from odoo.modules.registry import Registry
    from odoo.tools import config as odoo_config

    odoo_config.parse_config([f"--config={config}", "--max-cron-threads=0", "--log-level=warn"])
    registry = Registry(database)
    ready, go = gates
    ready.release()
    go.wait()
    own_cpu, is_done = time.process_time(), False
    while not is_done:
        with registry.cursor() as cursor:
            env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
            env.ref(action).method_direct_trigger()
            billed = [("number", "like", f"{prefix}-%"), ("case_ids", "!=", False)]
            is_done = env["hc.encounter"].search_count(billed) == size
            database_cpu = processor_time.database_seconds(cursor)
        time.sleep(0 if is_done else IDLE_SECONDS)
    answers.put((time.process_time() - own_cpu, database_cpu))


def _receive_documents(env, prefix, visits):
    create_master_data(env)
    for number in range(DOCUMENTS):
        name = f"{prefix}-{number}"
        content = make_document(visits // DOCUMENTS, name)
        env["hc.exchange"]._receive("fhir_bundle", "bench", name, content, name)


def test_two_processes(odoo_env, database_name, size, figures):
    """Visits a minute, from the received documents to the cases, as a server works.

    One process takes the documents in, another makes cases of the visits of those that are in.
    """
    prefix = f"{size}-{time.time_ns()}"
    visits = max(size // DOCUMENTS, 1) * DOCUMENTS
    with odoo_env() as env:
        _receive_documents(env, prefix, visits)
    context = multiprocessing.get_context("spawn")
    gates, answers = (context.Semaphore(0), context.Event()), context.SimpleQueue()
    arguments = (os.environ["HC_TEST_CONFIG"], database_name, prefix, visits)
    processes = [
        context.Process(target=_work, args=(*arguments, action, gates, answers))
        for action in ACTIONS
    ]
    for process in processes:
        process.start()
    for _process in processes:
        gates[0].acquire()
    start = time.monotonic()
    gates[1].set()
    for process in processes:
        process.join()
    seconds = time.monotonic() - start
    assert [process.exitcode for process in processes] == [0, 0]
    with odoo_env() as env:
        documents = env["hc.exchange"].search([("external_id", "like", f"{prefix}-%")])
        assert set(documents.mapped("state")) == {"done"}
        assert sum(documents.mapped("failed_count")) == 0
        found = env["hc.encounter"].search([("number", "like", f"{prefix}-%")])
        assert len(found) == len(found.case_ids) == visits
    spent = [answers.get() for _process in processes]
    odoo_cpu, database_cpu = (sum(each) / visits * 1000 for each in zip(*spent, strict=True))
    label = f"FHIR to cases, {visits} visits, two processes"
    figures.add(label, visits / seconds * 60, "visits/min", f"aim {AIM_PER_MINUTE:,}")
    figures.add(f"{label}, Odoo", odoo_cpu, "ms CPU each")
    figures.add(f"{label}, database", database_cpu, "ms CPU each")
    both = 2 * 60_000 / (odoo_cpu + database_cpu)
    figures.add(f"{label}, two cores", both, "visits/min", "by processor time")
