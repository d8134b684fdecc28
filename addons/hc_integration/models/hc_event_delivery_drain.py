# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How deliveries are picked: leased, committed, held, sent, settled, by any number of drains."""

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.models.hc_lease_mixin import get_place

BATCH_ROWS = 200
LEASE_SECONDS = 30


class HcEventDelivery(models.Model):
    """The drains.

    A process that dies after sending leaves rows that are sent again under the same id.

    Of one record's events, a subscription gets the next one when the one before is delivered, or
    given up. Deliveries have drains of their own and do not run as ``hc.job``: a job shares its
    transaction with others, and sending needs many rows in flight at once.
    """

    _inherit = "hc.event.delivery"
    _leased_state = "sending"
    _finished_states = ("delivered", "dead", "cancelled")

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
        shard, shards = get_place(cron_id, crons)
        if due > BATCH_ROWS:
            for cron_sudo in crons.filtered(lambda cron: cron.id != cron_id):
                cron_sudo._trigger()
            commit_progress()
        self._drain(commit_progress, shard, shards)
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
    def _get_lease_seconds(self):
        return LEASE_SECONDS

    @api.model
    def _get_batch_size(self):
        return BATCH_ROWS

    def _take_up(self):
        """The endpoint is not to blame: its attempts are not used up by our crashes."""
        self._hand_back()
