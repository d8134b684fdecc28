# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Indicators: time of a thirteen-week trend by number of cases; aim: linear, page below 1 s."""

import time
from datetime import date

import population

from odoo.tools import SQL

# Cases lived through by the application itself; larger offices are copies of these.
_SAMPLE = 200
_ID_STRIDE = 10_000_000
_WEEKS = 13
# Tables of a billed case: links to copied rows, texts to keep unique, column of the encounter.
_COPIED = {
    "hc_encounter": ((), ("number",), "id"),
    "hc_service_line": (("encounter_id",), (), "encounter_id"),
    "hc_billing_case": (("encounter_id",), ("name",), "encounter_id"),
    "hc_charge": (("case_id", "encounter_id", "service_line_id"), (), "encounter_id"),
    "hc_readiness_evaluation": (("case_id",), (), "case_id"),
    "account_move": (("hc_case_id",), ("name",), "hc_case_id"),
    "account_move_line": (("move_id", "hc_case_id"), (), "hc_case_id"),
}


def _copy(env, cases, copies):
    """Copies of the cases with what the indicators read, by SQL, a few days apart."""
    keys = {"id": cases.encounter_id.ids, "encounter_id": cases.encounter_id.ids}
    for table, (links, texts, key) in _COPIED.items():
        env.cr.execute(
            SQL(
                """SELECT column_name FROM information_schema.columns
                    WHERE table_name = %s AND is_generated = 'NEVER'""",
                table,
            )
        )
        names = [name for (name,) in env.cr.fetchall()]
        values = [
            SQL("%s + copy * %s", SQL.identifier(name), _ID_STRIDE)
            if name in ("id", *links)
            else SQL("%s || '-' || copy", SQL.identifier(name))
            if name in texts
            else SQL.identifier(name)
            for name in names
        ]
        env.cr.execute(
            SQL(
                """INSERT INTO %s (%s) SELECT %s FROM %s, generate_series(1, %s) copy
                    WHERE %s = ANY(%s)""",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, names)),
                SQL(", ").join(values),
                SQL.identifier(table),
                copies,
                SQL.identifier(key),
                keys.get(key, cases.ids),
            )
        )
    _copy_log(env, cases, copies)


def _copy_log(env, cases, copies):
    models = {
        "hc.billing.case": cases.ids,
        "hc.encounter": cases.encounter_id.ids,
        "hc.charge": cases.charge_ids.ids,
    }
    for model, ids in models.items():
        env.cr.execute(
            SQL(
                """INSERT INTO hc_transition (res_model, res_id, sequence, kind, field_name,
                          from_state, to_state, actor_id, facts, occurred_at, company_id,
                          facility_id, previous_hash, hash, hash_version)
                   SELECT res_model, res_id + copy * %s, sequence, kind, field_name, from_state,
                          to_state, actor_id, facts, occurred_at, company_id, facility_id,
                          previous_hash, hash, hash_version
                     FROM hc_transition, generate_series(1, %s) copy
                    WHERE res_model = %s AND res_id = ANY(%s)""",
                _ID_STRIDE,
                copies,
                model,
                ids,
            )
        )


def _office(env, size, prefix):
    """An office of `size` billed cases."""
    encounters = population.encounters(env, _SAMPLE, prefix)
    encounters.action_complete()
    encounters.action_approve_coding()
    cases = encounters._prepare_billing()
    env.cr.precommit.run()
    env.flush_all()
    if size > _SAMPLE:
        _copy(env, cases, size // _SAMPLE - 1)
    env.cr.execute("ANALYZE")
    env.invalidate_all()


def test_a_trend_of_every_indicator(odoo_env, size, figures):
    """Time of each indicator's trend, and of the whole page."""
    with odoo_env() as env:
        _office(env, size, f"kpi{size}-{time.time_ns()}-")
        provider = env["hc.kpi.provider"]
        days = [date.fromordinal(date.today().toordinal() - 7 * week) for week in range(_WEEKS)]
        provider._compute_series("charge_lag_days", days)
        for code in provider._get_registry():
            start = time.perf_counter()
            results = provider._compute_series(code, days)
            spent = time.perf_counter() - start
            figures.add(f"{code}, {size} cases", spent * 1e3, "ms", f"{results[0].figure.count}")
        start = time.perf_counter()
        everything = provider._compute_all_series(days)
        figures.add(f"all indicators, {size} cases", (time.perf_counter() - start) * 1e3, "ms")
        assert everything["days_in_ar_net"][0].figure.count >= size
        assert everything["straight_through_rate"][0].figure.value == 100
        env.cr.rollback()
