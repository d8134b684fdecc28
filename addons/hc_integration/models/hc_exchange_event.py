# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib
from dataclasses import dataclass

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

SHOWN_CHARACTERS = 100_000
_NAME_CHARACTERS = 80


@dataclass(frozen=True)
class Receipt:
    """What became of a message at the border.

    :param int exchange_id: the exchange that holds it, or that held the first of this id
    :param str verdict: ``new``, ``duplicate`` (same id and content) or ``conflict``
    :param str state: state of that exchange
    :param dict result: what its handler answered, ids and codes
    """

    exchange_id: int
    verdict: str
    state: str
    result: dict | None = None


class HcExchange(models.Model):
    """Events of connected systems: stored as they came, before anything is done with them."""

    _inherit = "hc.exchange"

    document_type = fields.Selection(
        selection_add=[("event", "Event")], ondelete={"event": "cascade"}
    )
    source_id = fields.Many2one(
        "hc.integration.source",
        "Connected System",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    event_type = fields.Char(readonly=True)
    event_version = fields.Integer(readonly=True, aggregator=None)
    occurred_at = fields.Datetime("Sender's Time", readonly=True)
    subject_key = fields.Char("About", readonly=True, help="Events about the same are in order.")
    sequence_number = fields.Integer("Order", readonly=True, aggregator=None)
    event_result = fields.Json("Result", readonly=True, help="Ids and codes for the sender.")
    # The bytes as they came, not in the base64 that the client would expect of a file.
    payload_body = fields.Binary(
        "Body", attachment=False, readonly=True, groups=PHI_GROUP, exportable=False
    )
    payload_text = fields.Text("Content", compute="_compute_payload_text", groups=PHI_GROUP)

    # Both are read by the Scheduled Action: what is to be done, and what has to be done before it.
    _event_queue_index = models.Index(
        "(id) WHERE document_type = 'event' AND state IN ('received', 'processing', 'failed')"
    )
    _event_order_index = models.Index(
        "(source_id, subject_key, sequence_number, occurred_at) "
        "WHERE document_type = 'event' AND state IN ('received', 'processing', 'failed')"
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {
            "source_id",
            "event_type",
            "event_version",
            "occurred_at",
            "subject_key",
            "sequence_number",
            "event_result",
            "payload_body",
        }

    def _compute_payload_text(self):
        for exchange in self:
            body = exchange.with_context(bin_size=False).payload_body or b""
            text = bytes(body[:SHOWN_CHARACTERS]).decode("utf-8", "replace")
            exchange.payload_text = f"{text} …" if len(body) > SHOWN_CHARACTERS else text or False

    def _get_creation_facts(self):
        facts = super()._get_creation_facts()
        if self.document_type == "event":
            facts |= {"event": f"{self.event_type}.v{self.event_version}"}
        return facts

    @api.model
    def _receive_event(self, border, event, body):
        """Store a message of a connected system: one row, however often and fast it is repeated.

        Called in a transaction that sees what others commit: the second of two that arrive at
        once waits for the first, and finds it.

        :param border: the source as :meth:`hc.integration.source._get_borders` describes it
        :param event: :class:`~..hc_webhook_core.envelope.Event`
        :param bytes body: the body as it came
        :return: a :class:`Receipt`; ``new`` is durable when the transaction is committed
        """
        checksum = hashlib.sha256(body).hexdigest()
        exchange_id = self._insert_event(border, event, body, checksum)
        if exchange_id:
            return Receipt(exchange_id, "new", "received")
        [row] = self.env.execute_query(
            SQL(
                """SELECT id, checksum, state, event_result FROM hc_exchange
                    WHERE company_id = %s AND direction = 'in' AND source = %s
                      AND document_type = 'event' AND external_id = %s""",
                border.company_id,
                border.code,
                event.message_id,
            )
        )
        exchange_id, known_checksum, state, result = row
        if known_checksum == checksum:
            return Receipt(exchange_id, "duplicate", state, result)
        self.browse(exchange_id)._open_event_conflict()
        return Receipt(exchange_id, "conflict", state)

    @api.model
    def _insert_event(self, border, event, body, checksum):
        """Insert the row and the first entry of its log; False where the message is known.

        The ORM would look first and insert then, and two at once would both find nothing.
        """
        now = self.env.cr.now()
        columns = self._prepare_event_columns(border, event, body, checksum)
        columns |= {
            "create_uid": border.user_id,
            "write_uid": border.user_id,
            "create_date": now,
            "write_date": now,
        }
        query = SQL(
            """INSERT INTO hc_exchange (%s) VALUES %s
               ON CONFLICT (company_id, direction, source, document_type, external_id)
               DO NOTHING RETURNING id""",
            SQL(", ").join(map(SQL.identifier, columns)),
            tuple(columns.values()),
        )
        # The text of a failed statement would show its values.
        self.env.cr.execute(query, log_exceptions=False)
        row = self.env.cr.fetchone()
        if not row:
            return False
        exchange = self.browse(row)
        for name in ("company_id", "document_type", "event_type", "event_version"):
            self._fields[name]._update_cache(exchange, columns[name])
        entry = {
            "record": exchange,
            "kind": "creation",
            "field_name": "state",
            "to_state": columns["state"],
            "facts": exchange._get_creation_facts(),
            "is_first": True,
        }
        self.env["hc.transition"]._append([entry])
        return exchange.id

    @api.model
    def _prepare_event_columns(self, border, event, body, checksum):
        kind = f"{event.event_type}.v{event.version}"
        return {
            "name": f"{kind} {event.message_id}"[:_NAME_CHARACTERS],
            "state": self._get_lifecycle("state").initial,
            "direction": "in",
            "document_type": "event",
            "source": border.code,
            "external_id": event.message_id,
            "checksum": checksum,
            "encoding": "utf-8",
            "size_bytes": len(body),
            "company_id": border.company_id,
            "attempts": 0,
            "source_id": border.source_id,
            "event_type": event.event_type,
            "event_version": event.version,
            # To the microsecond: two events of one second have an order.
            "occurred_at": event.occurred_at,
            "subject_key": event.subject_key or None,
            "sequence_number": event.sequence_number,
            "payload_body": body,
        }

    def _open_event_conflict(self):
        """Tell the office, once, that a message came again with other content."""
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "import_conflict",
                    "queue_code": "operations",
                    "dedup_key": f"event_conflict:{exchange.id}",
                    "name": self.env._(
                        "%(name)s came again with other content", name=exchange.name
                    ),
                    "description": self.env._(
                        "%(sender)s sent two messages under the same id. The first one stands; ask "
                        "the sender which one is right.",
                        sender=exchange.source_id.name,
                    ),
                    "company_id": exchange.company_id.id,
                    "res_model": self._name,
                    "res_id": exchange.id,
                }
                for exchange in self
            ]
        )
