# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..hc_core import circuit_breaker
from ..hc_core.circuit_breaker import Breaker


class HcBreakerMixin(models.AbstractModel):
    """The health of what is called, one row each, shared by all processes.

    What never failed has no row. Rows are asked and told in transactions of their own, so that an
    outcome is on record whatever becomes of the work around the call.
    """

    _name = "hc.breaker.mixin"
    _inherit = ["hc.own.transaction.mixin", "hc.guarded.mixin"]
    _description = "Circuit Breaker"

    # The stored fields that tell one row from another.
    _breaker_key: tuple[str, ...] = ()

    state = fields.Selection(
        [("closed", "Calls Pass"), ("half_open", "One Trial Call"), ("open", "Left Alone")],
        default="closed",
        required=True,
        readonly=True,
    )
    failures = fields.Integer("Failures in a Row", readonly=True, aggregator=None)
    openings = fields.Integer("Pauses in a Row", readonly=True, aggregator=None)
    until = fields.Datetime("Left Alone Until", readonly=True)
    last_error = fields.Char(readonly=True)

    @api.model
    def _get_guarded_fields(self):
        own = {"state", "failures", "openings", "until", "last_error", *self._breaker_key}
        return super()._get_guarded_fields() | own

    @api.model
    def _ask(self, *key):
        """Whether what has this key may be called now.

        :return: ``(whether it may, until when it is left alone)``
        """
        row = self._lock_row(*key)
        if not row or row.state == circuit_breaker.CLOSED:
            return True, None
        breaker, passes = circuit_breaker.admit(row._get_breaker(), self.env.cr.now())
        row._store(breaker)
        return passes, breaker.until

    @api.model
    def _tell(self, key, failures, error="", retry_after_seconds=None):
        """Put the outcome of calls on record.

        :param key: values of the fields that :attr:`_breaker_key` names
        :param int failures: calls that failed; 0: it is well
        :param str error: what failed last
        :return: the row; empty where nothing has ever failed
        """
        row = self._lock_row(*key)
        if not failures:
            if row:
                row._store(circuit_breaker.record_success(row._get_breaker()))
            return row
        row = row or self._add_row(*key)
        breaker = row._get_breaker()
        for _failure in range(failures):
            breaker = circuit_breaker.record_failure(
                breaker, self.env.cr.now(), retry_after_seconds
            )
        row._store(breaker)
        row._write_guarded({"last_error": error})
        return row

    @api.model
    def _lock_row(self, *key):
        conditions = [
            SQL("%s = %s", SQL.identifier(name), value)
            for name, value in zip(self._breaker_key, key, strict=True)
        ]
        self.env.cr.execute(
            SQL(
                "SELECT id FROM %s WHERE %s FOR NO KEY UPDATE",
                SQL.identifier(self._table),
                SQL(" AND ").join(conditions),
            ),
            log_exceptions=False,  # another process was faster: this is tried again
        )
        row = self.browse([row_id for (row_id,) in self.env.cr.fetchall()])
        row.invalidate_recordset()
        return row

    @api.model
    def _add_row(self, *key):
        self.env.cr.execute(
            SQL(
                """INSERT INTO %s (%s, state, failures, openings)
                   VALUES (%s, %s, 0, 0) ON CONFLICT DO NOTHING""",
                SQL.identifier(self._table),
                SQL(", ").join(map(SQL.identifier, self._breaker_key)),
                SQL(", ").join(SQL("%s", value) for value in key),
                circuit_breaker.CLOSED,
            ),
            log_exceptions=False,
        )
        return self._lock_row(*key)

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
