# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging
from collections import defaultdict
from datetime import timedelta

import psycopg2

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.hc_revenue_base.hc_core.retry_after import parse_retry_after
from odoo.addons.hc_revenue_base.tools.http_request import Limits, parse_url

from ..hc_webhook_core import message_policy, message_request
from ..tools import event_sender
from ..tools.event_sender import Message, Outcome

_logger = logging.getLogger(__name__)

PURPOSE = "gateway_message"
_LIMITS = Limits(connect_seconds=5, read_seconds=15, total_seconds=15, response_bytes=16 * 1024)
_HEAD_CHARACTERS = 1024
_CONTENT_TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}


class HcGatewayMessage(models.Model):
    """What a gateway is sent for leased messages, and what becomes of them."""

    _inherit = "hc.gateway.message"

    def _send_leased(self, owner):
        """Send leased messages and settle them.

        :return: how many were sent
        """
        held = self._hold(owner)._drop_late()
        if not held:
            return 0
        requests, outcomes = held._prepare_requests()
        outcomes |= held._call(requests)
        unsent = held.filtered(lambda message: message.id not in outcomes)
        for message in unsent:
            message._transition("pending")
            message._write_guarded({"attempts": max(message.attempts - 1, 0)})
        held._settle(outcomes)
        return len(outcomes)

    def _call(self, requests):
        """Send prepared requests by several threads; ``{id: Outcome}`` of those begun."""
        outcomes = event_sender.send_all(
            list(requests.values()),
            trust=self.env["hc.http.allowance"]._get_trust(),
            resolver=self.env["hc.http"]._resolver,
            limits=_LIMITS,
        )
        made = {key: request for key, request in requests.items() if key in outcomes}
        if made:
            rows = event_sender.call_rows(
                made,
                outcomes,
                purpose=PURPOSE,
                companies={each.id: each.company_id.id for each in self.gateway_id},
                user_id=self.env.uid,
                moment=self.env.cr.now(),
            )
            self.env["hc.http.call"].sudo()._insert_rows(rows)
        self._report_hosts(outcomes)
        return outcomes

    def _prepare_requests(self):
        """What to send: ``({id: Message}, {id: Outcome})``, the latter of what cannot be sent."""
        contents = self._read_contents()
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        requests, outcomes = {}, {}
        for gateway, messages in self.grouped("gateway_id").items():
            try:
                headers = gateway._get_auth_headers()
            except UserError as error:
                _logger.warning("message gateway %s: %s", gateway.id, type(error).__name__)
                missing = Outcome(error="secret_missing", is_refused=True, is_unsent=True)
                outcomes |= dict.fromkeys(messages.ids, missing)
                continue
            kind = _CONTENT_TYPES[gateway.body_format]
            for message in messages:
                content = contents.get(message.id)
                problem = message_request.problem_of(content) if content else "content_missing"
                if problem:
                    outcomes[message.id] = Outcome(status=422, error=problem)
                    continue
                key = f"{uuid}-{message.id}"
                values = {
                    "recipient": content.recipient.strip(),
                    "text": content.text,
                    "message_id": message._get_message_id(),
                    "sender": gateway.sender or "",
                }
                requests[message.id] = Message(
                    message.id,
                    gateway.id,
                    gateway.url,
                    {**headers, "Content-Type": kind, "Idempotency-Key": key},
                    gateway._encode_body(message_request.fill(gateway.body_template, values)),
                )
        return requests, outcomes

    def _settle(self, outcomes):
        """Put outcomes on record, and do what each asks for."""
        now = self.env.cr.now().replace(microsecond=0)
        moves = defaultdict(self.browse)
        for message in self.filtered(lambda each: each.id in outcomes):
            outcome, gateway = outcomes[message.id], message.gateway_id
            verdict = message_policy.judge(
                message.attempts,
                f"message {message.id}",
                outcome.status,
                knows_repetitions=gateway.knows_repetitions,
                is_unsent=outcome.is_unsent,
                is_refused=outcome.is_refused,
                blames_host=outcome.blames_host,
                retry_after_seconds=parse_retry_after(outcome.retry_after, now),
            )
            message._note_outcome(outcome, verdict)
            target = verdict.outcome
            due = now + timedelta(seconds=verdict.wait_seconds)
            if target == message_policy.RETRY:
                message._write_guarded({"not_before": due})
                target = "too_late" if due > message.not_after else "pending"
            elif target == message_policy.FAILED and message._is_opt_out():
                target = "opted_out"
            moves[target] += message
            if verdict.refuses_us:
                gateway._open_trouble_item("refused", self._explain_refused(outcome.error))
        moves["uncertain"]._leave_uncertain("no_answer")
        moves["too_late"]._give_up("too_late")
        for target in ("sent", "pending", "failed", "opted_out"):
            moves[target]._transition(target)
        for message in moves["opted_out"]:
            message._stop_recipient()

    def _explain_refused(self, error):
        return self.env._(
            "The gateway turns us away, or may not be called (%(error)s). Correct address, user or "
            "secret, or have an outgoing allowance approved; messages wait until they are given "
            "up.",
            error=error,
        )

    def _note_outcome(self, outcome, verdict):
        gateway = self.gateway_id
        vals = {"status": outcome.status, "latency_ms": outcome.latency_ms}
        if verdict.outcome == message_policy.SENT:
            reference = message_request.read_path(outcome.head, gateway.reference_path or "")
            vals |= {"gateway_reference": reference or False, "error": False}
        else:
            head = outcome.head.decode("utf-8", "replace").replace("\x00", "")
            vals |= {"error": outcome.error or False, "response_head": head[:_HEAD_CHARACTERS]}
            code = message_request.read_path(outcome.head, gateway.error_path or "")
            if verdict.outcome == message_policy.FAILED:
                vals["reason_code"] = (code or outcome.error)[:32]
        self._write_guarded(vals)

    def _is_opt_out(self):
        """Whether the gateway refused it because its reader wants no more."""
        return self.gateway_id._translate(self.reason_code or "") == "opted_out"

    def _report_hosts(self, outcomes):
        """Tell base's breakers; one that cannot be told does not undo what was sent."""
        hosts = self.env["hc.http.host"].sudo()
        now = self.env.cr.now()
        for gateway, messages in self.grouped("gateway_id").items():
            results = [outcomes[each] for each in messages.ids if each in outcomes]
            blamed = [
                each
                for each in results
                if each.blames_host or each.status == 429 or each.status >= 500
            ]
            if not results or any(each.is_success for each in results):
                blamed = []
            target = parse_url(gateway.url)
            row = hosts.search([("host", "=", target.host), ("port", "=", target.port)])
            if not blamed and not row:
                continue
            waits = [parse_retry_after(each.retry_after, now) or 0 for each in blamed]
            try:
                hosts._in_own_transaction(
                    "_report",
                    target.host,
                    target.port,
                    blamed[-1].error if blamed else "",
                    max(waits, default=0) or None,
                )
            except psycopg2.Error:
                _logger.exception("the health of gateway %s was not stored", gateway.id)
