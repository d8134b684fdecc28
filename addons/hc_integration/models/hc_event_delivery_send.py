# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging
from collections import defaultdict
from datetime import timedelta, timezone

import psycopg2

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.retry_after import parse_retry_after

from ..hc_webhook_core import delivery_policy
from ..hc_webhook_core.cloud_event import (
    CONTENT_TYPE,
    ThinEvent,
    envelope,
    message_id,
    serialize,
)
from ..hc_webhook_core.signing import signature_headers
from ..tools import event_sender
from ..tools.event_sender import Message, Outcome

_logger = logging.getLogger(__name__)

PURPOSE = "event_delivery"
# An endpoint that was left alone so often in a row, some minutes by then, is a person's business.
_OPENINGS_FOR_ITEM = 4


class HcEventDelivery(models.Model):
    """How leased deliveries are sent, and what becomes of them."""

    _inherit = "hc.event.delivery"

    def _deliver(self, owner):
        """Send leased deliveries and settle them.

        :return: how many were sent
        """
        held = self._hold(owner)
        if not held:
            return 0
        messages, outcomes = held._prepare_messages()
        outcomes |= event_sender.send_all(
            list(messages.values()),
            trust=self.env["hc.http.allowance"]._get_trust(),
            resolver=self.env["hc.http"]._resolver,
        )
        held.filtered(lambda delivery: delivery.id not in outcomes)._hand_back()
        held._log_calls(messages, outcomes)
        held._settle(outcomes)
        return len(outcomes)

    def _prepare_messages(self):
        """What to send, signed with the secrets of this moment.

        :return: ``({id: Message}, {id: Outcome})``, the latter of what cannot be sent
        """
        events = self._read_events()
        source = self.env["hc.event.subscription"]._get_event_source()
        timestamp = int(self.env.cr.now().replace(tzinfo=timezone.utc).timestamp())
        messages, outcomes = {}, {}
        for subscription, deliveries in self.grouped("subscription_id").items():
            try:
                secrets, extra = subscription._get_credentials()
            except UserError as error:
                _logger.warning("subscription %s: %s", subscription.id, error)
                failed = Outcome(error="secret_missing", is_refused=True)
                outcomes |= dict.fromkeys(deliveries.ids, failed)
                continue
            for delivery in deliveries:
                message = message_id(subscription.id, delivery.transition_number)
                body = serialize(envelope(events[delivery.id], message, source))
                headers = signature_headers(secrets, message, timestamp, body)
                headers |= {"Content-Type": CONTENT_TYPE, **extra}
                messages[delivery.id] = Message(
                    delivery.id, subscription.id, subscription.url, headers, body
                )
        return messages, outcomes

    def _read_events(self):
        """The thin events of the deliveries, from the log: ``{id: ThinEvent}``."""
        rows = self.env.execute_query(
            SQL(
                """SELECT delivery.id, delivery.event_type, entry.res_model, entry.res_id,
                          entry.sequence, entry.kind, entry.field_name, entry.from_state,
                          entry.to_state, entry.company_id, facility.code, entry.occurred_at
                     FROM hc_event_delivery delivery
                     JOIN hc_transition entry ON entry.id = delivery.transition_number
                LEFT JOIN hc_facility facility ON facility.id = entry.facility_id
                    WHERE delivery.id IN %s""",
                self._ids,
            )
        )
        return {row[0]: ThinEvent(*row[1:]) for row in rows}

    def _settle(self, outcomes):
        """Put outcomes on record, and do what each asks for."""
        now = self.env.cr.now().replace(microsecond=0)
        moves, waits = defaultdict(list), {}
        for delivery in self.filtered(lambda each: each.id in outcomes):
            outcome = outcomes[delivery.id]
            verdict = delivery_policy.judge(
                delivery.attempts,
                f"delivery {delivery.id}",
                outcome.status,
                blames_host=outcome.blames_host,
                retry_after_seconds=parse_retry_after(outcome.retry_after, now),
            )
            moves[verdict.outcome].append(delivery.id)
            vals = {"status": outcome.status, "latency_ms": outcome.latency_ms}
            if verdict.outcome != delivery_policy.DELIVERED or delivery.error:
                vals["error"] = outcome.error or False
                vals["response_head"] = _text(outcome)
            if verdict.outcome == delivery_policy.RETRY:
                waits[delivery.id] = vals["not_before"] = now + timedelta(
                    seconds=verdict.wait_seconds
                )
            delivery._write_guarded(vals)
        self.browse(moves[delivery_policy.DELIVERED])._transition("delivered")
        self.browse(moves[delivery_policy.RETRY])._transition("pending")
        given_up = moves[delivery_policy.DEAD] + moves[delivery_policy.GONE]
        self.browse(given_up)._transition("dead")
        self.browse(moves[delivery_policy.GONE]).subscription_id._end_because_gone()
        self._report_endpoints(outcomes)

    def _report_endpoints(self, outcomes):
        """Tell the breakers; a breaker that cannot be told does not undo what was sent."""
        endpoints = self.env["hc.event.endpoint"].sudo()
        known = endpoints.search([("subscription_id", "in", self.subscription_id.ids)])
        known.invalidate_recordset()
        troubled = known.filtered(lambda each: each.failures or each.state != "closed")
        for subscription, deliveries in self.grouped("subscription_id").items():
            results = [outcomes[each] for each in deliveries.ids if each in outcomes]
            blamed = [each for each in results if _blames(each)]
            asked = [
                seconds
                for each in blamed
                if (seconds := parse_retry_after(each.retry_after, self.env.cr.now())) is not None
            ]
            refused = next((each for each in results if each.is_refused), None)
            if refused:
                subscription._open_trouble_item("outbound_refused", refused.error)
            if len(blamed) < len(results) and not asked:
                blamed = []
            if not results or (not blamed and subscription not in troubled.subscription_id):
                continue
            error = blamed[-1].error if blamed else ""
            try:
                openings = endpoints._in_own_transaction(
                    "_report", subscription.id, len(blamed), error, max(asked, default=None)
                )
            except psycopg2.Error:
                _logger.exception("the health of subscription %s was not stored", subscription.id)
                continue
            if openings >= _OPENINGS_FOR_ITEM:
                subscription._open_trouble_item("endpoint_down", error)

    def _log_calls(self, messages, outcomes):
        """A row of digests for each call, as base's client leaves one."""
        sent = {key: each for key, each in messages.items() if key in outcomes}
        if not sent:
            return
        rows = event_sender.call_rows(
            sent,
            outcomes,
            purpose=PURPOSE,
            companies={each.id: each.company_id.id for each in self.subscription_id},
            user_id=self.env.uid,
            moment=self.env.cr.now(),
        )
        self.env["hc.http.call"].sudo()._insert_rows(rows)

    def _on_state_dead(self, previous):
        for subscription in self.subscription_id:
            subscription._open_trouble_item("dead", "")


def _blames(outcome):
    if outcome.status:
        return outcome.status == 429 or outcome.status >= 500
    return outcome.blames_host


def _text(outcome):
    """The head of an answer as text that the database can hold."""
    head = outcome.head.decode("utf-8", "replace").replace("\x00", "") if outcome.head else ""
    return head or False
