# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The figures of a connected system's health: a fixed number of queries for any number of them."""

from datetime import timedelta

from odoo import models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.models.hc_exchange_processing import MAX_ATTEMPTS

from ..hc_webhook_core.health import Figures

_DAY = timedelta(days=1)
_OPEN = SQL("exchange.state IN ('received', 'processing', 'failed', 'waiting')")


class HcExchange(models.Model):
    """How the latest and the open messages of a system are found."""

    _inherit = "hc.exchange"

    _source_latest_index = models.Index("(source, company_id, create_date) WHERE direction = 'in'")
    _source_open_index = models.Index(
        "(source, company_id) WHERE direction = 'in' "
        "AND state IN ('received', 'processing', 'failed', 'waiting')"
    )


class HcEventDelivery(models.Model):
    """How the latest delivery of a subscription is found."""

    _inherit = "hc.event.delivery"

    _latest_index = models.Index("(subscription_id, finished_at) WHERE state = 'delivered'")


class HcIntegrationSource(models.Model):
    """Counts messages, deliveries, refusals and proofs of any number of systems at once."""

    _inherit = "hc.integration.source"

    def _get_figures(self, as_of):
        """``{id: (Figures, what else is shown)}``.

        :param datetime as_of: now, in UTC without zone
        """
        self.env.flush_all()
        received = self._query_received(as_of)
        backlog = self._query_backlog()
        sent = self._query_sent()
        refused = {
            source.id: count
            for source, count in self.env["hc.integration.refusal"].sudo()._read_group(
                [("source_id", "in", self.ids), ("minute", ">=", as_of - _DAY)],
                ["source_id"],
                ["refusal_count:sum"],
            )
        }  # fmt: skip
        drops = self.env["hc.file.drop"].sudo()._read_group(
            [("source_id", "in", self.ids), ("last_error", "!=", False)], ["source_id"]
        )  # fmt: skip
        broken = {source.id for (source,) in drops}
        result = {}
        for source in self:
            last_in, good_in, done, failed = received.get(source.id, (None, None, 0, 0))
            waiting, retries, given_up, oldest = backlog.get(source.id, (0, 0, 0, None))
            out = sent.get(source.id, (0, None, 0, 0, None))
            polled = source.fhir_polled_at or None if source.is_fhir_polled else None
            figures = Figures(
                state=source.state,
                done=done,
                failed=failed,
                given_up=given_up,
                retries=retries,
                oldest_unresolved_at=oldest,
                refused=refused.get(source.id, 0),
                next_expected_at=source._get_next_expected_at(_latest(last_in, polled)),
                poll_error=bool(source.is_fhir_polled and source.fhir_poll_error),
                drop_error=source.id in broken,
                endpoints_down=out[3],
                waiting_out=out[0],
                oldest_out_at=out[1],
                dead_out=out[2],
                differences=source.open_difference_count,
                not_told=source.not_told_count,
            )
            shown = {"backlog": waiting, "last_in": _latest(good_in, polled), "last_out": out[4]}
            result[source.id] = (figures, shown)
        return result

    def _get_next_expected_at(self, last_at):
        """Until when the system is expected to say something; None where it may be silent."""
        hours = self.expected_every_hours
        begin = _latest(last_at, self.connected_at or self.create_date)
        if not hours or not begin:
            return None
        if self.expected_calendar_id:
            # None where the calendar has no hours left.
            planned = self.expected_calendar_id.sudo().plan_hours(hours, begin, compute_leaves=True)
            return planned.replace(microsecond=0) if planned else None
        return begin.replace(microsecond=0) + timedelta(hours=hours)

    def _query_received(self, as_of):
        """``{id: (last message, last one applied, applied in 24 h, failed in 24 h)}``."""
        mine = SQL(
            """exchange.source = source.code AND exchange.company_id = source.company_id
               AND exchange.direction = 'in' AND NOT coalesce(exchange.is_manual, false)"""
        )
        rows = self.env.execute_query(
            SQL(
                """SELECT source.id, latest.create_date, good.moment, today.done, today.failed
                     FROM hc_integration_source source
                LEFT JOIN LATERAL (
                          SELECT exchange.create_date FROM hc_exchange exchange WHERE %(mine)s
                        ORDER BY exchange.create_date DESC LIMIT 1) latest ON true
                LEFT JOIN LATERAL (
                          SELECT coalesce(exchange.finished_at, exchange.write_date) AS moment
                            FROM hc_exchange exchange WHERE %(mine)s AND exchange.state = 'done'
                        ORDER BY exchange.create_date DESC LIMIT 1) good ON true
                LEFT JOIN LATERAL (
                          SELECT count(*) FILTER (WHERE exchange.state = 'done') AS done,
                                 count(*) FILTER (
                                     WHERE exchange.state IN ('failed', 'rejected')) AS failed
                            FROM hc_exchange exchange
                           WHERE %(mine)s AND exchange.create_date >= %(since)s) today ON true
                    WHERE source.id = ANY(%(ids)s)""",
                mine=mine,
                since=as_of - _DAY,
                ids=self.ids,
            )
        )
        return {row[0]: row[1:] for row in rows}

    def _query_backlog(self):
        """``{id: (not applied yet, tried again, given up, since when the oldest)}``."""
        rows = self.env.execute_query(
            SQL(
                """SELECT source.id, count(*),
                          count(*) FILTER (WHERE exchange.state = 'failed'
                                             AND exchange.attempts < %(tries)s),
                          count(*) FILTER (WHERE exchange.state = 'failed'
                                             AND exchange.attempts >= %(tries)s),
                          min(exchange.create_date) FILTER (
                              WHERE exchange.state <> 'failed' OR exchange.attempts < %(tries)s)
                     FROM hc_integration_source source
                     JOIN hc_exchange exchange ON exchange.source = source.code
                      AND exchange.company_id = source.company_id
                      AND exchange.direction = 'in' AND %(open)s
                    WHERE source.id = ANY(%(ids)s) GROUP BY source.id""",
                tries=MAX_ATTEMPTS,
                open=_OPEN,
                ids=self.ids,
            )
        )
        return {row[0]: row[1:] for row in rows}

    def _query_sent(self):
        """``{id: (waiting, oldest, dead, endpoints left alone, last delivered)}``."""
        rows = self.env.execute_query(
            SQL(
                """SELECT subscription.source_id, sum(due.waiting), min(due.oldest),
                          sum(due.dead), count(endpoint.id), max(latest.finished_at)
                     FROM hc_event_subscription subscription
                LEFT JOIN LATERAL (
                          SELECT count(*) FILTER (WHERE delivery.state <> 'dead') AS waiting,
                                 count(*) FILTER (WHERE delivery.state = 'dead') AS dead,
                                 min(delivery.occurred_at) FILTER (
                                     WHERE delivery.state <> 'dead') AS oldest
                            FROM hc_event_delivery delivery
                           WHERE delivery.subscription_id = subscription.id
                             AND delivery.state IN ('pending', 'sending', 'dead')) due ON true
                LEFT JOIN LATERAL (
                          SELECT delivery.finished_at FROM hc_event_delivery delivery
                           WHERE delivery.subscription_id = subscription.id
                             AND delivery.state = 'delivered'
                        ORDER BY delivery.finished_at DESC LIMIT 1) latest ON true
                LEFT JOIN hc_event_endpoint endpoint
                       ON endpoint.subscription_id = subscription.id AND endpoint.state <> 'closed'
                    WHERE subscription.source_id = ANY(%s) AND subscription.state = 'active'
                 GROUP BY subscription.source_id""",
                self.ids,
            )
        )
        return {row[0]: (int(row[1]), row[2], int(row[3]), *row[4:]) for row in rows}


def _latest(*moments):
    return max((moment for moment in moments if moment), default=None)
