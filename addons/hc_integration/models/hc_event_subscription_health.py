# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, fields, models

_HEALTH_HOURS = 24


class HcEventSubscription(models.Model):
    """How a subscription is doing: from its deliveries, when somebody looks."""

    _inherit = "hc.event.subscription"

    backlog_count = fields.Integer("Waiting", compute="_compute_health")
    dead_count = fields.Integer("Dead Letters", compute="_compute_health")
    delivered_count = fields.Integer("Delivered (24 h)", compute="_compute_health")
    success_rate = fields.Float("Delivered of Finished, 24 h (%)", compute="_compute_health")
    average_latency_ms = fields.Integer("Average Latency, 24 h (ms)", compute="_compute_health")
    oldest_waiting_at = fields.Datetime("Oldest Waiting", compute="_compute_health")
    endpoint_state = fields.Selection(
        [("closed", "Events Pass"), ("half_open", "One Trial"), ("open", "Left Alone")],
        "Endpoint",
        compute="_compute_endpoint",
    )
    endpoint_until = fields.Datetime("Left Alone Until", compute="_compute_endpoint")
    endpoint_error = fields.Char("Last Failure", compute="_compute_endpoint")

    def _compute_health(self):
        deliveries = self.env["hc.event.delivery"]
        mine = [("subscription_id", "in", self.ids)]
        backlog = {
            subscription: (count, oldest)
            for subscription, count, oldest in deliveries._read_group(
                [*mine, ("state", "in", ("pending", "sending"))],
                ["subscription_id"],
                ["__count", "occurred_at:min"],
            )
        }
        dead = dict(
            deliveries._read_group(
                [*mine, ("state", "=", "dead")], ["subscription_id"], ["__count"]
            )
        )
        since = self.env.cr.now() - timedelta(hours=_HEALTH_HOURS)
        finished = {
            (subscription, state): (count, latency)
            for subscription, state, count, latency in deliveries._read_group(
                [*mine, ("finished_at", ">=", since), ("state", "in", ("delivered", "dead"))],
                ["subscription_id", "state"],
                ["__count", "latency_ms:avg"],
            )
        }
        for subscription in self:
            delivered, latency = finished.get((subscription, "delivered"), (0, 0))
            lost = finished.get((subscription, "dead"), (0, 0))[0]
            waiting, oldest = backlog.get(subscription, (0, False))
            subscription.backlog_count = waiting
            subscription.oldest_waiting_at = oldest
            subscription.dead_count = dead.get(subscription, 0)
            subscription.delivered_count = delivered
            subscription.average_latency_ms = round(latency or 0)
            total = delivered + lost
            subscription.success_rate = 100.0 * delivered / total if total else 0.0

    @api.depends("state")
    def _compute_endpoint(self):
        rows = self.env["hc.event.endpoint"].search([("subscription_id", "in", self.ids)])
        by_subscription = {row.subscription_id.id: row for row in rows}
        for subscription in self:
            row = by_subscription.get(subscription.id, rows.browse())
            subscription.endpoint_state = row.state or "closed"
            subscription.endpoint_until = row.until if row.state == "open" else False
            subscription.endpoint_error = row.last_error if row.failures else False

    def action_end_pause(self):
        """Try the endpoint again at once: operations know that it works."""
        self.check_access("write")
        rows_sudo = self.env["hc.event.endpoint"].sudo()
        for row in rows_sudo.search([("subscription_id", "in", self.ids)]):
            rows_sudo._in_own_transaction("_report", row.subscription_id.id, 0)
        self._log_decision(kind="override", facts={"event": "pause ended"})
        self.env["hc.event.delivery"]._wake_drains_on_commit()

    def action_replay_dead(self):
        """Send all dead letters of these subscriptions again."""
        dead = self.env["hc.event.delivery"].search(
            [("subscription_id", "in", self.ids), ("state", "=", "dead")]
        )
        if dead:
            dead.action_replay()

    def action_cancel_waiting(self):
        """Give up everything that waits for these subscriptions."""
        waiting = self.env["hc.event.delivery"].search(
            [("subscription_id", "in", self.ids), ("state", "in", ("pending", "dead"))]
        )
        if waiting:
            waiting.action_cancel()

    def action_open_deliveries(self):
        """Open the deliveries of this subscription."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_integration.hc_event_delivery_action"
        )
        action["domain"] = [("subscription_id", "=", self.id)]
        action["context"] = {}
        return action
