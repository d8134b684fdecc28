# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json
import re
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import SQL

from ..hc_webhook_core import stripe_events
from ..hc_webhook_core.errors import BorderError
from ..hc_webhook_core.signatures import read_proof

_EVENT_ID = re.compile(r"[A-Za-z0-9_]{1,255}")
_REPORT = "payment.report"


class HcPaymentEvent(models.Model):
    """One event of a payment provider, taken once; inserted by :meth:`_take`, never changed."""

    _name = "hc.payment.event"
    _description = "Event of a Payment Provider"
    _inherit = ["hc.guarded.mixin"]
    _order = "id desc"
    _rec_name = "event_id"
    _guarded_fields = frozenset(
        {"provider_id", "company_id", "event_id", "event_type", "object_id", "occurred_at"}
    )

    provider_id = fields.Many2one(
        "payment.provider", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    event_id = fields.Char("Provider's Number", required=True, readonly=True)
    event_type = fields.Char(required=True, readonly=True)
    object_id = fields.Char("About", readonly=True, help="What the provider calls it.")
    occurred_at = fields.Datetime("Provider's Time", readonly=True)
    create_date = fields.Datetime("Taken", readonly=True)

    _event_unique = models.UniqueIndex("(provider_id, event_id)", "This event was taken already.")

    @api.model
    def _verify_stripe(self, headers, body):
        """Who sent an event, proven before anything of it is read.

        :param headers: of the request, names in small letters
        :param bytes body: as it came
        :return: ``(provider, event)``: the one live provider whose secret signed it
        :raise BorderError: 401 not proven; 400 no event
        """
        proof = read_proof("stripe", headers, self.env.cr.now().astimezone())
        providers_sudo = (
            self.env["payment.provider"]
            .sudo()
            .search([("code", "=", "stripe"), ("state", "in", ("enabled", "test"))])
        )
        signers = providers_sudo.filtered(lambda provider: provider._has_signed(proof, body))
        if not signers:
            raise BorderError("signature_wrong", 401, "The sender could not be verified.")
        try:
            event = json.loads(body)
            is_event = (
                _EVENT_ID.fullmatch(event["id"])
                and stripe_events.TYPE.fullmatch(event["type"])
                and isinstance(event["data"]["object"], dict)
                and isinstance(event["data"]["object"].get("id"), str)
            )
        except (ValueError, KeyError, TypeError, RecursionError):
            is_event = False
        if not is_event:
            raise BorderError("event_malformed", 400, "The body is no event of the provider.")
        return signers[0], event

    @api.model
    def _take(self, provider, event):
        """Put an event on record.

        :return: False where it was taken before; two that arrive at once wait for each other
        """
        now = self.env.cr.now()
        created = event.get("created")
        is_time = isinstance(created, int) and 0 < created < 2**33
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO hc_payment_event (provider_id, company_id, event_id, event_type,
                          object_id, occurred_at, create_uid, create_date, write_uid, write_date)
                   VALUES (%(provider)s, %(company)s, %(id)s, %(type)s, %(object)s,
                           to_timestamp(%(created)s) AT TIME ZONE 'UTC',
                           %(uid)s, %(now)s, %(uid)s, %(now)s)
              ON CONFLICT (provider_id, event_id) DO NOTHING RETURNING id""",
                provider=provider.id,
                company=provider.company_id.id,
                id=event["id"],
                type=event["type"],
                object=event["data"]["object"]["id"][:255],
                created=created if is_time else None,
                uid=self.env.uid,
                now=now,
            )
        )
        return bool(rows)

    @api.model
    def _find_transaction(self, provider, event):
        """The transaction that a Stripe event is about, of that provider only."""
        subject = event["data"]["object"]
        data = {
            "reference": subject.get("description"),
            "event_type": event["type"],
            "object_id": subject["id"],
        }
        found_sudo = self.env["payment.transaction"].sudo()._search_by_reference("stripe", data)
        return found_sudo.filtered(lambda transaction: transaction.provider_id == provider)

    @api.model
    def _hand_over(self, provider, event):
        """Deal with what Odoo's module does nothing with.

        Money that moved at the provider is reported by the operation for it, where a module has
        one; the rest is work for a person.
        """
        self._hand_over_or_ask(provider, event, self.env._("No module takes such reports."))

    @api.model
    def _hand_over_unknown(self, provider, event):
        """Deal with a payment that Odoo did not begin."""
        reason = self.env._("No payment of that reference is known here.")
        self._hand_over_or_ask(provider, event, reason)

    @api.model
    def _hand_over_or_ask(self, provider, event, reason):
        answer = self._report(provider, event)
        if answer.get("status") != "ok":
            self._open_item(provider, event, answer.get("error", {}).get("message") or reason)

    @api.model
    def _report(self, provider, event):
        """Report money that moved, as the connected system that stands for the provider.

        The same event may come through that system, too: both say the same, which is booked once.

        :return: the operation's answer; empty where the event moves no money, or where there is
            no such operation or system
        """
        system = provider._get_payment_system()
        zone = ZoneInfo(provider.company_id._get_office_timezone())
        reading = stripe_events.translate(event, zone)
        if not system or not reading.code:
            return {}
        operations = (
            self.env["hc.operation"]
            .with_user(system.user_id)
            .with_context(allowed_company_ids=system.company_id.ids)
        )
        if _REPORT not in {definition.code for definition in operations._get_operations()}:
            return {}
        payload = {"source": system.code, "event": reading.code.partition(".")[2], **reading.data}
        return operations.run(_REPORT, payload, idempotency_key=f"stripe:{event['id']}")

    @api.model
    def _open_item(self, provider, event, reason):
        subject = event["data"]["object"]
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "manual",
                    "queue_code": "billing",
                    "dedup_key": f"payment_event:{provider.id}:{event['id']}",
                    "name": self.env._(
                        "%(provider)s: %(event)s needs somebody",
                        provider=provider.name,
                        event=event["type"],
                    ),
                    "description": self.env._(
                        "Event %(event)s about %(subject)s was not booked. %(reason)s Look it up "
                        "at the provider, and enter by hand what it changed.",
                        event=event["id"],
                        subject=subject["id"][:255],
                        reason=reason,
                    ),
                    "company_id": provider.company_id.id,
                }
            ]
        )
