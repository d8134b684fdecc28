# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A run of statements, from the choice of accounts to frozen letters."""

import time

import population


def test_statement_run(odoo_env, size, figures, stopwatch):
    """CPU per statement; aim: at most 200 ms, which is ten in a second on two cores."""
    with odoo_env() as env:
        accounts = population.owing_accounts(env, size, f"stm{size}-{time.time_ns()}-")
        assert len(accounts) == size
        run = env["hc.statement.run"].create({"amount_minimum": 0.01})
        env.flush_all()
        env.invalidate_all()
        choosing, _ = stopwatch(run._preview)
        lines = run.line_ids.filtered(lambda line: line.account_id in accounts)
        assert set(lines.mapped("state")) == {"waiting"}
        (run.line_ids - lines)._write_guarded({"state": "skipped", "reason": "recent"})
        run._transition("running")
        run._enqueue_lines()
        env.flush_all()
        env.invalidate_all()
        jobs = env["hc.job"].search([("batch", "=", f"statements:{run.id}")], order="id")

        def issue():
            for job in jobs:
                run._job_issue(**job.arguments)
                env.flush_all()
                env.invalidate_all()

        began = time.monotonic()
        issuing, _ = stopwatch(issue)
        lasted = time.monotonic() - began
        assert len(run.statement_ids) == size
        assert all(run.statement_ids.mapped("checksum"))
        figures.add(f"statements chosen, {size}", choosing / size * 1e3, "ms CPU each")
        figures.add(f"statements issued, {size}", issuing / size * 1e3, "ms CPU each")
        figures.add(f"statements issued, {size}", 2 * size / issuing, "per s, 2 cores")
        figures.add(f"statements issued, {size}", size / lasted, "per s, 1 process")
        env.cr.rollback()
