# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How jobs are run: leased, worked, settled, by any number of drains at once."""

import logging
import time
import traceback
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import takewhile
from pathlib import Path

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..hc_core.job_policy import GiveUp, JobError, RetryLater
from .hc_batch_mixin import CONCURRENCY_ERRORS
from .hc_lease_mixin import get_place

_logger = logging.getLogger(__name__)

BATCH_JOBS = 100
# A batch starts no further job after so long; those it did not start are handed back.
BATCH_SECONDS = 1.0
LEASE_SECONDS = 30
# Collisions with other transactions are not failures, but not for ever either.
MAX_CONFLICTS = 20


@dataclass(frozen=True)
class _Failure:
    """What a job row keeps of an error: nothing that may quote patient data but ``detail``."""

    error: str
    place: str
    detail: str | None
    is_final: bool
    delay_seconds: int | None

    @classmethod
    def of(cls, error):
        known = isinstance(error, JobError)
        return cls(
            error=f"{type(error).__name__}: {error}" if known else type(error).__name__,
            place=_get_place(error),
            detail=str(error) if isinstance(error, UserError) else None,
            is_final=isinstance(error, GiveUp),
            delay_seconds=error.delay_seconds if isinstance(error, RetryLater) else None,
        )


@contextmanager
def _kept_open(cursor):
    """Refuse that a handler ends the transaction, which it shares with the rest of its batch."""

    def refuse():
        raise GiveUp("job_ends_transaction")

    own = cursor.commit, cursor.rollback
    cursor.commit = cursor.rollback = refuse
    try:
        yield
    finally:
        cursor.commit, cursor.rollback = own


def _get_place(error):
    """File, line and function in which an error arose: the suite's own inside the handler."""
    frames = traceback.extract_tb(error.__traceback__)
    # The first two are those of this file: _work and _run.
    ours = [frame for frame in frames[2:] if "/hc_" in frame.filename]
    frame = (ours or frames)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"


class HcJob(models.Model):
    """The drains.

    Each job of a batch runs in a savepoint: what it changed is committed with its being done.

    Drains share the work by ``SKIP LOCKED``; a shard only says which rows a drain prefers, so
    that drains rarely meet, and every drain helps with the rest when its own shard is empty.
    Nothing depends on how many drains there are, where they run or how they are numbered.

    After a crash nobody knows which job of the batch was the cause. All of them are taken up
    again, each alone: the innocent are done, the guilty one ends as a dead letter.
    """

    _inherit = "hc.job"
    _finished_states = ("done", "dead", "cancelled")
    _work_order = ("priority", "id")

    @api.model
    def _cron_drain(self):
        """Scheduled Action: run due jobs while time lasts, those of its own shard first."""
        commit_progress = self.env["ir.cron"]._commit_progress
        commit_progress(remaining=self._count_due())
        self._drain(commit_progress, *self._get_shard())
        commit_progress(remaining=self._count_due())

    @api.model
    def _get_shard(self):
        """Place of the running Scheduled Action among those that drain, and their number."""
        crons = self.env["ir.cron"].sudo().search(self._get_drain_cron_domain(), order="id")
        return get_place(self.env.context.get("cron_id"), crons)

    @api.model
    def _drain(self, commit_progress, shard=0, shards=1):
        """Run due jobs until none is left or time is up.

        :param commit_progress: commits; takes the number of finished jobs, returns the seconds
            that are left (as ``ir.cron._commit_progress``)
        """
        jobs = self.sudo()
        while True:
            batch, owner = jobs._lease_next(commit_progress, shard, shards)
            if not batch:
                break
            settled = batch._work(owner)
            if not commit_progress(settled):
                break
        if self._count_due():
            self._wake_drains_on_commit()

    @api.model
    def _pick(self, shard, shards):
        """Lock due jobs of a shard, first those of low priority number, then the oldest.

        :return: a batch of jobs that may share a transaction, or one job that runs alone
        """
        rows = self._query(
            SQL(
                """
                SELECT id, alone FROM hc_job
                 WHERE state = 'pending' AND not_before <= %(now)s
                   AND id %% %(shards)s = %(shard)s
              ORDER BY priority, id
                 LIMIT %(limit)s
                   FOR NO KEY UPDATE SKIP LOCKED
                """,
                now=self.env.cr.now(),
                shard=shard % shards,
                shards=shards,
                limit=BATCH_JOBS,
            )
        )
        together = [job_id for job_id, _alone in takewhile(lambda row: not row[1], rows)]
        return self.browse(together or [job_id for job_id, _alone in rows[:1]])

    @api.model
    def _get_lease_seconds(self):
        return LEASE_SECONDS

    @api.model
    def _get_batch_size(self):
        return BATCH_JOBS

    def _prepare_lease_vals(self, owner):
        now = self.env.cr.now().replace(microsecond=0)
        return super()._prepare_lease_vals(owner) | {"started_at": now}

    def _take_up(self):
        """Each runs alone from now on: nobody knows which job of the batch was the cause."""
        self._write_guarded({"error": str(GiveUp("job_interrupted")), "alone": True})
        exhausted = self.filtered(lambda job: job.attempts >= job.max_attempts)
        exhausted._transition("dead")
        (self - exhausted)._transition("pending")

    def _work(self, owner):
        """Run leased jobs, each in a savepoint, and settle them all.

        :return: how many were run
        """
        held = self._hold(owner)
        deadline = time.monotonic() + BATCH_SECONDS
        done, failures, conflicting, idle = [], {}, [], []
        for job in held:
            if time.monotonic() > deadline:
                idle.append(job.id)
                continue
            try:
                with _kept_open(self.env.cr), self.env.cr.savepoint():
                    job._run()
                done.append(job.id)
            except CONCURRENCY_ERRORS as error:
                _logger.info("job %s met another transaction: %s", job.id, type(error).__name__)
                conflicting.append(job.id)
            except Exception as error:  # noqa: BLE001 - one job must not stop the others
                # No message: that of a database error quotes values, which may be patient data.
                _logger.error(  # noqa: TRY400
                    "job %s failed: %s\n%s",
                    job.id,
                    type(error).__name__,
                    "".join(traceback.format_tb(error.__traceback__)),
                )
                failures[job] = _Failure.of(error)
        self.browse(done)._transition("done")
        self.browse(idle)._hand_back()
        self.browse(conflicting)._settle_conflicts()
        for job, failure in failures.items():
            job._settle_failure(failure)
        return len(held) - len(idle)

    def _run(self):
        """Call the method as the user who asked, with that user's rights of today."""
        self._get_policy(self.res_model, self.method)
        if not self.user_id.active and self.user_id.id != SUPERUSER_ID:
            raise GiveUp("job_user_archived")
        # Nothing of the drain's own context reaches the handler.
        context = {
            "allowed_company_ids": self.active_company_ids,
            "lang": self.user_id.lang,
            # Today is the day at the office, whoever asked: the system's user has no time zone.
            "tz": self.company_id._get_office_timezone(),
        }
        env = self.env(user=self.user_id.id, su=False, context=context)
        records = env[self.res_model].browse(self.res_ids or ()).exists()
        if self.res_ids and not records:
            raise GiveUp("job_records_gone")
        getattr(records, self.method)(**(self.arguments or {}))

    def _prepare_move_vals(self, target, field_name):
        vals = super()._prepare_move_vals(target, field_name)
        if target == "done":
            vals |= {"error": False, "error_place": False, "error_detail": False}
        return vals

    def _settle_conflicts(self):
        """Collisions are tried again soon, and count as failures only when they never end."""
        for job in self:
            job._add("conflicts", 1)
            if job.conflicts >= MAX_CONFLICTS:
                job._settle_failure(_Failure("ConcurrencyError", "", None, False, None))
            else:
                job._hand_back()
                job._postpone(job.conflicts)

    def _settle_failure(self, failure):
        """Put a failure on record; try again later, or make it a dead letter."""
        self._write_guarded(
            {
                "error": failure.error,
                "error_place": failure.place,
                "error_detail": failure.detail,
                "conflicts": 0,
            }
        )
        if failure.is_final or self.attempts >= self.max_attempts:
            self._transition("dead")
            return
        policy = self._get_policy(self.res_model, self.method)
        self._transition("pending")
        self._postpone(
            failure.delay_seconds or policy.retry_delay_seconds(self.attempts, f"job {self.id}")
        )

    def _postpone(self, delay_seconds):
        now = self.env.cr.now().replace(microsecond=0)
        self._write_guarded({"not_before": now + timedelta(seconds=delay_seconds)})
