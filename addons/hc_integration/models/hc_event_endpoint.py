# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core import circuit_breaker


class HcEventEndpoint(models.Model):
    """The health of a subscription's endpoint, shared by all drains.

    By endpoint and not by host: one workflow that fails must not silence the others of the same
    n8n. In a table of its own, so that drains that report never collide with a transaction that
    puts events aside for the subscription.
    """

    _name = "hc.event.endpoint"
    _description = "Endpoint Health"
    _inherit = ["hc.breaker.mixin"]
    _rec_name = "subscription_id"
    _breaker_key = ("subscription_id",)

    subscription_id = fields.Many2one(
        "hc.event.subscription", required=True, readonly=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(
        [("closed", "Events Pass"), ("half_open", "One Trial"), ("open", "Left Alone")]
    )

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
        return self._ask(subscription_id)[0]

    @api.model
    def _report(self, subscription_id, failures, error="", retry_after_seconds=None):
        """Put the outcome of some attempts on record; runs in a transaction of its own.

        :param int failures: attempts that the endpoint is to blame for; 0: it is well
        :return: how often in a row it has been left alone by now
        """
        row = self._tell((subscription_id,), failures, error, retry_after_seconds)
        return row.openings if failures else 0
