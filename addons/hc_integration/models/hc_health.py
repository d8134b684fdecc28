# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.health import HealthCheck

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


class HcHealth(models.AbstractModel):
    """What is watched of the border: deliveries, messages, systems and proofs."""

    _inherit = "hc.health"

    @api.model
    def _get_checks(self):
        return (
            super()._get_checks()
            + self._define_deliveries()
            + self._define_systems()
            + self._define_messages()
        )

    @api.model
    def _define_deliveries(self):
        return [
            HealthCheck(
                code="deliveries_lag",
                name=self.env._("Oldest event that waits to be delivered"),
                advice=self.env._(
                    "Open the subscription: is its receiver up, and the Scheduled Action that "
                    "delivers on? Nothing is lost; it is sent again by itself."
                ),
                unit="seconds",
                rows_method="_health_rows_deliveries_lag",
                warning_at=15 * _MINUTE,
                failing_at=_DAY,
                label="subscription",
                action="hc_integration.hc_event_delivery_action",
                domain="[('state', 'in', ['pending', 'sending'])]",
            ),
            HealthCheck(
                code="deliveries_dead",
                name=self.env._("Events that could not be delivered"),
                advice=self.env._("Mend the receiver, then replay the dead letters."),
                unit="count",
                rows_method="_health_rows_deliveries_dead",
                warning_at=1,
                label="subscription",
                action="hc_integration.hc_event_delivery_action",
                domain="[('state', '=', 'dead')]",
            ),
        ]

    @api.model
    def _define_systems(self):
        return [
            HealthCheck(
                code="systems_red",
                name=self.env._("Connected systems in trouble"),
                advice=self.env._("Open the system and follow the play-book on its page."),
                unit="seconds",
                rows_method="_health_rows_systems_red",
                warning_at=1,
                failing_at=_DAY,
                label="system",
                action="hc_integration.hc_integration_source_action",
                domain="[('red_since', '!=', False)]",
            ),
            HealthCheck(
                code="events_waiting",
                name=self.env._("Oldest event that waits for its subject"),
                advice=self.env._(
                    "Enter the patient or visit by hand, or ask the system why it was not sent."
                ),
                unit="seconds",
                rows_method="_health_rows_events_waiting",
                warning_at=_DAY,
                action="hc_integration.hc_exchange_event_action",
                domain="[('state', '=', 'waiting')]",
            ),
            HealthCheck(
                code="proofs_different",
                name=self.env._("Days that differ from what a system says it sent"),
                advice=self.env._("Work through the differences; the proof closes by itself."),
                unit="count",
                rows_method="_health_rows_proofs_different",
                warning_at=1,
                action="hc_integration.hc_integration_proof_action",
                domain="[('state', '=', 'differs')]",
            ),
        ]

    @api.model
    def _define_messages(self):
        return [
            HealthCheck(
                code="messages_uncertain",
                name=self.env._("Texts of which nobody knows whether they went out"),
                advice=self.env._("Ask the gateway, and settle each by hand: none is sent twice."),
                unit="count",
                rows_method="_health_rows_messages_uncertain",
                warning_at=1,
                action="hc_integration.hc_gateway_message_action",
                domain="[('state', '=', 'uncertain')]",
            ),
        ]

    @api.model
    def _health_rows_deliveries_lag(self):
        return SQL(
            """SELECT subscription.name, extract(epoch FROM %s - min(delivery.occurred_at))
                 FROM hc_event_delivery delivery
                 JOIN hc_event_subscription subscription
                   ON subscription.id = delivery.subscription_id
                WHERE delivery.state IN ('pending', 'sending') AND subscription.state = 'active'
             GROUP BY subscription.name""",
            self._get_moment(),
        )

    @api.model
    def _health_rows_deliveries_dead(self):
        return SQL(
            """SELECT subscription.name, count(*)
                 FROM hc_event_delivery delivery
                 JOIN hc_event_subscription subscription
                   ON subscription.id = delivery.subscription_id
                WHERE delivery.state = 'dead'
             GROUP BY subscription.name"""
        )

    @api.model
    def _health_rows_systems_red(self):
        return SQL(
            """SELECT code, extract(epoch FROM %s - red_since) FROM hc_integration_source
                WHERE red_since IS NOT NULL AND state = 'active'""",
            self._get_moment(),
        )

    @api.model
    def _health_rows_events_waiting(self):
        return SQL(
            """SELECT NULL, extract(epoch FROM %s - min(create_date)) FROM hc_exchange
                WHERE state = 'waiting'""",
            self._get_moment(),
        )

    @api.model
    def _health_rows_proofs_different(self):
        return SQL("SELECT NULL, count(*) FROM hc_integration_proof WHERE state = 'differs'")

    @api.model
    def _health_rows_messages_uncertain(self):
        return SQL("SELECT NULL, count(*) FROM hc_gateway_message WHERE state = 'uncertain'")
