# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Requests and their decisions: locks, log and duty checks included, the act itself apart."""

import time
from unittest.mock import patch

import population

from odoo.tools import SQL

PENDING = 20_000
_ROUNDS = 7


def _people(env):
    """Two of each role that decides, and somebody who requests."""
    facility = population.group(env)
    people = {}
    for role in ("clerk", "supervisor", "finance_manager"):
        groups = env.ref("base.group_user") | env.ref(f"hc_revenue_base.group_hc_{role}")
        people[role] = env["res.users"].create(
            {
                "name": f"Bench {role}",
                "login": f"bench-{role}-{time.time_ns()}",
                "email": f"{role}@bench.example",
                "group_ids": [(6, 0, groups.ids)],
                "hc_facility_ids": [(6, 0, facility.ids)],
            }
        )
    return people


def _cases(env, size):
    encounters = population.encounters(env, size, f"app{size}-{time.time_ns()}-")
    cases = env["hc.billing.case"]._create_for(encounters)
    env.flush_all()
    return cases


def _request(env, clerk, cases):
    """A credit note for each case: it waits for a supervisor, then for finance."""
    reason = env["hc.reason.code"].search([("usage", "=", "void_rebill")], limit=1)
    made = env(user=clerk.id)["hc.controlled.action"]._request_many(
        "credit_note",
        [
            {
                "subject": case,
                "idempotency_key": f"bench:{case.id}",
                "amount": 900.0,
                "case_id": case.id,
                "reason_code_id": reason.id,
                "justification": "wrong payer on the claim",
            }
            for case in cases
        ],
    )
    env.flush_all()
    return made.sudo().approval_request_ids


def test_request_and_two_decisions(odoo_env, size, figures, stopwatch):
    """Milliseconds of processor time a request; aim: 3.6, and no more at 20,000 than at 200."""
    with odoo_env() as env:
        people = _people(env)
        cases = _cases(env, size)
        requested, requests = stopwatch(lambda: _request(env, people["clerk"], cases))
        model = type(requests)
        with patch.object(model, "_apply_action", lambda self: True):
            first, _ = stopwatch(
                lambda: (requests.with_user(people["supervisor"]).action_approve(), env.flush_all())
            )
            second, _ = stopwatch(
                lambda: (
                    requests.with_user(people["finance_manager"]).action_approve(),
                    env.flush_all(),
                )
            )
        assert set(requests.mapped("state")) == {"approved"}
        for label, seconds in (
            ("request", requested),
            ("first decision", first),
            ("second decision", second),
            ("request and two decisions", requested + first + second),
        ):
            figures.add(f"{label}, {size}", seconds / size * 1e3, "ms CPU each")
        env.cr.rollback()


def _multiply(env, requests, count):
    """Copy waiting requests, their actions and steps row by row until there are so many."""
    env.flush_all()
    times = -(-count // len(requests)) - 1
    tables = (
        ("hc_controlled_action", requests.action_id, {"idempotency_key": "%s || ':' || k"}),
        ("hc_approval_request", requests, {"action_id": "%s + k * stride"}),
        ("hc_approval_step", requests.step_ids, {"request_id": "%s + k * stride"}),
    )
    stride = 1 + max(max(records.ids) for _table, records, _changes in tables)
    for table, records, changes in tables:
        env.cr.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table]
        )
        columns = [name for (name,) in env.cr.fetchall() if name != "id"]
        values = [changes.get(name, "%s").replace("%s", f'"{name}"') for name in columns]
        env.cr.execute(
            SQL(
                f"""INSERT INTO {table} (id, {", ".join(f'"{name}"' for name in columns)})
                    SELECT id + k * stride, {", ".join(values)}
                      FROM {table}, generate_series(1, %(times)s) k,
                           (SELECT %(stride)s::int AS stride) AS by
                     WHERE id = ANY(%(ids)s)""",
                times=times,
                stride=stride,
                ids=records.ids,
            )
        )
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    env.invalidate_all()


def _time(env, call):
    """Milliseconds of CPU, until an answer is there (the database's included), and queries."""
    processor, clock, queries = [], [], 0
    for _round in range(_ROUNDS):
        env.invalidate_all()
        before = env.cr.sql_log_count
        started = time.perf_counter(), time.process_time()
        call()
        clock.append((time.perf_counter() - started[0]) * 1e3)
        processor.append((time.process_time() - started[1]) * 1e3)
        queries = env.cr.sql_log_count - before
    return processor, clock, f"ms, {queries} queries"


def _get_list_fields(model, view):
    """What the web client asks for when it opens a list."""
    names = model.get_views([(model.env.ref(view).id, "list")])["models"][model._name]["fields"]
    return {
        name: {"fields": {"display_name": {}}} if model._fields[name].type == "many2one" else {}
        for name in names
    }


def test_screens_with_many_waiting(odoo_env, figures):
    """Counter, inbox and bottlenecks with 20,000 pending; aims: 20 ms, 1 s and 1 s."""
    with odoo_env() as env:
        people = _people(env)
        requests = _request(env, people["clerk"], _cases(env, 200))
        _multiply(env, requests, PENDING)
        for label, role, expected in (
            ("who decides all of it", "supervisor", 100),
            ("who decides none of it", "clerk", 0),
        ):
            mine = env["hc.approval.request"].with_user(people[role])
            assert mine.get_systray()["waiting"] == expected
            processor, clock, unit = _time(env, mine.get_systray)
            figures.add_median(f"systray of {label}", processor, "ms CPU", "aim 20 ms")
            figures.add_median("  by the clock", clock, unit)
        mine = env["hc.approval.request"].with_user(people["supervisor"])
        bottlenecks = env["hc.approval.bottleneck"].with_user(people["supervisor"])
        for label, model, view, domain in (
            ("inbox", mine, "hc_approval_request_view_list", [("is_mine_to_decide", "=", True)]),
            ("bottlenecks, ungrouped", bottlenecks, "hc_approval_bottleneck_view_list", []),
        ):
            wanted = _get_list_fields(model, f"hc_billing_approvals.{view}")
            page = {"domain": domain, "specification": wanted, "limit": 80, "count_limit": 10_001}
            assert len(model.web_search_read(**page)["records"]) == 80
            _cpu, clock, unit = _time(env, lambda: model.web_search_read(**page))  # noqa: B023
            figures.add_median(f"{label}, {PENDING}", clock, unit, "aim 1 s")
        totals = ["__count", "amount:sum", "age_days:avg", "overdue_count:sum"]
        for group in ("group_id", "kind", "facility_id"):
            _cpu, clock, unit = _time(
                env,
                lambda: bottlenecks.formatted_read_group([], [group], totals),  # noqa: B023
            )
            figures.add_median(f"bottlenecks by {group}", clock, unit, "aim 1 s")
        env.cr.rollback()


def test_sweeps_of_many_waiting(odoo_env, figures, stopwatch):
    """Escalating 20,000 steps, aim 20 s, and one e-mail each about 2,000 of them."""
    with odoo_env() as env:
        people = _people(env)
        requests = _request(env, people["clerk"], _cases(env, 200))
        _multiply(env, requests, PENDING)
        steps = env["hc.approval.step"].search(
            [("state", "=", "open"), ("escalation_level", "=", 0)], limit=PENDING
        )

        def escalate():
            for start in range(0, PENDING, 1000):
                steps[start : start + 1000].try_lock_for_update(allow_referencing=True)._escalate()
                env.flush_all()

        spent, _ = stopwatch(escalate)
        assert set(steps.mapped("escalation_level")) == {1}
        figures.add(f"escalate {PENDING}", spent, "s CPU", "aim 20 s")
        steps._write_guarded({"notice_kind": "opened"})
        env.flush_all()
        before = env["mail.mail"].search_count([])
        start = time.perf_counter()
        spent, _ = stopwatch(lambda: (steps[:2000]._notify_approvers(), env.flush_all()))
        mails = env["mail.mail"].search_count([]) - before
        assert 0 < mails < 100
        note = f"{mails} e-mails, {time.perf_counter() - start:.2f} s by the clock"
        figures.add("tell approvers of 2,000 steps", spent, "s CPU", note)
        env.cr.rollback()
