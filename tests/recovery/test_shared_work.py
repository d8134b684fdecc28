# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Two processes of a server share what comes and goes, and are killed among it.

Each runs all Scheduled Actions of the border in turn, as a cron worker does: FHIR documents, the
cases of their visits, received events, deliveries. Whatever is killed, the other goes on with.
"""

import os
import random
import time
from collections import Counter

import databases
import killed_workers
import outbound
import senders
from charge_files import create_master_data
from fhir_documents import make_document
from webhook_receiver import receiving

DOCUMENTS, VISITS = 4, 40
SUBJECTS, EVENTS_EACH = 20, 5
TOLD, TOLD_TIMES = 40, 5
KILLS = 6
PROCESSES = 2
LEASE_SECONDS = 1
STEP_ROWS = 40
SECONDS_AT_WORK = (0.0, 0.8)
ACTIONS = (
    "hc_revenue_base.ir_cron_process_exchanges",
    "hc_revenue_base.ir_cron_prepare_billing",
    "hc_integration.ir_cron_process_events_1",
    "hc_integration.ir_cron_process_events_2",
    "hc_integration.ir_cron_drain_events_1",
    "hc_integration.ir_cron_drain_events_2",
)


def _work(registry, folder):
    """A cron worker: goes through the actions until nothing is left to do."""
    marks = os.open(folder / str(os.getpid()), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    registry["hc.exchange"]._handle_event = _handle_event
    actions = list(ACTIONS)
    while True:
        # Two workers seldom ask for the same one at the same time.
        random.shuffle(actions)
        for action in actions:
            with registry.cursor() as cursor:
                env = killed_workers.open_environment(cursor)
                os.write(marks, f"{action}\n".encode())
                _run(env, action)
        with registry.cursor() as cursor:
            if not _count_left(killed_workers.open_environment(cursor)):
                return
        time.sleep(0.05)


def _run(env, action):
    """Run a Scheduled Action as the server's cron worker does.

    Not by its button: that one cannot show the failure which Odoo notes when workers were killed at
    the same action three times in a row.
    """
    crons = env["ir.cron"]
    job = crons._acquire_one_job(env.cr, env.ref(action).id, include_not_ready=True)
    if job:  # else the other worker runs it
        crons._process_job(env.cr, job)


def _handle_event(exchange, _checkpoint):
    """An event's effect: a row of its own, committed with the event's being done."""
    exchange.env.cr.execute(
        "INSERT INTO shared_mark (subject, number) VALUES (%s, %s)",
        [exchange.subject_key, exchange.sequence_number],
    )
    exchange.sudo()._transition_where_allowed("processing")
    exchange.sudo()._transition("done")
    return True


def _count_left(env):
    return (
        env["hc.exchange"].search_count([("state", "in", ("received", "processing", "failed"))])
        + env["hc.encounter"].search_count(env["hc.encounter"]._get_to_bill_domain())
        + env["hc.event.delivery"].search_count([("state", "in", ("pending", "sending"))])
    )


def _kill_and_replace(database, folder):
    """Fork two workers, kill them at random and fork new ones."""
    registry = killed_workers.load(database)
    killed_workers.set_constant(
        registry, "hc.event.delivery", "_drain", LEASE_SECONDS=LEASE_SECONDS
    )
    killed_workers.set_constant(registry, "hc.exchange", "_take_in_drafts", ROWS_PER_STEP=STEP_ROWS)

    def start():
        return killed_workers.fork(_work, registry, folder)

    def has_begun():
        own = folder / str(pid)
        return own.exists() and own.stat().st_size

    workers = [start() for _number in range(PROCESSES)]
    killed = 0
    for _kill in range(KILLS):
        pid = workers.pop(random.randrange(PROCESSES))
        killed += killed_workers.kill_at_work(pid, has_begun, SECONDS_AT_WORK)
        workers.append(start())
    assert killed == KILLS, "all was done too soon"
    assert killed_workers.ended_well(*workers)


def _enter_work(env, receiver_url):
    """Documents, events and deliveries that wait; returns the ids of documents and deliveries."""
    from odoo.addons.hc_integration.hc_webhook_core.envelope import Event

    create_master_data(env)
    env.cr.execute("CREATE TABLE shared_mark (id serial, subject text, number int)")
    receive = env["hc.exchange"]._receive
    for number in range(DOCUMENTS):
        name = f"shared-{number}"
        receive("fhir_bundle", "shared", name, make_document(VISITS, name), name)
    source = senders.connect_source(env)
    border = env["hc.integration.source"]._get_borders()[source.code]
    exchanges = env["hc.exchange"].with_user(source.user_id).sudo()
    now = env.cr.now().replace(microsecond=0)
    places = [(subject, n) for subject in range(SUBJECTS) for n in range(1, EVENTS_EACH + 1)]
    random.shuffle(places)
    for subject, number in places:
        event = Event(f"{subject}-{number}", "encounter.completed", 1, now, str(subject), number)
        exchanges._receive_event(border, event, b"{}")
    outbound.subscribe(env, receiver_url, "shared")
    partners = env["res.partner"].create([{"name": f"Told {number}"} for number in range(TOLD)])
    outbound.tell(env, partners, TOLD_TIMES)


def test_two_processes_share_all_work_and_may_be_killed(template_name, odoo_env, tmp_path):
    """Each visit has one case, each event one effect; each delivery arrives, in order."""
    marks = tmp_path / "marks"
    marks.mkdir()
    with (
        databases.cloned(template_name, f"{template_name}_shared") as database,
        receiving(tmp_path) as receiver,
    ):
        with databases.opened(database) as env:
            _enter_work(env, receiver.url)
        killed_workers.run_apart(_kill_and_replace, database, marks)
        with databases.opened(database) as env:
            _check_documents(env)
            _check_events(env)
            deliveries = env["hc.event.delivery"].search([("event_type", "=", outbound.EVENT)])
            assert Counter(deliveries.mapped("state")) == {"delivered": TOLD * TOLD_TIMES}
            processes = {owner.split(":")[1] for owner in deliveries.mapped("lease_owner")}
            assert not env["hc.transition.seal"]._verify(), "the log is whole"
        outbound.assert_each_once_and_in_order(receiver.arrivals(), TOLD * TOLD_TIMES)
    workers = {path.name for path in marks.iterdir()}
    assert len(workers) == PROCESSES + KILLS
    assert processes <= workers


def _check_documents(env):
    documents = env["hc.exchange"].search([("source", "=", "shared")])
    assert Counter(documents.mapped("state")) == {"done": DOCUMENTS}
    # A visit, its patient, coverage and charge, and the three of a document that all share.
    assert set(documents.mapped("failed_count")) == {0}
    assert set(documents.mapped(lambda each: each.processed_count - each.total_count)) == {0}
    visits = env["hc.encounter"].search([("source", "=", "shared")])
    assert len(visits) == len(set(visits.mapped("number"))) == DOCUMENTS * VISITS
    for records in (visits.case_ids, visits.service_line_ids, visits.charge_ids, visits.patient_id):
        assert len(records) == DOCUMENTS * VISITS, records._name
    assert len(visits.patient_id.coverage_ids) == DOCUMENTS * VISITS


def _check_events(env):
    env.cr.execute("SELECT subject, array_agg(number ORDER BY id) FROM shared_mark GROUP BY 1")
    effects = dict(env.cr.fetchall())
    assert len(effects) == SUBJECTS
    for numbers in effects.values():
        assert numbers == list(range(1, EVENTS_EACH + 1))
