# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, fields, models

from ..hc_webhook_core import message_request
from .hc_gateway_message import SETTLED

_DOCUMENTS_PER_RUN = 200


class HcExchange(models.Model):
    """Outbound documents of messages: given to their gateway, finished when all have left."""

    _inherit = "hc.exchange"

    document_type = fields.Selection(
        selection_add=[("person_message", "Messages to People")],
        ondelete={"person_message": "cascade"},
    )
    gateway_id = fields.Many2one(
        "hc.message.gateway", "Message Gateway", readonly=True, index="btree_not_null"
    )
    gateway_message_ids = fields.One2many(
        "hc.gateway.message", "exchange_id", "Messages to People", readonly=True
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"gateway_id"}

    @api.model
    def _give_to_gateways(self, commit_progress):
        """Make messages of the documents that gateways take; each document once."""
        gateways = self.env["hc.message.gateway"].sudo()
        for gateway in gateways.search([("active", "=", True), ("source_id.state", "=", "active")]):
            waiting = self.search(
                [
                    ("direction", "=", "out"),
                    ("state", "=", "processing"),
                    ("document_type", "=", gateway.document_type),
                    ("company_id", "=", gateway.company_id.id),
                    ("gateway_id", "=", False),
                ],
                order="id",
                limit=_DOCUMENTS_PER_RUN,
            )
            for exchange in waiting:
                if exchange.try_lock_for_update(allow_referencing=True):
                    exchange._give_to_gateway(gateway)
                if not commit_progress(1):
                    return

    def _give_to_gateway(self, gateway):
        self.ensure_one()
        self._write_guarded({"gateway_id": gateway.id})
        try:
            contents = message_request.read_messages(self.payload_attachment_id.raw or b"")
        except message_request.MessageError as error:
            # It stays as it is, so that whoever handed it over sees that nobody came for it.
            self._write_guarded({"error": self.env._("The document %(why)s.", why=error)})
            gateway._open_trouble_item(f"unreadable:{self.id}", self.error)
            return
        now = self.env.cr.now().replace(microsecond=0)
        patient = now + timedelta(minutes=gateway.patience_minutes)
        self.env["hc.gateway.message"].sudo()._create_guarded(
            [
                {
                    "gateway_id": gateway.id,
                    "exchange_id": self.id,
                    "reference": content.reference,
                    "not_before": now,
                    # Whoever hands it over may know an earlier end: of the hours of the law.
                    "not_after": min(patient, content.not_after or patient),
                }
                for content in contents
            ]
        )

    @api.model
    def _finish_given(self, commit_progress):
        """End the documents all of whose messages have left, and were reported as they ended."""
        given = self.search(
            [
                ("direction", "=", "out"),
                ("state", "=", "processing"),
                ("gateway_id", "!=", False),
                ("error", "=", False),
            ],
            order="id",
        )
        open_sudo = (
            self.env["hc.gateway.message"]
            .sudo()
            .search([("exchange_id", "in", given.ids)])
            .filtered(
                lambda message: (
                    message.state not in SETTLED
                    or (message.state != "cancelled" and message.state != message.reported_state)
                )
            )
        )
        for exchange in given - open_sudo.exchange_id:
            locked = exchange.try_lock_for_update(allow_referencing=True)
            if locked.filtered(lambda each: each.state == "processing"):
                exchange._finish_sending()
            if not commit_progress():
                return
