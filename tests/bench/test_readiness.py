# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Readiness over a batch: CPU per case by step; aim: evaluation at most 1 ms, linear."""

import time
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

import population

from odoo.tools import SQL

_AIM_MILLISECONDS = 1.0
# One case in twenty lacks something, as in a well-run office.
_WRONG_EVERY = 20
# Cases made by the application itself; larger batches are copies of these.
_SAMPLE = 200
_ID_STRIDE = 10_000_000

# Tables of a case in the order of their references: links to copied rows, texts to keep unique.
_COPIED = {
    "hc_patient": ((), ("mrn", "last_name")),
    "hc_coverage": (("patient_id",), ()),
    "hc_encounter": (("patient_id", "primary_coverage_id"), ("number",)),
    "hc_encounter_diagnosis": (("encounter_id",), ()),
    "hc_document": (("patient_id", "encounter_id"), ()),
    "hc_service_line": (("encounter_id", "patient_id"), ()),
    "hc_billing_case": (("encounter_id", "patient_id"), ("name",)),
    "hc_charge": (("service_line_id", "case_id", "encounter_id", "patient_id"), ()),
}


def _copies(env, cases, copies):
    """The cases and `copies` copies of each, made by SQL: the ORM would take half an hour."""
    keys = {"hc_patient": "id", "hc_coverage": "patient_id", "hc_encounter": "id"}
    for table, (links, texts) in _COPIED.items():
        fields = env[table.replace("_", ".")]._fields
        key = keys.get(table, "encounter_id")
        by_patient = table in ("hc_patient", "hc_coverage")
        rows = (cases.patient_id if by_patient else cases.encounter_id).ids
        columns = [name for name, field in fields.items() if field.column_type and field.store]
        values = [
            SQL("%s + copy * %s", SQL.identifier(name), _ID_STRIDE)
            if name in ("id", *links)
            else SQL("%s || '-' || copy", SQL.identifier(name))
            if name in texts
            else SQL.identifier(name)
            for name in columns
        ]
        env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM %s, generate_series(1, %s) copy"
                " WHERE %s = ANY(%s)",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(values),
                SQL.identifier(table),
                copies,
                SQL.identifier(key),
                rows,
            )
        )
    env.cr.execute(
        SQL(
            """INSERT INTO hc_encounter_diagnosis_hc_service_line_rel
                      (hc_service_line_id, hc_encounter_diagnosis_id)
               SELECT hc_service_line_id + copy * %(stride)s,
                      hc_encounter_diagnosis_id + copy * %(stride)s
                 FROM hc_encounter_diagnosis_hc_service_line_rel,
                      generate_series(1, %(copies)s) copy
                WHERE hc_service_line_id = ANY(%(lines)s)""",
            stride=_ID_STRIDE,
            copies=copies,
            lines=cases.charge_ids.service_line_id.ids,
        )
    )
    env.cr.execute("ANALYZE")
    ids = [case_id + copy * _ID_STRIDE for copy in range(copies + 1) for case_id in cases.ids]
    return cases.browse(ids)


def _waiting_cases(env, count, prefix):
    """Cases in stage *readiness check* with two charges each."""
    return _copies(env, _sample_cases(env, _SAMPLE, prefix), count // _SAMPLE - 1)


def _sample_cases(env, count, prefix):
    rule = env.ref("hc_revenue_base.automation_hc_encounter_completed_and_coded")
    rule._config_write({"active": False})
    encounters = population.encounters(env, count, prefix)
    encounters.action_complete()
    encounters.action_approve_coding()
    cases = encounters._get_or_create_cases()
    encounters.service_line_ids._convert_to_charges()
    for stage in ("charge_review", "coding", "readiness_check"):
        cases._transition(stage)
    for patient in encounters[::_WRONG_EVERY].patient_id:
        patient.city = False
    env.cr.flush()
    env.invalidate_all()
    return cases


@contextmanager
def _step_clocks(model, names, stopwatch):
    """CPU seconds spent in each of the methods, by name; nested time counts in both."""
    spent = dict.fromkeys(names, 0.0)
    with ExitStack() as stack:
        for name in names:
            original = getattr(model, name)

            def measured(self, *args, _name=name, _original=original, **options):
                seconds, result = stopwatch(lambda: _original(self, *args, **options))
                spent[_name] += seconds
                return result

            stack.enter_context(patch.object(model, name, measured))
        yield spent


def test_readiness_over_a_batch(odoo_env, size, figures, stopwatch):
    """CPU of one run over all cases, told apart by what it does."""
    with odoo_env() as env:
        cases = _waiting_cases(env, size, f"ready{size}-{time.time_ns()}-")
        model = type(env["hc.billing.case"])
        evaluations = type(env["hc.readiness.evaluation"])
        # Compiled rules and table metadata are warm in a running server.
        cases[:1]._evaluate(population.SERVICE_DATE)
        env.invalidate_all()
        steps = (
            "_load_readiness_facts",
            "_evaluate",
            "_store_verdicts",
            "_sync_findings",
            "_follow_verdicts",
            "_lock_for_transition",
        )
        with (
            _step_clocks(model, steps, stopwatch) as spent,
            _step_clocks(evaluations, ("_append",), stopwatch) as traced,
        ):
            total, ready = stopwatch(cases._run_readiness)
        flushed, _ = stopwatch(env.cr.flush)
        wrong = (size + _WRONG_EVERY - 1) // _WRONG_EVERY
        assert len(ready) == size - wrong
        assert cases.mapped("blocking_finding_count").count(1) == wrong
        per_case = {name: seconds / size * 1e3 for name, seconds in (spent | traced).items()}
        note = f"aim {_AIM_MILLISECONDS} ms"
        figures.add(
            f"readiness, {size} cases: evaluate and trace",
            per_case["_evaluate"] + per_case["_append"],
            "ms CPU each",
            note,
        )
        figures.add("  of this: load facts", per_case["_load_readiness_facts"], "ms CPU each")
        figures.add("  of this: store the trace", per_case["_append"], "ms CPU each")
        figures.add(
            "  findings and work items",
            per_case["_sync_findings"],
            "ms CPU each",
            f"1 case in {_WRONG_EVERY} blocked",
        )
        figures.add("  stage transitions", per_case["_follow_verdicts"], "ms CPU each")
        figures.add("  whole run", total / size * 1e3, "ms CPU each")
        figures.add("  chatter about it at commit", flushed / size * 1e3, "ms CPU each")
        env.cr.rollback()
