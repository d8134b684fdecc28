# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Readiness over a batch: CPU per case by step; aim: evaluation at most 1 ms, linear."""

import time
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

import population

_AIM_MILLISECONDS = 1.0
# One case in twenty lacks something, as in a well-run office.
_WRONG_EVERY = 20


def _waiting_cases(env, count, prefix):
    """Cases in stage *readiness check* with two charges each."""
    env.ref("hc_revenue_base.automation_hc_encounter_completed_and_coded").active = False
    encounters = population.encounters(env, count, prefix)
    cases = env["hc.billing.case"]
    for start in range(0, count, 500):
        batch = encounters[start : start + 500]
        batch.action_complete()
        batch.action_approve_coding()
        created = batch._get_or_create_cases()
        batch.service_line_ids._convert_to_charges()
        for stage in ("charge_review", "coding", "readiness_check"):
            created._transition(stage)
        cases += created
        env.cr.flush()
        env.invalidate_all()
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
            "_load_readiness_facts", "_evaluate", "_store_verdicts", "_sync_findings",
            "_follow_verdicts", "_lock_for_transition",
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
            per_case["_evaluate"] + per_case["_append"], "ms CPU each", note,
        )
        figures.add("  of this: load facts", per_case["_load_readiness_facts"], "ms CPU each")
        figures.add("  of this: store the trace", per_case["_append"], "ms CPU each")
        figures.add("  findings and work items", per_case["_sync_findings"], "ms CPU each",
                    f"1 case in {_WRONG_EVERY} blocked")
        figures.add("  stage transitions", per_case["_follow_verdicts"], "ms CPU each")
        figures.add("  whole run", total / size * 1e3, "ms CPU each")
        figures.add("  chatter about it at commit", flushed / size * 1e3, "ms CPU each")
        env.cr.rollback()
