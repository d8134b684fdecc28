# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import SQL

RETENTION_DAYS = 90


class HcIntegrationRefusal(models.Model):
    """How often a source was refused within a minute, and why; nothing of what was sent.

    One row for each source, reason and minute, however many there were. A process writes its
    counts once in a second; what it counted since is lost where it is killed.
    """

    _name = "hc.integration.refusal"
    _description = "Refused Messages"
    _inherit = ["hc.own.transaction.mixin"]
    _order = "minute desc, id desc"
    _rec_name = "reason"
    _log_access = False
    _allow_sudo_commands = False

    # Empty for addresses that no source has.
    source_id = fields.Many2one(
        "hc.integration.source",
        "Connected System",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="source_id.company_id", store=True, readonly=True)
    minute = fields.Datetime("When", required=True, readonly=True, index=True)
    reason = fields.Char(required=True, readonly=True)
    refusal_count = fields.Integer("Refused", required=True, readonly=True)

    _minute_unique = models.UniqueIndex(
        "(source_id, minute, reason) NULLS NOT DISTINCT", "This minute is counted already."
    )

    @api.model
    def _add(self, counts):
        """Add to the counts of this minute, in a transaction that is committed at once.

        :param dict counts: ``{(source id or None, reason): number}``
        """
        self._in_own_transaction("_add_counts", counts)

    @api.model
    def _add_counts(self, counts):
        # Always in the same order: two processes that add at once wait, and never for each other.
        for (source_id, reason), number in sorted(
            counts.items(), key=lambda item: (item[0][0] or 0, item[0][1])
        ):
            self.env.cr.execute(
                SQL(
                    """INSERT INTO hc_integration_refusal AS known
                                   (source_id, company_id, minute, reason, refusal_count)
                            VALUES (%(source)s,
                                    (SELECT company_id FROM hc_integration_source
                                      WHERE id = %(source)s),
                                    date_trunc('minute', now() AT TIME ZONE 'UTC'),
                                    %(reason)s, %(number)s)
                       ON CONFLICT (source_id, minute, reason) DO UPDATE
                               SET refusal_count = known.refusal_count + excluded.refusal_count""",
                    source=source_id,
                    reason=reason,
                    number=number,
                )
            )

    @api.autovacuum
    def _gc_old_minutes(self):
        self.env.cr.execute(
            SQL(
                """DELETE FROM hc_integration_refusal
                    WHERE minute < now() AT TIME ZONE 'UTC' - %s * interval '1 day'""",
                RETENTION_DAYS,
            )
        )
