# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Posted answers compared with a contract, as the Scheduled Action does it."""

from test_bench_import import resident_mib
from test_remittances import _take_in

_ANSWERS_PER_BATCH = 200
# Of every line of the benchmark's answers: 60 paid, 10 left to the patient.
_ALLOWED_PERCENT = 70.0


def _agree(env, payer, percent):
    """A published contract of two terms, by which some payments are too low."""
    contract = env["hc.payer.contract"].create(
        {
            "name": "Bench",
            "code": f"BENCH-{percent}",
            "payer_id": payer.id,
            "date_from": "2020-01-01",
            "tolerance_percent": 1.0,
            "term_ids": [
                (0, 0, {"percent": percent}),
                (0, 0, {"code_from": "A0000", "code_to": "A9999", "percent": percent}),
            ],
        }
    )
    contract._publish()
    return contract


def _compare(env, answers):
    for start in range(0, len(answers), _ANSWERS_PER_BATCH):
        answers[start : start + _ANSWERS_PER_BATCH]._check_contracts()
        env.flush_all()
        env.invalidate_all()


def test_answers_against_a_contract(odoo_env, size, figures, stopwatch):
    """CPU per answer: all as agreed, all underpaid, and compared again without a change."""
    with odoo_env() as env:
        cases, remittance = _take_in(env, size)
        answers = remittance.claim_ids
        payer = cases.payer_id[:1]
        contract = _agree(env, payer, _ALLOWED_PERCENT)
        env.invalidate_all()
        agreed, _ = stopwatch(lambda: _compare(env, answers))
        found = len(answers.variance_ids)
        contract._transition("withdrawn")
        _agree(env, payer, _ALLOWED_PERCENT + 10)
        env.invalidate_all()
        before = resident_mib()
        underpaid, _ = stopwatch(lambda: _compare(env, answers))
        growth = resident_mib() - before
        assert len(answers.variance_ids) == len(answers)
        again, _ = stopwatch(lambda: _compare(env, answers))
        figures.add(f"answers as agreed, {size}", agreed / size * 1e3, "ms CPU/answer")
        figures.add(f"of them found different, {size}", found, "answers")
        figures.add(f"answers underpaid, {size}", underpaid / size * 1e3, "ms CPU/answer")
        figures.add(f"memory growth with them, {size}", growth, "MiB")
        figures.add(f"answers compared again, {size}", again / size * 1e3, "ms CPU/answer")
        env.cr.rollback()
