# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

RETENTION_PARAMETER = "hc_integration.payment_event_days"
RETENTION_DAYS = 400
# A provider sends an event again for some days; sooner deleted, it would be taken twice.
SHORTEST_DAYS = 30
BATCH_ROWS = 5000


class HcPaymentEvent(models.Model):
    """Events and matched movements are deleted by age; what a difference needs stays."""

    _inherit = "hc.payment.event"

    @api.model
    def _get_retention_days(self):
        """For how many days events are kept."""
        parameter = self.env["ir.config_parameter"].sudo().get_param(RETENTION_PARAMETER)
        days = int(parameter) if str(parameter or "").isdecimal() else RETENTION_DAYS
        return max(days, SHORTEST_DAYS)

    @api.model
    def _cron_delete_old(self):
        """Scheduled Action: delete events, and movements that matched, that are old enough."""
        commit_progress = self.env["ir.cron"]._commit_progress
        before = self.env.cr.now() - timedelta(days=self._get_retention_days())
        for query in (self._get_old_events_sql(before), self._get_old_lines_sql(before)):
            while deleted := len(self.env.execute_query(query)):
                if not commit_progress(deleted):
                    return
        self.env.invalidate_all()

    @api.model
    def _get_old_events_sql(self, before):
        return SQL(
            """DELETE FROM hc_payment_event WHERE id IN (
                   SELECT event.id FROM hc_payment_event AS event
                    WHERE event.create_date < %(before)s
                      AND NOT EXISTS (
                          SELECT 1 FROM hc_work_item AS item
                           WHERE item.state IN ('open', 'in_progress')
                             AND item.dedup_key =
                                 'payment_event:' || event.provider_id || ':' || event.event_id)
                      AND NOT EXISTS (
                          SELECT 1 FROM hc_payment_reconciliation_line AS line
                            JOIN hc_payment_reconciliation AS run ON run.id = line.reconciliation_id
                           WHERE run.provider_id = event.provider_id AND run.state = 'different'
                             AND line.result NOT IN ('matched', 'pending')
                             AND event.object_id IN (line.object_key, line.reference))
                 ORDER BY event.id LIMIT %(limit)s)
               RETURNING id""",
            before=before,
            limit=BATCH_ROWS,
        )

    @api.model
    def _get_old_lines_sql(self, before):
        return SQL(
            """DELETE FROM hc_payment_reconciliation_line WHERE id IN (
                   SELECT line.id FROM hc_payment_reconciliation_line AS line
                     JOIN hc_payment_reconciliation AS run ON run.id = line.reconciliation_id
                    WHERE run.finished_at < %(before)s
                      AND (line.result = 'matched' OR run.state = 'superseded')
                 ORDER BY line.id LIMIT %(limit)s)
               RETURNING id""",
            before=before,
            limit=BATCH_ROWS,
        )
