# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging
import time
from datetime import timedelta

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_READ_COMMITTED, TRANSACTION_STATUS_IDLE

from odoo import api, fields, models
from odoo.tools import SQL

from .hc_batch_mixin import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)

_TRIES = 5
_PURGE_BATCH_ROWS = 10_000


class HcOwnTransactionMixin(models.AbstractModel):
    """Work that stands whatever becomes of the caller's transaction."""

    _name = "hc.own.transaction.mixin"
    _description = "Work in a Transaction of Its Own"

    @api.model
    def _in_own_transaction(self, method_name, *arguments):
        """Call a method of this model in a transaction of its own, and commit it.

        The method sees what other transactions have committed, not what the caller has not; a row
        that it locks is the latest one.
        """
        attempt = 1
        while True:
            try:
                with self.env.registry.cursor() as cr:
                    _see_what_others_commit(cr)
                    model = self.with_env(self.env(cr=cr)).sudo()
                    return getattr(model, method_name)(*arguments)
            except CONCURRENCY_ERRORS:
                if attempt == _TRIES:
                    raise
                time.sleep(0.01 * 2**attempt)
                attempt += 1


def _see_what_others_commit(cr):
    """Let each statement of a fresh cursor see the latest rows.

    Odoo's usual isolation would make every second process that waited for the same row fail. In
    a test the cursor shares an open transaction, whose isolation stays.
    """
    if cr.connection.info.transaction_status == TRANSACTION_STATUS_IDLE:
        cr.connection.set_isolation_level(ISOLATION_LEVEL_READ_COMMITTED)


class HcUsageLogMixin(models.AbstractModel):
    """Rows that say who used what and when; written on their own, kept for some time.

    What they tell of has happened even where the caller is rolled back afterwards, so each row
    is committed by itself. They are not append-only: they grow with every use and carry no
    decision (those are in ``hc.transition``), so they are deleted by age.
    """

    _name = "hc.usage.log.mixin"
    _description = "Usage Log"
    _inherit = ["hc.own.transaction.mixin"]
    _order = "id desc"
    _log_access = False
    _allow_sudo_commands = False

    # System parameter with the days for which rows are kept, and its default.
    _retention_parameter = "hc_revenue_base.usage_log_days"
    _retention_days = 180

    # A number and not a link: a link would lock the user's row, or fail on a user whom the
    # caller has not committed yet.
    user_number = fields.Integer("User No.", readonly=True, index=True, aggregator=None)
    user_id = fields.Many2one("res.users", compute="_compute_user_id", search="_search_user_id")
    occurred_at = fields.Datetime("When", readonly=True, required=True, index=True)

    @api.depends("user_number")
    def _compute_user_id(self):
        users = self.env["res.users"].sudo().browse(set(self.mapped("user_number"))).exists()
        known = set(users.ids)
        for row in self:
            row.user_id = row.user_number if row.user_number in known else False

    @api.model
    def _search_user_id(self, operator, value):
        if operator not in ("in", "any"):
            return NotImplemented
        users = self.env["res.users"].sudo().with_context(active_test=False)
        found = users.search([("id", operator, value)])
        return [("user_number", "in", found.ids)]

    @api.model
    def _record(self, vals):
        """Add a row; a row that cannot be written is reported in the server's log."""
        vals = {"user_number": self.env.uid, "occurred_at": self.env.cr.now(), **vals}
        try:
            self._in_own_transaction("_insert_rows", [vals])
        except psycopg2.Error:
            _logger.exception("%s: a row could not be written", self._name)

    @api.model
    def _insert_rows(self, vals_list):
        """Insert rows that name the same columns, in the transaction of the caller."""
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) VALUES %s",
                SQL.identifier(self._table),
                SQL(", ").join(map(SQL.identifier, vals_list[0])),
                SQL(", ").join(SQL("%s", tuple(vals.values())) for vals in vals_list),
            )
        )

    @api.autovacuum
    def _gc_old_rows(self):
        """Delete what is older than the office wants to keep."""
        if self._abstract:
            return None
        parameter = self.env["ir.config_parameter"].sudo().get_param(self._retention_parameter)
        days = int(parameter) if str(parameter or "").isdecimal() else self._retention_days
        before = self.env.cr.now() - timedelta(days=days)
        old = self.sudo().search([("occurred_at", "<", before)], limit=_PURGE_BATCH_ROWS)
        old.unlink()
        return len(old), int(len(old) == _PURGE_BATCH_ROWS)
