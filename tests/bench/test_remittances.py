# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""An 835 from file to settled receivables, against stock registration of the same payments."""

import time

import claim_answers
import population
from test_bench_import import resident_mib

STOCK_SIZE = 100
_ANSWERS = (
    "hc.claim",
    "hc.claim.line",
    "hc.remittance.claim",
    "hc.remittance.service",
    "hc.remittance.adjustment",
)


def _register_stock(env, cases):
    """The stock way: one payment per invoice, by the wizard that people use."""
    invoices = cases.invoice_ids
    wizard = env["account.payment.register"].with_context(
        active_model="account.move", active_ids=invoices.ids
    )
    wizard.create({"group_payment": False})._create_payments()
    env.flush_all()


def _read(env, content):
    exchange, _verdict = env["hc.exchange"]._receive_remittance(content, "bench", "bench.835")
    exchange._process(lambda done, left: True)
    env.flush_all()
    # By its number, as a worker has it: not through what reading has left in the cache.
    return env["hc.remittance"].browse(exchange.remittance_ids.ids)


def _run_jobs(env, remittance, kind):
    """Run what posting left to jobs, each in a cache of its own as workers do.

    :return: milliseconds of processor time per answer, and megabytes held, after each job
    """
    jobs = env["hc.job"].search([("batch", "=", f"{kind}:{remittance.id}")], order="id")
    steps = []
    for job in jobs:
        started = time.process_time()
        answers = job.arguments["answer_ids"]
        getattr(remittance, job.method)(**job.arguments)
        env.flush_all()
        env.invalidate_all()
        spent = (time.process_time() - started) / len(answers) * 1e3
        steps.append((spent, resident_mib()))
    return steps


def _post(env, remittance):
    remittance._post()
    return _run_jobs(env, remittance, "remittance")


def _take_in(env, size):
    """Bill cases and post the one remittance that answers all their claims."""
    env["hc.ledger.account"]._create_missing(env.company)
    cases = claim_answers.bill(env, size)
    content = claim_answers.answer(claim_answers.send_claims(env, cases))
    env.flush_all()
    env.invalidate_all()
    remittance = _read(env, content)
    assert remittance.state == "proven", remittance.hold_reason
    _analyze_answers(env)
    env.invalidate_all()
    _post(env, remittance)
    env.invalidate_all()
    assert set(remittance.claim_ids.mapped("state")) == {"posted"}
    _analyze_answers(env)
    return cases, remittance


def _analyze_answers(env):
    """Let the planner see what a remittance has brought."""
    population.analyze(env, *population.LEDGER, *_ANSWERS)


def _add_growth(figures, what, size, steps):
    """How the last jobs compare with the first: the work is to be linear, at flat memory."""
    part = len(steps) // 4
    if part:
        first, last = (sum(cpu for cpu, _mib in some) for some in (steps[:part], steps[-part:]))
        figures.add(f"{what}, last quarter beside the first, {size}", last / first, "ratio")
        figures.add(f"{what}, memory growth, {size}", steps[-1][1] - steps[0][1], "MiB")


def test_remittance_to_settled_receivables(odoo_env, size, figures, stopwatch):
    """CPU per claim for parse, proof, match, post and reconcile; aim: at most 14 ms."""
    with odoo_env() as env:
        env["hc.ledger.account"]._create_missing(env.company)
        cases = claim_answers.bill(env, size)
        content = claim_answers.answer(claim_answers.send_claims(env, cases))
        env.flush_all()
        env.invalidate_all()
        reading, remittance = stopwatch(lambda: _read(env, content))
        assert remittance.state == "proven", remittance.hold_reason
        env.invalidate_all()
        posting, steps = stopwatch(lambda: _post(env, remittance))
        assert remittance.state == "posted"
        _add_growth(figures, "posting", size, steps)
        assert set(remittance.claim_ids.mapped("state")) == {"posted"}
        env.invalidate_all()
        invoicing, _ = stopwatch(lambda: _run_jobs(env, remittance, "remittance invoices"))
        open_items = env["hc.balance"].search([("case_id", "in", cases.ids)])
        assert {item.responsibility for item in open_items if item.amount_open} == {"patient"}
        others = claim_answers.bill(env, STOCK_SIZE)
        env.flush_all()
        env.invalidate_all()
        stock, _ = stopwatch(lambda: _register_stock(env, others))
        beside = (reading + posting) / size / (stock / STOCK_SIZE)
        figures.add(f"835 read, proven, matched, {size}", reading / size * 1e3, "ms CPU/claim")
        figures.add(f"835 posted, {size}", posting / size * 1e3, "ms CPU/claim")
        figures.add(f"835 in all, {size}", (reading + posting) / size * 1e3, "ms CPU/claim")
        figures.add(f"patients invoiced, {size}", invoicing / size * 1e3, "ms CPU/claim")
        figures.add("stock payment registration", stock / STOCK_SIZE * 1e3, "ms CPU/invoice")
        figures.add(f"835 beside stock, {size}", beside, "ratio")
        env.cr.rollback()


def _undo(env, remittance):
    """Undo a remittance as its jobs do."""
    from odoo.fields import Command

    from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

    managers = env.ref("hc_revenue_base.group_hc_finance_manager")
    env.user.write({"group_ids": [Command.link(managers.id)]})
    action = remittance._request_undo(
        idempotency_key=f"bench {remittance.id}", justification="sent again by the payer"
    )
    if action.state == "pending":
        action._settle(GateDecision("allow"))
    env.flush_all()
    env.invalidate_all()
    return _run_jobs(env, remittance, "remittance undo")


def test_remittance_undone(odoo_env, size, figures, stopwatch):
    """CPU per answer with its patient's invoice, and memory, when a whole remittance is undone."""
    with odoo_env() as env:
        _cases, remittance = _take_in(env, size)
        _run_jobs(env, remittance, "remittance invoices")
        env.invalidate_all()
        undoing, steps = stopwatch(lambda: _undo(env, remittance))
        assert remittance.state == "undone"
        figures.add(f"835 undone, {size}", undoing / size * 1e3, "ms CPU/claim")
        _add_growth(figures, "undoing", size, steps)
        env.cr.rollback()
