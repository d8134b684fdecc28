# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Workers that undo a remittance are killed again and again: every answer is undone, none twice."""

import os
import sys
import time
from unittest.mock import patch

import claim_answers
import killed_workers

CLAIMS = 24
ANSWERS_PER_JOB = 2
KILLS = 6
ANSWER_SECONDS = 0.02
# How long a worker has been at work when it is killed: anywhere within a few answers.
SECONDS_AT_WORK = (0.0, 0.3)
JOBS = [("res_model", "=", "hc.remittance")]


def _undo_to_the_end(registry, folder):
    own = folder / str(os.getpid())
    undo = registry["hc.remittance.claim"]._undo

    def undo_slowly(answers):
        own.touch()
        undo(answers)
        time.sleep(ANSWER_SECONDS * len(answers))

    registry["hc.remittance.claim"]._undo = undo_slowly
    killed_workers.drain_jobs(registry, JOBS)


def _kill_and_replace(database, folder):
    """Fork a worker, kill it at a random point, and fork the next one."""
    registry = killed_workers.load(database)
    killed_workers.set_constant(registry, "hc.job", "_drain", LEASE_SECONDS=0)
    for _kill in range(KILLS):
        pid = killed_workers.fork(_undo_to_the_end, registry, folder)
        own = folder / str(pid)
        assert killed_workers.kill_at_work(pid, own.exists, SECONDS_AT_WORK), "all done too soon"
    assert killed_workers.ended_well(killed_workers.fork(_undo_to_the_end, registry, folder))


def _get_balances(env):
    rows = env["account.move.line"]._read_group(
        [("parent_state", "=", "posted")], ["account_id"], ["balance:sum"]
    )
    return {account.code: total for account, total in rows if round(total, 2)}


def _post_remittance(env):
    """A remittance of all claims, posted, and the balances before it was."""
    env["hc.ledger.account"]._create_missing(env.company)
    claims = claim_answers.send_claims(env, claim_answers.bill(env, CLAIMS))
    before = _get_balances(env)
    content = claim_answers.answer(claims)
    exchange, _verdict = env["hc.exchange"]._receive_remittance(content, "bench", "undo.835")
    exchange._process(lambda done, left: True)
    remittance = exchange.remittance_ids
    remittance._post()
    assert remittance.state == "posted"
    return remittance, before


def _request_undo(env, remittance):
    """Have the remittance undone by jobs of a few answers."""
    from odoo.fields import Command

    from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

    managers = env.ref("hc_revenue_base.group_hc_finance_manager")
    env.user.write({"group_ids": [Command.link(managers.id)]})
    models = ("_undo_answers", "_enqueue_sets")
    modules = {sys.modules[getattr(type(remittance), name).__module__] for name in models}
    patches = [patch.object(module, "ANSWERS_PER_JOB", ANSWERS_PER_JOB) for module in modules]
    for each in patches:
        each.start()
    action = remittance._request_undo(idempotency_key="killed", justification="sent in error")
    if action.state == "pending":
        action._settle(GateDecision("allow"))
    patch.stopall()
    jobs = env["hc.job"].search([*JOBS, ("method", "=", "_job_undo_answers")])
    # So many kills may hit one job more often than real life would.
    jobs._write_guarded({"max_attempts": KILLS + 1})
    return jobs.ids


def test_killed_workers_undo_every_answer_once(own_env, own_database, tmp_path):
    with own_env() as env:
        remittance, before = _post_remittance(env)
        remittance_id, job_ids = remittance.id, _request_undo(env, remittance)
        assert remittance.state == "undoing"
    assert len(job_ids) == CLAIMS // ANSWERS_PER_JOB
    killed_workers.run_apart(_kill_and_replace, own_database, tmp_path)
    with own_env() as env:
        remittance = env["hc.remittance"].browse(remittance_id)
        assert remittance.state == "undone"
        assert set(remittance.claim_ids.mapped("state")) == {"undone"}
        assert _get_balances(env) == before
        items = remittance.claim_ids.line_ids.filtered(lambda line: line.move_type == "entry")
        undoing = items.filtered(lambda line: "Reversal" in line.move_id.ref)
        assert len(undoing) * 2 == len(items), "an answer was undone twice"
        jobs = env["hc.job"].browse(job_ids)
        assert set(jobs.mapped("state")) == {"done"}
        assert jobs.filtered(lambda job: job.attempts > 1), "no kill hit a job at work"
        assert not env["hc.transition.seal"]._verify(), "the log is whole"
