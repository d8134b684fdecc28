# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core import circuit_breaker
from odoo.addons.hc_revenue_base.hc_core.circuit_breaker import Breaker


class HcEventEndpoint(models.Model):
    """The health of a subscription's endpoint, shared by all drains.

    By endpoint and not by host: one workflow that fails must not silence the others of the same
    n8n. In a table of its own, so that drains that report never collide with a transaction that
    puts events aside for the subscription.
    """

    _name = "hc.event.endpoint"
    _description = "Endpoint Health"
    _inherit = ["hc.own.transaction.mixin", "hc.guarded.mixin"]
    _rec_name = "subscription_id"
    _guarded_fields = frozenset(
        {"subscription_id", "state", "failures", "openings", "until", "last_error"}
    )

    subscription_id = fields.Many2one(
        "hc.event.subscription", required=True, readonly=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(
        [("closed", "Events Pass"), ("half_open", "One Trial"), ("open", "Left Alone")],
        default="closed",
        required=True,
        readonly=True,
    )
    failures = fields.Integer("Failures in a Row", readonly=True, aggregator=None)
    openings = fields.Integer("Pauses in a Row", readonly=True, aggregator=None)
    until = fields.Datetime("Left Alone Until", readonly=True)
    last_error = fields.Char(readonly=True)

    _subscription_unique = models.UniqueIndex("(subscription_id)", "This endpoint has a row.")

    @api.model
    def _get_quotas(self, rows):
        """How many deliveries of each sending subscription may be leased now.

        :param int rows: how many are wanted altogether
        :return: ``{subscription id: number}``; 1 for an endpoint that is to be tried again
        """
        self.env["hc.event.subscription"].flush_model(["state"])
        self.env["hc.event.delivery"].flush_model(["state"])
        found = self.env.execute_query(
            SQL(
                """SELECT subscription.id, endpoint.state, endpoint.until
                     FROM hc_event_subscription subscription
                LEFT JOIN hc_event_endpoint endpoint ON endpoint.subscription_id = subscription.id
                    WHERE subscription.state = 'active'
                      AND EXISTS (SELECT 1 FROM hc_event_delivery waiting
                                   WHERE waiting.subscription_id = subscription.id
                                     AND waiting.state = 'pending')"""
            )
        )
        now = self.env.cr.now()
        quotas = {}
        for subscription_id, state, until in found:
            if state in (None, circuit_breaker.CLOSED):
                quotas[subscription_id] = max(rows // len(found), 10)
            elif until is None or until <= now:
                quotas[subscription_id] = 1
        return quotas

    @api.model
    def _admit(self, subscription_id):
        """Whether an endpoint may be tried now; runs in a transaction of its own."""
        row = self._lock_row(subscription_id)
        if not row or row.state == circuit_breaker.CLOSED:
            return True
        breaker, passes = circuit_breaker.admit(row._get_breaker(), self.env.cr.now())
        row._store(breaker)
        return passes

    @api.model
    def _report(self, subscription_id, failures, error="", retry_after_seconds=None):
        """Put the outcome of some attempts on record; runs in a transaction of its own.

        :param int failures: attempts that the endpoint is to blame for; 0: it is well
        :return: how often in a row it has been left alone by now
        """
        row = self._lock_row(subscription_id)
        if not failures:
            if row:
                row._store(circuit_breaker.record_success(row._get_breaker()))
            return 0
        row = row or self._add_row(subscription_id)
        breaker = row._get_breaker()
        for _failure in range(failures):
            breaker = circuit_breaker.record_failure(
                breaker, self.env.cr.now(), retry_after_seconds
            )
        row._store(breaker)
        row._write_guarded({"last_error": error})
        return breaker.openings

    @api.model
    def _lock_row(self, subscription_id):
        self.env.cr.execute(
            SQL(
                "SELECT id FROM hc_event_endpoint WHERE subscription_id = %s FOR NO KEY UPDATE",
                subscription_id,
            ),
            log_exceptions=False,  # another process was faster: this is tried again
        )
        row = self.browse([row_id for (row_id,) in self.env.cr.fetchall()])
        row.invalidate_recordset()
        return row

    @api.model
    def _add_row(self, subscription_id):
        self.env.cr.execute(
            SQL(
                """INSERT INTO hc_event_endpoint (subscription_id, state, failures, openings)
                   VALUES (%s, %s, 0, 0) ON CONFLICT DO NOTHING""",
                subscription_id,
                circuit_breaker.CLOSED,
            ),
            log_exceptions=False,
        )
        return self._lock_row(subscription_id)

    def _get_breaker(self):
        self.ensure_one()
        return Breaker(self.state, self.failures, self.openings, self.until or None)

    def _store(self, breaker):
        self.ensure_one()
        if breaker.until:
            # Columns hold whole seconds; a pause is rounded up, never cut short.
            whole = breaker.until.replace(microsecond=0)
            breaker = replace(breaker, until=whole + timedelta(seconds=whole != breaker.until))
        if breaker != self._get_breaker():
            self._write_guarded(
                {
                    "state": breaker.state,
                    "failures": breaker.failures,
                    "openings": breaker.openings,
                    "until": breaker.until or False,
                }
            )
