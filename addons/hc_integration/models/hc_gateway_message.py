# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import re

from odoo import api, fields, models

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

from .. import lifecycles
from ..hc_webhook_core import message_request

_REASON_CHARACTERS = 32
# Documents of this type have no module that wants to be told; their numbers are anybody's.
OWN_TYPE = "person_message"
_OWN_REFERENCE = re.compile(r"message-([0-9]{1,9})")
# Nothing more will become of these on our side.
SETTLED = ("sent", "delivered", "failed", "opted_out", "cancelled")
REPORTED = ("sent", "delivered", "failed", "opted_out")


class HcGatewayMessage(models.Model):
    """One message of an outbound document on its way through a gateway.

    Who gets it and what it says stay in the document: they are read when they are sent, and shown
    to those who may see patient data. Ordinary moves leave no log row.
    """

    _name = "hc.gateway.message"
    _description = "Message to a Person"
    _inherit = ["hc.lifecycle.mixin"]
    _order = "id desc"
    _lifecycles = {"state": lifecycles.GATEWAY_MESSAGE}

    gateway_id = fields.Many2one(
        "hc.message.gateway", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="gateway_id.company_id", store=True, index=True)
    exchange_id = fields.Many2one(
        "hc.exchange", "Document", required=True, readonly=True, index=True, ondelete="restrict"
    )
    reference = fields.Char(
        required=True, readonly=True, help="The number that the document gives it."
    )
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="pending",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    not_before = fields.Datetime("Due", required=True, readonly=True)
    not_after = fields.Datetime("Given Up", required=True, readonly=True)
    attempts = fields.Integer(readonly=True, aggregator="sum")
    lease_owner = fields.Char("Sent By", readonly=True)
    leased_until = fields.Datetime(readonly=True)
    sent_at = fields.Datetime("Sent", readonly=True)
    finished_at = fields.Datetime("Finished", readonly=True)
    gateway_reference = fields.Char("Gateway's Id", readonly=True, index="btree_not_null")
    mail_id = fields.Many2one(
        "mail.mail", "E-mail", readonly=True, index="btree_not_null", ondelete="set null"
    )
    status = fields.Integer(readonly=True, aggregator=None, help="HTTP status; 0: no answer.")
    latency_ms = fields.Integer("Latency (ms)", readonly=True, aggregator="avg")
    error = fields.Char("Last Error", readonly=True)
    reason_code = fields.Char("Gateway's Reason", readonly=True)
    reported_state = fields.Char("Told as", readonly=True, help="What the sender was told last.")
    report_error = fields.Char("Could Not Be Told", readonly=True)
    next_poll_at = fields.Datetime("Asked Next", readonly=True)
    poll_count = fields.Integer("Asked", readonly=True, aggregator="sum")
    response_head = fields.Text("Beginning of the Answer", readonly=True, groups=PHI_GROUP)
    recipient = fields.Char(compute="_compute_content", groups=PHI_GROUP, exportable=False)
    text = fields.Text(compute="_compute_content", groups=PHI_GROUP, exportable=False)

    _once = models.UniqueIndex("(exchange_id, reference)", "The message is known already.")
    _reference_index = models.Index("(gateway_id, reference)")
    _pending_index = models.Index("(gateway_id, id, not_before) WHERE state = 'pending'")
    _sending_index = models.Index("(leased_until) WHERE state = 'sending'")
    _report_index = models.Index(
        "(id) WHERE state IN ('sent', 'delivered', 'failed', 'opted_out')"
        " AND state IS DISTINCT FROM reported_state"
    )

    @api.model
    def _get_guarded_fields(self):
        """Every field: nobody writes a message but the methods of this model."""
        stored = {name for name, field in self._fields.items() if field.store}
        return super()._get_guarded_fields() | stored - {"id"}

    def _is_logged_move(self, field_name, from_state, to_state):
        return to_state not in ("pending", "sending", "sent") or from_state == "uncertain"

    @api.depends("gateway_id", "reference")
    def _compute_display_name(self):
        for message in self:
            message.display_name = f"{message.gateway_id.name or ''} {message.reference or ''}"

    def _compute_content(self):
        contents = self._read_contents()
        for message in self:
            content = contents.get(message.id)
            message.recipient = content.recipient if content else False
            message.text = content.text if content else False

    def _read_contents(self):
        """What is to be said to whom, from the documents: ``{id: OutgoingMessage}``."""
        contents = {}
        for exchange_sudo, messages in self.sudo().grouped("exchange_id").items():
            raw = exchange_sudo.payload_attachment_id.raw or b""
            try:
                known = {each.reference: each for each in message_request.read_messages(raw)}
            except message_request.MessageError:
                continue
            contents |= {
                message.id: known[message.reference]
                for message in messages
                if message.reference in known
            }
        return contents

    def _prepare_move_vals(self, target, field_name):
        vals = super()._prepare_move_vals(target, field_name)
        now = self.env.cr.now().replace(microsecond=0)
        if target != "sending":
            vals["leased_until"] = False
        if target == "sent":
            vals |= {"sent_at": now, "next_poll_at": now}
        if target in SETTLED:
            vals["finished_at"] = now
        return vals

    @api.model
    def _find_reported(self, source, reference):
        """The message that a gateway's report names: by our number, or by the gateway's own."""
        own = [("gateway_id.source_id", "=", source.id)]
        messages = self.sudo()
        match = _OWN_REFERENCE.fullmatch(reference)
        if match:
            found = messages.search([*own, ("id", "=", int(match[1]))])
            return found.filtered(lambda message: message._get_message_id() == reference)
        others = [*own, ("exchange_id.document_type", "!=", OWN_TYPE)]
        return messages.search(
            [*others, ("reference", "=", reference)], limit=1, order="id desc"
        ) or messages.search([*own, ("gateway_reference", "=", reference)], limit=1)

    def _get_message_id(self):
        """The number under which gateways speak of a message: its sender's, which is unique."""
        if self.exchange_id.document_type == OWN_TYPE:
            return f"message-{self.id}"
        return self.reference

    def _has_listener(self):
        """Whether a module wants to be told what became of it."""
        return self.exchange_id.document_type != OWN_TYPE

    def _take_status(self, status, reason_code=None):
        """Put on record what a gateway reports, late, twice and in any order.

        :param str status: in our words
        """
        self.ensure_one()
        if reason_code:
            self._write_guarded({"reason_code": reason_code[:_REASON_CHARACTERS]})
        self._transition_where_allowed(status)
        if status == "opted_out":
            self._stop_recipient()

    def _stop_recipient(self):
        """The reader wants no more: what waits for the same number is not sent."""
        told = self._read_contents()[self.id].recipient
        waiting = self.search([("company_id", "=", self.company_id.id), ("state", "=", "pending")])
        contents = waiting._read_contents()
        stopped = waiting.filtered(
            lambda message: (
                message.id in contents
                and message_request.same_recipient(contents[message.id].recipient, told)
            )
        )
        stopped._transition_where_allowed(
            "cancelled", reason=self.env._("its reader opted out meanwhile")
        )

    def action_send_again(self):
        """Send again what the gateway did not take, as somebody asked there."""
        self._transition("pending", reason=self.env._("the gateway did not take it"))
        now = self.env.cr.now().replace(microsecond=0)
        contents = self._read_contents()
        for message in self:
            latest = now + (message.not_after - message.not_before)
            content = contents.get(message.id)
            end = (content and content.not_after) or latest
            message._write_guarded({"not_before": now, "not_after": min(latest, end)})

    def action_note_sent(self):
        """The gateway took it, as somebody asked there."""
        self._transition("sent", reason=self.env._("the gateway took it"))

    def action_note_failed(self):
        """It did not go out and is not to be sent any more."""
        self._transition("failed", reason=self.env._("given up"))
