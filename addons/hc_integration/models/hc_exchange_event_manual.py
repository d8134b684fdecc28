# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib
import json
import uuid

from odoo import api, fields, models

from ..hc_webhook_core import events
from .hc_event_handler import EventOutcome

# An outcome that stands for the fact, so that a second message of it has nothing to add. One that
# waits may be given up, and with it what was matched: both wait, and the first one is applied.
_STANDING = ("applied", "partly", "proposed", "superseded")


class HcExchange(models.Model):
    """Events that a person entered while a system was down, and the late ones that repeat them."""

    _inherit = "hc.exchange"

    is_manual = fields.Boolean("Entered by Hand", readonly=True)
    matched_id = fields.Many2one(
        "hc.exchange",
        "Same as",
        readonly=True,
        index="btree_not_null",
        help="The message about the same fact that was applied before.",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"is_manual", "matched_id"}

    @api.model
    def _enter_event(self, source, definition, data, occurred_at, **values):
        """Store an event as a person enters it: the same envelope as its system would send.

        :param source: the connected system that is down
        :param definition: of the event
        :param dict data: what it says, checked against the schema by the handler
        :param datetime occurred_at: when it happened, in UTC
        :param values: what else is known of the exchange, as its fields
        :return: the exchange; the person is its creator, with whose rights it is applied
        """
        message_id = values.get("external_id") or f"manual-{uuid.uuid4()}"
        envelope = {
            "specversion": "1.0",
            "id": message_id,
            "source": source.code,
            "type": definition.type_name,
            "time": f"{occurred_at.isoformat(timespec='seconds')}Z",
            "data": data,
        }
        body = json.dumps(envelope, ensure_ascii=False).encode()
        exchange_sudo = self.sudo()._create_guarded(
            [
                {
                    "name": f"{definition.type_name} {message_id}"[:80],
                    "document_type": "event",
                    "source": source.code,
                    "source_id": source.id,
                    "external_id": message_id,
                    "checksum": hashlib.sha256(body).hexdigest(),
                    "size_bytes": len(body),
                    "company_id": source.company_id.id,
                    "event_type": definition.code,
                    "event_version": definition.version,
                    "occurred_at": occurred_at.replace(microsecond=0),
                    "subject_key": data.get(definition.subject_path) or False,
                    "is_manual": True,
                    "payload_body": body,
                    **values,
                }
            ]
        )
        return exchange_sudo.sudo(self.env.su)

    def _find_counterpart(self, event):
        """The message of the other way (by hand, by the system) about the same fact.

        :return: the exchange that stands for it, if no other message was matched with it
        """
        key = self._digest_business_key(event.definition, event.data)
        if self.event_business_key != key:
            self._write_guarded({"event_business_key": key})
        others = self.search(
            [
                ("source_id", "=", event.source.id),
                ("event_type", "=", event.definition.code),
                ("event_business_key", "=", key),
                ("is_manual", "=", not self.is_manual),
                ("event_outcome", "in", _STANDING),
                ("id", "!=", self.id),
            ],
            order="id",
        )
        taken = self.search([("matched_id", "in", others.ids)]).matched_id
        return (others - taken)[:1]

    def _match_counterpart(self, counterpart, event):
        """Take a message as the repetition of one that was applied; tell where they differ."""
        self._write_guarded({"matched_id": counterpart.id})
        handler = self.env["hc.event.handler"]
        names = events.differences(handler._read_data(counterpart), event.data)
        note = self.env._("Applied before as %(name)s.", name=counterpart.name)
        if names:
            note = "\n".join(
                [note, self.env._("It says otherwise in: %(names)s.", names=", ".join(names))]
            )
            self._open_event_item(
                "differs",
                self.env._(
                    "%(sender)s says otherwise than what was entered by hand",
                    sender=event.source.name,
                ),
                self.env._(
                    "Compare both messages (%(names)s) and correct the record if the system is "
                    "right. The first one was applied.",
                    names=", ".join(names),
                ),
            )
        return EventOutcome("matched", note=note)
