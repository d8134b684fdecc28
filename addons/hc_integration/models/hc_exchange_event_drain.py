# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How received events are processed: in order for each subject, by any number of processes."""

import logging
import secrets
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.models.hc_batch_mixin import CONCURRENCY_ERRORS
from odoo.addons.hc_revenue_base.models.hc_exchange_processing import MAX_ATTEMPTS
from odoo.addons.hc_revenue_base.models.hc_lease_mixin import LEASE_TRIES, get_place

_logger = logging.getLogger(__name__)

BATCH_EVENTS = 50
# Any number, the same in every process of the suite: the drains of events that are at work.
_DRAIN_LOCK_CLASS = 720_623_513
_DRAIN_NUMBER_MAX = 2**31 - 1


class HcExchange(models.Model):
    """The drains of events.

    An event may be processed when no other unfinished event of its source and subject goes before
    it: by the sender's number, time, then arrival. One that failed and is tried again holds up
    those behind it, until it is through or given up. So the order needs no lock and no shard;
    these only keep drains from meeting.

    A batch takes two transactions. The first moves the events to *processing* and commits: the
    sender who repeats one is told so, and what a killed process leaves is recognised. The second
    locks them, runs each in a savepoint, and commits what they did together with their state.
    After a crash nobody knows which event was the cause: all are tried again, each alone.

    Between the two nothing locks the events. So a drain has a number and holds a lock on it, on a
    connection of its own, as long as it lives: events of a living drain are nobody else's.
    """

    _inherit = "hc.exchange"

    drain_number = fields.Integer(readonly=True, copy=False, aggregator=None)

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"drain_number"}

    @api.model
    def _get_waiting_domain(self):
        # Events have drains of their own.
        return super()._get_waiting_domain() & Domain("document_type", "!=", "event")

    @api.model
    def _cron_process_events(self):
        """Scheduled Action: process received events while time lasts, those of its shard first."""
        commit_progress = self.env["ir.cron"]._commit_progress
        events_sudo = self.sudo()
        shard, shards = self._get_event_shard()
        commit_progress(remaining=events_sudo._count_due_events())
        with self._open_drain() as number:
            while True:
                batch = events_sudo._lease_events(commit_progress, shard, shards, number)
                if not batch:
                    break
                done = batch._work_events()
                # Where another process is in the way of all of them, the next run comes to them.
                if not commit_progress(done) or not done:
                    break
        left = events_sudo._count_due_events()
        commit_progress(remaining=left)
        if left:
            self._wake_event_drains()

    @api.model
    @contextmanager
    def _open_drain(self):
        """A number for a drain, locked until it ends, in whichever way."""
        number = 1 + secrets.randbelow(_DRAIN_NUMBER_MAX)
        with self.env.registry.cursor() as cr:
            cr.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_DRAIN_LOCK_CLASS, number])
            yield number

    @api.model
    def _get_event_drains(self):
        domain = [
            ("model_id.model", "=", self._name),
            ("code", "=", "model._cron_process_events()"),
        ]
        return self.env["ir.cron"].sudo().search(domain, order="id")

    @api.model
    def _wake_event_drains(self):
        """Have waiting events processed soon, by every Scheduled Action that does so."""
        for cron_sudo in self._get_event_drains():
            cron_sudo._trigger()

    @api.model
    def _get_event_shard(self):
        """Place of the running Scheduled Action among those that drain, and their number."""
        return get_place(self.env.context.get("cron_id"), self._get_event_drains())

    @api.model
    def _lease_events(self, commit_progress, shard, shards, number):
        """Move the next events to *processing* and commit; empty when there is nothing to do.

        :param int number: of the drain that takes them
        """
        for _attempt in range(LEASE_TRIES):
            try:
                with self.env.cr.savepoint():
                    batch = self._pick_events(shard, shards) or self._pick_events(0, 1)
                    batch = batch._take_events(number)
                commit_progress()
                return batch
            except CONCURRENCY_ERRORS as error:
                _logger.info("events %s/%s: again after %s", shard, shards, type(error).__name__)
                commit_progress()
        return self.browse()

    @api.model
    def _get_ready_events_sql(self):
        """Condition for events, as ``head``, that may be processed right now."""
        return SQL(
            """head.document_type = 'event' AND head.direction = 'in'
               AND (head.state = 'received'
                    OR head.state = 'processing'
                       AND COALESCE(head.drain_number, 0) NOT IN (
                           SELECT objid::bigint FROM pg_locks
                            WHERE locktype = 'advisory' AND classid = %(drains)s AND objsubid = 2
                              AND database = (SELECT oid FROM pg_database
                                               WHERE datname = current_database()))
                    OR head.state = 'failed' AND head.attempts < %(tries)s
                       AND head.next_attempt_at <= %(now)s)
               AND NOT EXISTS (
                   SELECT 1 FROM hc_exchange AS first
                    WHERE first.source_id = head.source_id
                      AND first.subject_key = head.subject_key
                      AND first.document_type = 'event' AND first.direction = 'in'
                      AND (first.state IN ('received', 'processing')
                           OR first.state = 'failed' AND first.attempts < %(tries)s)
                      AND (first.state <> 'processing', first.sequence_number,
                           first.occurred_at, first.id)
                        < (head.state <> 'processing', head.sequence_number,
                           head.occurred_at, head.id))""",
            tries=MAX_ATTEMPTS,
            drains=_DRAIN_LOCK_CLASS,
            now=self.env.cr.now(),
        )

    @api.model
    def _pick_events(self, shard, shards):
        """Lock the next events of a shard, the oldest first."""
        self.flush_model()
        query = SQL(
            """SELECT head.id FROM hc_exchange AS head
                WHERE %(ready)s
                  AND mod(abs(hashtext(coalesce(head.subject_key, head.id::text))::bigint),
                          %(shards)s) = %(shard)s
             ORDER BY head.id LIMIT %(limit)s
                  FOR NO KEY UPDATE OF head SKIP LOCKED""",
            ready=self._get_ready_events_sql(),
            shards=shards,
            shard=shard,
            limit=BATCH_EVENTS,
        )
        self.env.cr.execute(query, log_exceptions=False)
        events = self.browse([row[0] for row in self.env.cr.fetchall()])
        events.invalidate_recordset()
        return events

    def _take_events(self, number):
        """Move locked events to *processing*; those that a killed process left go one by one."""
        interrupted = self.filtered(lambda event: event.state == "processing")
        if not interrupted:
            if self:
                self._transition("processing")
                self._write_guarded({"drain_number": number})
            return self
        event = interrupted[0]
        _logger.warning("event %s goes on: its process ended before it was done", event.id)
        if event.attempts + 1 >= MAX_ATTEMPTS:
            event._mark_failed(RuntimeError("interrupted again and again"))
            return (self - event)._take_events(number)
        event._write_guarded({"attempts": event.attempts + 1, "drain_number": number})
        return event

    def _work_events(self):
        """Run the handlers of events that were taken.

        One that another process was in the way of waits again: its own process did not end, so
        that nothing is to be counted against it.

        :return: how many were run to an end, good or bad
        """
        self.flush_model()
        query = SQL(
            """SELECT id FROM hc_exchange WHERE id IN %s AND state = 'processing'
             ORDER BY id FOR NO KEY UPDATE SKIP LOCKED""",
            self._ids,
        )
        self.env.cr.execute(query, log_exceptions=False)
        held = self.browse([row[0] for row in self.env.cr.fetchall()])
        held.invalidate_recordset()
        for event in held:
            event._process_safely(lambda _done, _left: True)
        lost = held.filtered(lambda event: event.state == "processing")
        if lost:
            lost._transition("received")
        return len(held) - len(lost)

    def _process(self, checkpoint):
        if self.document_type != "event":
            return super()._process(checkpoint)
        # The transaction is that of the whole batch: what a failed event did is undone alone.
        with self.env.cr.savepoint():
            return super()._process(checkpoint)

    @api.model
    def _count_due_events(self):
        """How many events may be processed right now."""
        query = SQL(
            "SELECT count(*) FROM hc_exchange AS head WHERE %s", self._get_ready_events_sql()
        )
        self.flush_model()
        [[count]] = self.env.execute_query(query)
        return count

    def action_process_again(self):
        result = super().action_process_again()
        if "event" in self.mapped("document_type"):
            self.sudo()._wake_event_drains()
        return result
