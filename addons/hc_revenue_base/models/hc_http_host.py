# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..hc_core import circuit_breaker
from ..hc_core.circuit_breaker import Breaker
from ..hc_core.errors import in_words


class HcHttpHost(models.Model):
    """The health of a host that the server calls, shared by all its processes.

    Only hosts with failures have a row that is not *closed*; a success closes it again.
    """

    _name = "hc.http.host"
    _description = "Called Host"
    _inherit = ["hc.own.transaction.mixin", "hc.guarded.mixin"]
    _rec_name = "host"
    _order = "state desc, host, port"
    _guarded_fields = frozenset(
        {"host", "port", "state", "failures", "openings", "until", "last_error", "last_failure_at"}
    )

    host = fields.Char(required=True, readonly=True)
    port = fields.Integer(required=True, readonly=True, aggregator=None)
    state = fields.Selection(
        [("closed", "Calls Pass"), ("half_open", "One Trial Call"), ("open", "Left Alone")],
        default="closed",
        required=True,
        readonly=True,
    )
    failures = fields.Integer("Failures in a Row", readonly=True, aggregator=None)
    openings = fields.Integer("Pauses in a Row", readonly=True, aggregator=None)
    until = fields.Datetime("Left Alone Until", readonly=True)
    last_error = fields.Char("Error Code", readonly=True)
    error_text = fields.Char("Last Error", compute="_compute_error_text")
    last_failure_at = fields.Datetime("Last Failure", readonly=True)

    _host_unique = models.UniqueIndex("(host, port)", "This host is known already.")

    @api.depends("last_error")
    def _compute_error_text(self):
        for host in self:
            host.error_text = in_words(host.last_error or "")

    @api.model
    def _admit(self, host, port):
        """Whether a call may be made now; runs in a transaction of its own.

        :return: None, or the moment until which the host is left alone
        """
        row = self._lock_row(host, port)
        if not row or row.state == circuit_breaker.CLOSED:
            return None
        breaker, passes = circuit_breaker.admit(row._get_breaker(), self.env.cr.now())
        row._store(breaker)
        return None if passes else breaker.until

    @api.model
    def _report(self, host, port, error="", retry_after_seconds=None):
        """Put the outcome of a call on record; runs in a transaction of its own.

        :param str error: what failed; empty after an answer of a healthy host
        """
        row = self._lock_row(host, port)
        if not error:
            if row:
                row._store(circuit_breaker.record_success(row._get_breaker()))
            return
        row = row or self._add_row(host, port)
        now = self.env.cr.now()
        breaker = circuit_breaker.record_failure(row._get_breaker(), now, retry_after_seconds)
        row._store(breaker)
        row._write_guarded({"last_error": error, "last_failure_at": now.replace(microsecond=0)})

    @api.model
    def _lock_row(self, host, port):
        self.env.cr.execute(
            SQL(
                "SELECT id FROM hc_http_host WHERE host = %s AND port = %s FOR NO KEY UPDATE",
                host,
                port,
            ),
            log_exceptions=False,  # another process was faster: this is tried again
        )
        row = self.browse([row_id for (row_id,) in self.env.cr.fetchall()])
        row.invalidate_recordset()
        return row

    @api.model
    def _add_row(self, host, port):
        self.env.cr.execute(
            SQL(
                """INSERT INTO hc_http_host (host, port, state, failures, openings)
                   VALUES (%s, %s, %s, 0, 0) ON CONFLICT DO NOTHING""",
                host,
                port,
                circuit_breaker.CLOSED,
            ),
            log_exceptions=False,
        )
        return self._lock_row(host, port)

    def _get_breaker(self):
        self.ensure_one()
        return Breaker(self.state, self.failures, self.openings, self.until or None)

    def _store(self, breaker):
        self.ensure_one()
        if breaker.until:
            # Columns hold whole seconds; a pause is rounded up, never cut short.
            whole = breaker.until.replace(microsecond=0)
            breaker = replace(breaker, until=whole + timedelta(seconds=whole != breaker.until))
        if breaker != self._get_breaker():
            self._write_guarded(
                {
                    "state": breaker.state,
                    "failures": breaker.failures,
                    "openings": breaker.openings,
                    "until": breaker.until or False,
                }
            )

    def action_end_pause(self):
        """Call these hosts again from now on: operations know that they work."""
        self.check_access("write")
        for host in self:
            host._store(Breaker())
            entry = {"record": host, "kind": "override", "facts": {"event": "pause ended"}}
            self.env["hc.transition"]._append([entry])
