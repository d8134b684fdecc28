# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Events that a payment processor sends in its own words to the border."""

import json
from zoneinfo import ZoneInfo

from odoo import api, fields, models

from ..hc_webhook_core import stripe_events
from .hc_event_handler import EventOutcome, EventRefusedError

# Of these every message is one for a person; of the others one item tells the office once.
_PERSONAL = ("refund_failed", "dispute")


class HcExchange(models.Model):
    """Events that are kept and mean nothing here."""

    _inherit = "hc.exchange"

    event_outcome = fields.Selection(
        selection_add=[("unread", "Not Read Here")], ondelete={"unread": "set null"}
    )


class HcEventHandler(models.AbstractModel):
    """Stripe's own events: read by the pure translator, then applied as canonical events are."""

    _inherit = "hc.event.handler"

    @api.model
    def _handle(self, exchange):
        _document, reading = self._read_native(exchange.sudo())
        if reading is None or reading.code:
            return super()._handle(exchange)
        return self._keep_unread(exchange, reading)

    @api.model
    def _read_native(self, exchange_sudo):
        """The event as it came and in our words; (None, None) where it is a canonical one."""
        if exchange_sudo.source_id.scheme != "stripe":
            return None, None
        try:
            document = json.loads(exchange_sudo.with_context(bin_size=False).payload_body)
        except (ValueError, TypeError, RecursionError):
            return None, None
        if not stripe_events.is_native(document):
            return None, None
        zone = ZoneInfo(exchange_sudo.company_id._get_office_timezone())
        return document, stripe_events.translate(document, zone)

    @api.model
    def _read_data(self, exchange_sudo):
        _document, reading = self._read_native(exchange_sudo)
        return super()._read_data(exchange_sudo) if reading is None else dict(reading.data)

    @api.model
    def _report_payment(self, event, outcome):
        self._name_own_transaction(event)
        return super()._report_payment(event, outcome)

    @api.model
    def _name_own_transaction(self, event):
        """Note on a payment that Odoo began what its processor calls it.

        Odoo learns that from its own confirmation, which may come later; by it the report finds
        the payment, and nothing is booked twice.
        """
        document, reading = self._read_native(event.exchange.sudo())
        if reading is None:
            return
        named = document["data"]["object"].get("description")
        provider = event.source.sudo().payment_provider_id
        if not isinstance(named, str) or not named:
            return
        transaction_sudo = (
            self.env["payment.transaction"]
            .sudo()
            .search(
                [
                    ("reference", "=", named),
                    ("company_id", "=", event.source.sudo().company_id.id),
                    ("provider_code", "=", "stripe"),
                    ("operation", "not in", ("refund", "validation")),
                    ("provider_reference", "=", False),
                ]
            )
        )
        if transaction_sudo and provider in (transaction_sudo.provider_id, provider.browse()):
            transaction_sudo.provider_reference = reading.data["reference"]

    @api.model
    def _keep_unread(self, exchange, reading):
        """Keep what moves no money here, and tell who has to know."""
        if reading.problem == "content_malformed":
            raise EventRefusedError(
                "data_invalid", self.env._("Amount, currency or number of the payment is missing.")
            )
        exchange_sudo = exchange.sudo()
        kind = exchange_sudo.event_type.partition(".")[2]
        problem = reading.problem
        if problem == "dispute" and kind != "charge.dispute.created":
            problem = "no_change"
        if problem == "no_change":
            return self._no_change(None, self.env._("It moves no money: nothing changes here."))
        name, note = self._describe_unread(exchange_sudo, kind, problem)
        if problem in _PERSONAL:
            exchange_sudo._open_event_item(problem, name, note, queue_code="billing")
        else:
            key = f"event_unread:{exchange_sudo.source_id.id}:{kind}"
            self._tell_once(exchange_sudo, key, name, note)
        return EventOutcome("unread", note=note)

    @api.model
    def _describe_unread(self, exchange_sudo, kind, problem):
        sender = exchange_sudo.source_id.name
        if problem == "dispute":
            return (
                self.env._("%(sender)s: a payer disputes a payment", sender=sender),
                self.env._(
                    "No money has moved by it. Answer the dispute at the processor before its last "
                    "day; what the bank takes or returns is booked by itself."
                ),
            )
        if problem == "refund_failed":
            return (
                self.env._("%(sender)s: a refund did not go through", sender=sender),
                self.env._(
                    "The money is back at the processor. Look the refund up there, pay it in "
                    "another way, and correct the account where the refund was booked."
                ),
            )
        if problem == "refund_unnamed":
            return (
                self.env._("%(sender)s does not say which refund it is", sender=sender),
                self.env._(
                    "Its version of the API leaves the refunds out of charge.refunded. Have it "
                    "send refund.created and refund.updated too, and enter what was refunded so "
                    "far by hand."
                ),
            )
        return (
            self.env._("%(sender)s sends %(kind)s, which nobody reads", sender=sender, kind=kind),
            self.env._(
                "Such events are kept and change nothing. Take the type off the processor's list "
                "if it is not needed here. You are told once of each type."
            ),
        )

    @api.model
    def _tell_once(self, exchange_sudo, key, name, note):
        """Open one item, and never again once somebody has closed it."""
        items_sudo = self.env["hc.work.item"].sudo()
        if items_sudo.search_count([("dedup_key", "=", key)], limit=1):
            return
        items_sudo._open(
            [
                {
                    "kind": "event",
                    "queue_code": "operations",
                    "dedup_key": key,
                    "name": name,
                    "description": note,
                    "company_id": exchange_sudo.company_id.id,
                    "res_model": exchange_sudo._name,
                    "res_id": exchange_sudo.id,
                }
            ]
        )
