# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How deliveries are picked: leased, committed, held, sent, settled, by any number of drains."""

import logging
import os
import secrets
import socket
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.models.hc_batch_mixin import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)

BATCH_ROWS = 200
# How long after a crash until a delivery is taken up again. A drain at work holds a lock on its
# rows, and whoever looks for expired leases skips locked rows, so sending may last longer.
LEASE_SECONDS = 30
LEASE_TRIES = 5


class HcEventDelivery(models.Model):
    """The drains.

    A batch takes two transactions. The first leases: it picks due rows, counts the attempt and
    commits. The second locks these rows, sends, settles and commits; nothing is ever sent that
    another process may hold as well. A process that dies after sending leaves rows that are sent
    again under the same id.

    Of one record's events, a subscription gets the next one when the one before is delivered, or
    given up. Deliveries have drains of their own and do not run as ``hc.job``: a job shares its
    transaction with others, and sending needs many rows in flight at once.
    """

    _inherit = "hc.event.delivery"

    @api.model
    def _cron_drain(self):
        """Scheduled Action: send what is due while time lasts."""
        commit_progress = self.env["ir.cron"]._commit_progress
        due = self._count_due()
        commit_progress(remaining=due)
        if self.env["hc.http"]._is_neutralized():
            return
        if self.env["hc.automation"]._is_observing():
            commit_progress(due)
            return
        crons, cron_id = self._get_drain_crons(), self.env.context.get("cron_id")
        shard = crons.ids.index(cron_id) if cron_id in crons.ids else 0
        if due > BATCH_ROWS:
            for cron_sudo in crons.filtered(lambda cron: cron.id != cron_id):
                cron_sudo._trigger()
            commit_progress()
        self._drain(commit_progress, shard, max(len(crons), 1))
        commit_progress(remaining=0)

    @api.model
    def _count_due(self):
        """How many deliveries could be sent now, order apart; counted up to a few batches."""
        now = self.env.cr.now().replace(microsecond=0)
        domain = [
            ("state", "=", "pending"),
            ("not_before", "<=", now),
            ("subscription_id.state", "=", "active"),
        ]
        return self.sudo().search_count(domain, limit=4 * BATCH_ROWS)

    @api.model
    def _drain(self, commit_progress, shard=0, shards=1):
        """Send what is due until nothing is left or time is up.

        :param commit_progress: commits; takes the number of finished deliveries, returns the
            seconds that are left (as ``ir.cron._commit_progress``)
        """
        deliveries = self.sudo()
        while True:
            batch, owner = deliveries._lease_next(commit_progress, shard, shards)
            if not batch:
                return
            settled = batch._deliver(owner)
            if not commit_progress(settled):
                break
        self._wake_drains_on_commit()

    @api.model
    def _lease_next(self, commit_progress, shard, shards):
        """Lease a batch and commit the lease; empty when nothing is due.

        Odoo's transactions keep seeing the rows as of their start. Where another drain changed
        one of them since, PostgreSQL refuses the lock, and a new transaction looks again.
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
                _logger.info("drain %s/%s looks again: %s", shard, shards, type(error).__name__)
                commit_progress()
        return self.browse(), owner

    @api.model
    def _pick(self, shard, shards):
        """Lock due deliveries of a shard, a fair share of each subscription, oldest first.

        All events of a record are in one shard. A later one waits while an earlier one of the
        same record is under way.
        """
        endpoints = self.env["hc.event.endpoint"].sudo()
        quotas = endpoints._get_quotas(BATCH_ROWS)
        if not quotas:
            return self.browse()
        rows = self._query(
            SQL(
                """
                SELECT picked.id, wanted.subscription_id
                  FROM unnest(%(subscriptions)s, %(quotas)s) AS wanted (subscription_id, quota)
            CROSS JOIN LATERAL (
                SELECT waiting.id FROM hc_event_delivery waiting
                 WHERE waiting.subscription_id = wanted.subscription_id
                   AND waiting.state = 'pending' AND waiting.not_before <= %(now)s
                   AND waiting.res_id %% %(shards)s = %(shard)s
                   AND NOT EXISTS (
                       SELECT 1 FROM hc_event_delivery earlier
                        WHERE earlier.subscription_id = waiting.subscription_id
                          AND earlier.res_model = waiting.res_model
                          AND earlier.res_id = waiting.res_id
                          AND earlier.state IN ('pending', 'sending')
                          AND earlier.id < waiting.id)
              ORDER BY waiting.id
                 LIMIT wanted.quota
                   FOR NO KEY UPDATE SKIP LOCKED) AS picked
                """,
                subscriptions=list(quotas),
                quotas=list(quotas.values()),
                now=self.env.cr.now(),
                shard=shard % shards,
                shards=shards,
            )
        )
        tried = {subscription_id for _id, subscription_id in rows if quotas[subscription_id] == 1}
        refused = {each for each in tried if not endpoints._in_own_transaction("_admit", each)}
        return self.browse([row_id for row_id, each in rows if each not in refused])

    @api.model
    def _query(self, query):
        """Rows of the table as the ORM has them by now; a collision is not worth an error line."""
        self.flush_model()
        self.env.cr.execute(query, log_exceptions=False)
        return self.env.cr.fetchall()

    def _lease(self, owner):
        if not self:
            return
        now = self.env.cr.now().replace(microsecond=0)
        self._transition("sending")
        until = now + timedelta(seconds=LEASE_SECONDS)
        self._write_guarded({"lease_owner": owner, "leased_until": until})
        self._add_attempts(1)

    def _add_attempts(self, number):
        for attempts, deliveries in self.grouped("attempts").items():
            deliveries._write_guarded({"attempts": max(attempts + number, 0)})

    @api.model
    def _recover_expired(self):
        """Take up the deliveries of processes that ended."""
        rows = self._query(
            SQL(
                """SELECT id FROM hc_event_delivery
                    WHERE state = 'sending' AND leased_until < %s
                    LIMIT %s FOR NO KEY UPDATE SKIP LOCKED""",
                self.env.cr.now(),
                BATCH_ROWS,
            )
        )
        abandoned = self.browse([row_id for (row_id,) in rows])
        if abandoned:
            _logger.warning("%s deliveries: their process ended meanwhile", len(abandoned))
            abandoned._transition("pending")
            # The endpoint is not to blame: its attempts are not used up by our crashes.
            abandoned._add_attempts(-1)

    def _hold(self, owner):
        """Lock the leased rows for as long as they are worked on: the sign that we live."""
        rows = self._query(
            SQL(
                """SELECT id FROM hc_event_delivery
                    WHERE id IN %s AND state = 'sending' AND lease_owner = %s
                 ORDER BY id
                      FOR NO KEY UPDATE SKIP LOCKED""",
                self._ids,
                owner,
            )
        )
        held = self.browse([row_id for (row_id,) in rows])
        held.invalidate_recordset()
        return held

    def _hand_back(self):
        """Deliveries that were leased and not begun: as if they had never been leased."""
        self._transition("pending")
        self._add_attempts(-1)

    def _prepare_move_vals(self, target, field_name):
        vals = super()._prepare_move_vals(target, field_name)
        if target != "sending":
            vals["leased_until"] = False
        if target in ("delivered", "dead", "cancelled"):
            vals["finished_at"] = self.env.cr.now().replace(microsecond=0)
        return vals
