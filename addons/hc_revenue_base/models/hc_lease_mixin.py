# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Rows that any number of drains share: leased, committed, held, worked on, settled."""

import logging
import os
import secrets
import socket
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from .hc_batch_mixin import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)

LEASE_TRIES = 5


def get_place(cron, crons):
    """Place of a running Scheduled Action among those of its kind, and their number.

    Args:
        cron: id of the one that runs; none where the work was started otherwise.
        crons: all of its kind, in a fixed order.
    """
    return (crons.ids.index(cron), len(crons)) if cron in crons.ids else (0, 1)


class HcLeaseMixin(models.AbstractModel):
    """A table of work, and how processes take it.

    A batch takes two transactions. The first leases: it picks due rows, counts the attempt and
    commits, so that a row which kills its process is counted. The second locks these rows, works
    on them and settles all of them; nothing is ever worked on that another process may hold too.

    A model has the fields ``state``, ``attempts``, ``lease_owner``, ``leased_until`` and
    ``finished_at``, picks what is due (:meth:`_pick`), and says what becomes of the rows of
    processes that ended (:meth:`_take_up`).
    """

    _name = "hc.lease.mixin"
    _inherit = ["hc.lifecycle.mixin"]
    _description = "Shared Work"

    _leased_state = "running"
    _finished_states: tuple[str, ...] = ()
    # In which order the rows of a batch are worked on.
    _work_order: tuple[str, ...] = ("id",)

    @api.model
    def _get_lease_seconds(self):
        """How long after a crash until a row is taken up again.

        Work may last longer than a lease: a drain at work holds a lock on its rows, and whoever
        looks for expired leases skips locked rows.
        """
        return 30

    @api.model
    def _get_batch_size(self):
        """How many rows are leased at once, at most."""
        return 100

    @api.model
    def _pick(self, shard, shards):
        """Lock the next due rows of a shard."""
        raise NotImplementedError

    def _take_up(self):
        """Let rows of processes that ended be worked on again, or give them up."""
        raise NotImplementedError

    @api.model
    def _lease_next(self, commit_progress, shard, shards):
        """Lease a batch and commit the lease; empty when nothing is due.

        Odoo's transactions keep seeing the rows as of their start. Where another drain changed
        one of them since, PostgreSQL refuses the lock, and a new transaction looks again.

        :return: ``(batch, who holds it)``
        """
        owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        for _attempt in range(LEASE_TRIES):
            try:
                with self.env.cr.savepoint():
                    self._recover_expired()
                    batch = self._pick(shard, shards) or self._pick(0, 1)
                    batch._lease(owner)
                commit_progress()
                return batch, owner
            except CONCURRENCY_ERRORS as error:
                _logger.info(
                    "%s %s/%s looks again: %s", self._name, shard, shards, type(error).__name__
                )
                commit_progress()
        return self.browse(), owner

    @api.model
    def _query(self, query):
        """Rows of the table as the ORM has them by now; a collision is not worth an error line."""
        self.flush_model()
        self.env.cr.execute(query, log_exceptions=False)
        return self.env.cr.fetchall()

    def _lease(self, owner):
        if self:
            self._transition(self._leased_state)
            self._write_guarded(self._prepare_lease_vals(owner))
            self._add("attempts", 1)

    def _prepare_lease_vals(self, owner):
        now = self.env.cr.now().replace(microsecond=0)
        until = now + timedelta(seconds=self._get_lease_seconds())
        return {"lease_owner": owner, "leased_until": until}

    def _add(self, field_name, number):
        for value, rows in self.grouped(field_name).items():
            rows._write_guarded({field_name: max(value + number, 0)})

    @api.model
    def _recover_expired(self):
        """Take up the rows of processes that ended."""
        rows = self._query(
            SQL(
                """SELECT id FROM %s WHERE state = %s AND leased_until < %s
                    LIMIT %s FOR NO KEY UPDATE SKIP LOCKED""",
                SQL.identifier(self._table),
                self._leased_state,
                self.env.cr.now(),
                self._get_batch_size(),
            )
        )
        abandoned = self.browse([row_id for (row_id,) in rows])
        if abandoned:
            _logger.warning(
                "%s rows of %s from %s on: their process ended before they were done",
                len(abandoned),
                self._name,
                abandoned[0].id,
            )
            abandoned._take_up()

    def _hold(self, owner):
        """Lock the leased rows for as long as they are worked on: the sign that we live."""
        rows = self._query(
            SQL(
                """SELECT id FROM %s WHERE id IN %s AND state = %s AND lease_owner = %s
                 ORDER BY %s FOR NO KEY UPDATE SKIP LOCKED""",
                SQL.identifier(self._table),
                self._ids,
                self._leased_state,
                owner,
                SQL(", ").join(map(SQL.identifier, self._work_order)),
            )
        )
        held = self.browse([row_id for (row_id,) in rows])
        held.invalidate_recordset()
        return held

    def _hand_back(self):
        """Rows that were leased and not begun: as if they had never been leased."""
        self._transition("pending")
        self._add("attempts", -1)

    def _prepare_move_vals(self, target, field_name):
        vals = super()._prepare_move_vals(target, field_name)
        if target != self._leased_state:
            vals["leased_until"] = False
        if target in self._finished_states:
            vals["finished_at"] = self.env.cr.now().replace(microsecond=0)
        return vals
