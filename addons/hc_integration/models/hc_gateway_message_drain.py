# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How messages leave: taken from documents, leased, committed, held, sent, settled, reported."""

import logging
import os
import secrets
import socket
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core import circuit_breaker
from odoo.addons.hc_revenue_base.hc_core.operations import OperationError
from odoo.addons.hc_revenue_base.models.hc_batch_mixin import CONCURRENCY_ERRORS
from odoo.addons.hc_revenue_base.tools.http_request import parse_url

from .hc_gateway_message import REPORTED

_logger = logging.getLogger(__name__)

BATCH_ROWS = 50
# A sender at work holds a lock on its rows, which whoever looks for expired leases skips.
LEASE_SECONDS = 30
_LEASE_TRIES = 5
_REPORTS_PER_RUN = 200
_OPERATION = "message.record_status"


class HcGatewayMessage(models.Model):
    """The sender.

    A batch takes two transactions, as for events that leave: the first leases due messages and
    commits, the second locks them, sends, settles and commits. A process that dies in between
    leaves messages of which nobody knows whether the gateway took them: they are sent again, under
    the same key, to a gateway that recognises repetitions, and otherwise wait for a person.
    """

    _inherit = "hc.gateway.message"

    @api.model
    def _cron_send(self):
        """Scheduled Action: send what is due, and tell the senders what became of it."""
        commit_progress = self.env["ir.cron"]._commit_progress
        if self.env["hc.http"]._is_neutralized():
            return
        self.env["hc.exchange"].sudo()._give_to_gateways(commit_progress)
        # What a gateway is sent cannot be taken back after an observed run.
        if self.env["hc.automation"]._is_observing():
            return
        messages = self.sudo()
        messages._drop_stopped()
        commit_progress()
        messages._hand_mails(commit_progress)
        messages._drain(commit_progress)
        messages._follow_mails()
        commit_progress()
        messages._report_states(commit_progress)
        self.env["hc.exchange"].sudo()._finish_given(commit_progress)
        commit_progress(remaining=0)

    @api.model
    def _drop_stopped(self):
        """What was taken back is cancelled; what waited too long is not sent late."""
        waiting = [("state", "=", "pending")]
        self.search([*waiting, ("exchange_id.state", "!=", "processing")])._transition("cancelled")
        late = self.search([*waiting, ("not_after", "<", self.env.cr.now())])
        late._give_up("too_late")

    def _drop_late(self):
        """Before they leave: give up what must not go out any more; return the rest."""
        late = self.filtered(lambda message: message.not_after < self.env.cr.now())
        late._give_up("too_late")
        return self - late

    def _give_up(self, code):
        """Dead letters: their senders are told that they did not arrive."""
        if not self:
            return
        self._transition("failed", facts={"code": code})
        self._write_guarded({"reason_code": code})
        for gateway in self.gateway_id if code == "too_late" else ():
            gateway._open_trouble_item(
                "too_late",
                self.env._(
                    "Messages could not be sent for so long that they are not sent any more. See "
                    "their last error under Messages to People; their senders were told."
                ),
            )

    @api.model
    def _drain(self, commit_progress):
        """Send what is due until nothing is left or time is up."""
        while True:
            batch, owner = self._lease_next(commit_progress)
            if not batch:
                return
            sent = batch._send_leased(owner)
            if not commit_progress(sent):
                return

    @api.model
    def _lease_next(self, commit_progress):
        """Lease a batch and commit the lease; empty when nothing is due."""
        owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        for _attempt in range(_LEASE_TRIES):
            try:
                with self.env.cr.savepoint():
                    self._recover_expired()
                    batch = self._pick()
                    batch._lease(owner)
                commit_progress()
                return batch, owner
            except CONCURRENCY_ERRORS as error:
                _logger.info("messages are looked at again: %s", type(error).__name__)
                commit_progress()
        return self.browse(), owner

    @api.model
    def _pick(self):
        """Lock due messages, oldest first; one only of a gateway that is to be tried again."""
        picked = self.browse()
        for gateway in self._get_due_gateways("http"):
            quota = gateway._get_quota(BATCH_ROWS)
            if quota:
                picked += self._pick_rows(gateway, quota)
        return picked

    @api.model
    def _get_due_gateways(self, kind):
        rows = self._read_group(
            [
                ("state", "=", "pending"),
                ("not_before", "<=", self.env.cr.now()),
                ("gateway_id.kind", "=", kind),
                ("gateway_id.active", "=", True),
                ("gateway_id.source_id.state", "=", "active"),
            ],
            ["gateway_id"],
        )
        return self.env["hc.message.gateway"].sudo().union(*(gateway for (gateway,) in rows))

    @api.model
    def _pick_rows(self, gateway, quota):
        now = self.env.cr.now()
        return self._lock_rows(
            SQL(
                "state = 'pending' AND gateway_id = %s AND not_before <= %s AND not_after >= %s"
                " ORDER BY id LIMIT %s",
                gateway.id,
                now,
                now,
                quota,
            )
        )

    @api.model
    def _lock_rows(self, condition):
        """The rows of a condition that nobody else works on, locked."""
        self.flush_model()
        query = SQL(
            "SELECT id FROM hc_gateway_message WHERE %s FOR NO KEY UPDATE SKIP LOCKED", condition
        )
        self.env.cr.execute(query, log_exceptions=False)
        rows = self.browse([row_id for (row_id,) in self.env.cr.fetchall()])
        rows.invalidate_recordset(flush=False)
        return rows

    def _lease(self, owner):
        if not self:
            return
        self._transition("sending")
        until = self.env.cr.now().replace(microsecond=0) + timedelta(seconds=LEASE_SECONDS)
        self._write_guarded({"lease_owner": owner, "leased_until": until})
        for message in self:
            message._write_guarded({"attempts": message.attempts + 1})

    @api.model
    def _recover_expired(self):
        """Take up the messages of processes that ended between sending and noting."""
        left = self._lock_rows(
            SQL(
                "state = 'sending' AND leased_until < %s ORDER BY id LIMIT %s",
                self.env.cr.now(),
                BATCH_ROWS,
            )
        )
        if not left:
            return
        _logger.warning("%s messages: their process ended meanwhile", len(left))
        repeatable = left.filtered("gateway_id.knows_repetitions")
        repeatable._transition("pending")
        (left - repeatable)._leave_uncertain("process_ended")

    def _leave_uncertain(self, code):
        if not self:
            return
        self._transition("uncertain", facts={"code": code})
        self._write_guarded({"error": code})
        for gateway in self.gateway_id:
            gateway._open_trouble_item(
                "uncertain",
                self.env._(
                    "Nobody knows whether the gateway took some messages, and it does not "
                    "recognise repetitions. Look there, then note each as sent or failed, or send "
                    "it again, under Messages to People, Perhaps Sent."
                ),
            )

    def _hold(self, owner):
        """Lock the leased rows for as long as they are worked on: the sign that we live."""
        return self._lock_rows(
            SQL("id IN %s AND state = 'sending' AND lease_owner = %s ORDER BY id", self._ids, owner)
        )

    @api.model
    def _report_states(self, commit_progress):
        """Tell those who handed messages over what became of them, by the operation for it."""
        self.flush_model(["state", "reported_state"])
        for (row_id,) in self.env.execute_query(
            SQL(
                """SELECT id FROM hc_gateway_message
                    WHERE state IN %s AND state IS DISTINCT FROM reported_state
                 ORDER BY id LIMIT %s""",
                REPORTED,
                _REPORTS_PER_RUN,
            )
        ):
            self.browse(row_id)._report_safely()
            if not commit_progress():
                return

    def _report_safely(self):
        """Tell one state; what cannot be told stays on the message and is tried again."""
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._report_state()
        except CONCURRENCY_ERRORS as error:
            _logger.info("message %s is reported later: %s", self.id, type(error).__name__)
        except (OperationError, UserError) as error:
            code = getattr(error, "code", type(error).__name__)
            if code == "not_found":
                # Nobody has such a message any more: there is nobody to tell.
                self._write_guarded({"reported_state": self.state})
            if self.report_error != code:
                self._write_guarded({"report_error": code})

    def _report_state(self):
        operations = self.env["hc.operation"]
        known = any(entry.code == _OPERATION for entry in operations._get_operations())
        if not known or not self._has_listener():
            self._write_guarded({"reported_state": self.state})
            return
        source = self.gateway_id.source_id
        payload = {"message_reference": self.reference, "status": self.state}
        if self.reason_code:
            payload["reason_code"] = self.reason_code
        operations.with_user(source.user_id).with_context(
            allowed_company_ids=source.company_id.ids
        )._run_operation(_OPERATION, payload, f"gateway_message:{self.id}:{self.state}")
        self._write_guarded({"reported_state": self.state, "report_error": False})


class HcMessageGateway(models.Model):
    """How much a gateway may be asked now: base's breakers decide, by host."""

    _inherit = "hc.message.gateway"

    def _get_quota(self, rows):
        """How many messages may be leased now; 1 for a host that is to be tried again."""
        self.ensure_one()
        target = parse_url(self.url)
        hosts = self.env["hc.http.host"].sudo()
        row = hosts.search([("host", "=", target.host), ("port", "=", target.port)])
        row.invalidate_recordset()
        if not row or row.state == circuit_breaker.CLOSED:
            return rows
        return 0 if hosts._in_own_transaction("_admit", target.host, target.port) else 1
