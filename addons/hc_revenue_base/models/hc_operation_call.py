# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError

# How long a repeated call gets the first answer; senders retry for days, not for months.
KEEP_DAYS = 90
_PURGE_BATCH = 1000


class HcOperationCall(models.Model):
    """The answer of a write that ran, kept so that a repeated call gets it again.

    Of the input only a digest is kept; answers of writes hold numbers and codes, no patient data.
    """

    _name = "hc.operation.call"
    _description = "Operation Call"
    _inherit = ["hc.guarded.mixin"]
    _order = "id desc"
    _rec_name = "code"
    _guarded_fields = frozenset(
        {"actor_id", "company_id", "code", "version", "key", "digest", "answer", "called_at"}
    )

    actor_id = fields.Many2one("res.users", required=True, readonly=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    code = fields.Char("Operation", required=True, readonly=True, index=True)
    version = fields.Integer(required=True, readonly=True, aggregator=None)
    key = fields.Char("Idempotency Key", required=True, readonly=True)
    digest = fields.Char("SHA-256 of Input", required=True, readonly=True)
    answer = fields.Text(required=True, readonly=True)
    called_at = fields.Datetime(required=True, readonly=True, index=True)

    _key_unique = models.UniqueIndex("(actor_id, key)", "This idempotency key was used before.")

    @api.model
    def _store(self, definition, key, digest, answer):
        """Keep the answer of a write.

        :raise ConcurrencyError: another transaction stored this key meanwhile; Odoo repeats the
            request, which then finds the answer
        """
        try:
            with self.env.cr.savepoint(flush=False):
                self.sudo()._create_guarded(
                    [
                        {
                            "actor_id": self.env.uid,
                            "company_id": self.env.company.id,
                            "code": definition.code,
                            "version": definition.version,
                            "key": key,
                            "digest": digest,
                            "answer": json.dumps(answer),
                            "called_at": self.env.cr.now().replace(microsecond=0),
                        }
                    ]
                )
        except psycopg2.errors.UniqueViolation as error:
            raise ConcurrencyError("another call with this idempotency key has ended") from error

    @api.model
    def _cron_purge_calls(self):
        """Scheduled Action: delete answers that nobody will ask for again."""
        commit_progress = self.env["ir.cron"]._commit_progress
        old = [("called_at", "<", self.env.cr.now() - timedelta(days=KEEP_DAYS))]
        remaining = self.search_count(old)
        commit_progress(remaining=remaining)
        while calls := self.search(old, limit=_PURGE_BATCH, order="id"):
            count = len(calls)
            calls.unlink()
            remaining -= count
            if not commit_progress(count, remaining=max(remaining, 0)):
                break
