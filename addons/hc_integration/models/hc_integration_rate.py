# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import SQL

from ..hc_webhook_core import rate


class HcIntegrationRate(models.Model):
    """The tokens that a source has left; see :mod:`~..hc_webhook_core.rate`.

    A row of its own: the source's would be locked with every block that is taken.
    """

    _name = "hc.integration.rate"
    _description = "Rate of a Connected System"
    _inherit = ["hc.own.transaction.mixin"]
    _log_access = False
    _allow_sudo_commands = False

    source_id = fields.Many2one(
        "hc.integration.source", required=True, readonly=True, ondelete="cascade"
    )
    tokens = fields.Float(required=True, readonly=True)
    counted_at = fields.Datetime(required=True, readonly=True)

    _source_unique = models.UniqueIndex("(source_id)", "The rate of this source is known already.")

    @api.model
    def _take_block(self, source_id, rate_per_minute):
        """Take the next block of tokens, in a transaction of its own that is committed at once.

        :return: ``(tokens, seconds to wait)``, one of which is 0
        """
        return self._in_own_transaction("_take_tokens", source_id, rate_per_minute)

    @api.model
    def _take_tokens(self, source_id, rate_per_minute):
        rows = self.env.execute_query(
            SQL(
                """SELECT tokens, counted_at FROM hc_integration_rate
                    WHERE source_id = %s FOR UPDATE""",
                source_id,
            )
        )
        bucket = rate.Bucket(*rows[0]) if rows else None
        # The time by now: who waited for the row began before its tokens were counted.
        [[now]] = self.env.execute_query(SQL("SELECT clock_timestamp() AT TIME ZONE 'UTC'"))
        grant = rate.take(bucket, now, rate_per_minute, rate.block_size(rate_per_minute))
        self.env.cr.execute(
            SQL(
                """INSERT INTO hc_integration_rate AS known (source_id, tokens, counted_at)
                        VALUES (%(source)s, %(tokens)s, %(now)s)
                   ON CONFLICT (source_id) DO UPDATE
                           SET tokens = %(tokens)s, counted_at = %(now)s""",
                source=source_id,
                tokens=grant.bucket.tokens,
                now=grant.bucket.counted_at,
            )
        )
        return grant.tokens, grant.wait_seconds
