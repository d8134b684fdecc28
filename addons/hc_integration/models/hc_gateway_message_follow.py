# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, models
from odoo.tools import plaintext2html

from ..hc_webhook_core import message_request
from ..tools.event_sender import Message
from .hc_gateway_message_drain import BATCH_ROWS

_POLLS_PER_RUN = 200
_FIRST_POLL_MINUTES = 1
_LONGEST_POLL_MINUTES = 60
# A gateway that has not said by then will not say.
_POLL_DAYS = 3


class HcGatewayMessage(models.Model):
    """What becomes of messages that were handed on: to Odoo's queue of e-mails, to gateways."""

    _inherit = "hc.gateway.message"

    @api.model
    def _hand_mails(self, commit_progress):
        """Hand what is due to Odoo's mail server, a batch at a time."""
        for gateway in self._get_due_gateways("mail"):
            while batch := self._pick_rows(gateway, BATCH_ROWS):
                batch._hand_to_mail_server()
                if not commit_progress(len(batch)):
                    return

    def _hand_to_mail_server(self):
        """Put e-mails into Odoo's queue; each is sent once, by Odoo's own Scheduled Action."""
        contents = self._read_contents()
        for message in self:
            content = contents.get(message.id)
            problem = (
                message_request.problem_of(content, is_mail=True) if content else "content_missing"
            )
            if problem:
                message._give_up(problem)
                continue
            mail = (
                self.env["mail.mail"]
                .sudo()
                .create(
                    {
                        "email_to": content.recipient.strip(),
                        "email_from": message.gateway_id.sender
                        or message.company_id.email_formatted,
                        "subject": content.subject or message.company_id.name,
                        "body_html": plaintext2html(content.text),
                        "auto_delete": False,
                        "is_notification": False,
                    }
                )
            )
            message._transition("sending")
            message._write_guarded({"mail_id": mail.id, "attempts": message.attempts + 1})

    @api.model
    def _follow_mails(self):
        """See what became of e-mails in Odoo's queue; sent ones leave no copy there."""
        waiting = self.search([("state", "=", "sending"), ("mail_id", "!=", False)])
        sent = waiting.filtered(lambda message: message.mail_id.state == "sent")
        mails_sudo = sent.mail_id.sudo()
        sent._transition("sent")
        mails_sudo.unlink()
        late = (waiting - sent).filtered(
            lambda message: (
                message.mail_id.state == "outgoing" and message.not_after < self.env.cr.now()
            )
        )
        late.mail_id.sudo().cancel()
        late._give_up("too_late")
        for message in waiting - sent - late:
            if message.mail_id.state in ("exception", "cancel"):
                kind = message.mail_id.failure_type or "mail_failed"
                message._write_guarded({"error": kind})
                message._give_up("mail_failed")

    @api.model
    def _cron_poll(self):
        """Scheduled Action: ask gateways that send no events what became of messages."""
        commit_progress = self.env["ir.cron"]._commit_progress
        if self.env["hc.http"]._is_neutralized() or self.env["hc.automation"]._is_observing():
            return
        now = self.env.cr.now()
        asked = self.sudo().search(
            [
                ("state", "=", "sent"),
                ("gateway_id.status_way", "=", "poll"),
                ("gateway_id.active", "=", True),
                ("gateway_id.source_id.state", "=", "active"),
                ("gateway_reference", "!=", False),
                ("next_poll_at", "<=", now),
                ("sent_at", ">", now - timedelta(days=_POLL_DAYS)),
            ],
            order="next_poll_at, id",
            limit=_POLLS_PER_RUN,
        )
        for gateway, messages in asked.grouped("gateway_id").items():
            messages[: gateway._get_quota(len(messages))]._poll(gateway)
            commit_progress(len(messages))
        self.sudo()._report_states(commit_progress)

    def _poll(self, gateway):
        if not self:
            return
        headers = gateway._get_auth_headers()
        requests = {
            message.id: Message(
                message.id,
                gateway.id,
                gateway._get_status_url(message.gateway_reference),
                headers,
                b"",
                "GET",
            )
            for message in self
        }
        outcomes = self._call(requests)
        now = self.env.cr.now().replace(microsecond=0)
        for message in self:
            outcome = outcomes.get(message.id)
            minutes = min(_FIRST_POLL_MINUTES * 2**message.poll_count, _LONGEST_POLL_MINUTES)
            message._write_guarded(
                {
                    "poll_count": message.poll_count + 1,
                    "next_poll_at": now + timedelta(minutes=minutes),
                }
            )
            if outcome and outcome.is_success:
                code = message_request.read_path(outcome.head, gateway.status_path or "status")
                status = gateway._translate(code)
                if status:
                    reason = message_request.read_path(outcome.head, gateway.error_path or "")
                    message._take_status(status, reason if status == "failed" else None)
