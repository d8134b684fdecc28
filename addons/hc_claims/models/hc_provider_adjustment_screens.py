# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.tools import SQL

_COUNTED_STATES = ("posting", "posted")
# Accounts that come to zero in the end; income and fees settle themselves.
_RUNNING_USES = ("payer_recoupment", "payer_withholding")


class HcProviderAdjustment(models.Model):
    """The payer's running account: what each reference comes to, row by row."""

    _inherit = "hc.provider.adjustment"

    amount_running = fields.Monetary(
        "Running Total",
        compute="_compute_amount_running",
        help="Of this payer and reference, up to this row. Zero: what was announced is settled.",
    )
    is_settled = fields.Boolean(
        "Settled",
        compute="_compute_amount_running",
        search="_search_is_settled",
        help="The rows of this payer and reference come to zero, or nothing is left to settle.",
    )

    def _compute_amount_running(self):
        rows = self._get_running_rows()
        for adjustment in self:
            running, total = rows.get(adjustment.id, (0.0, None))
            adjustment.amount_running = running
            adjustment.is_settled = adjustment.ledger_use not in _RUNNING_USES or (
                total is not None and adjustment.currency_id.is_zero(total)
            )

    def _get_running_rows(self):
        """``{id: (running total, total of its reference)}`` of rows that were posted."""
        if not self.ids:
            return {}
        self.flush_model()
        self.env["hc.remittance"].flush_model(["state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, running, total
                  FROM (
                    SELECT row.id,
                           sum(row.amount) OVER (account ORDER BY row.payment_date, row.id),
                           sum(row.amount) OVER (PARTITION BY row.company_id, row.payer_id,
                                                 coalesce(row.reference, ''))
                      FROM hc_provider_adjustment row
                      JOIN hc_remittance remittance ON remittance.id = row.remittance_id
                     WHERE remittance.state IN %(states)s
                       AND row.ledger_use IN %(uses)s
                       AND (row.company_id, row.payer_id, coalesce(row.reference, '')) IN (
                           SELECT company_id, payer_id, coalesce(reference, '')
                             FROM hc_provider_adjustment WHERE id IN %(ids)s)
                    WINDOW account AS (PARTITION BY row.company_id, row.payer_id,
                                       coalesce(row.reference, ''))
                  ) AS ledger (id, running, total)
                 WHERE id IN %(ids)s
                """,
                states=_COUNTED_STATES,
                uses=_RUNNING_USES,
                ids=tuple(self.ids),
            )
        )
        return {row_id: (float(running), float(total)) for row_id, running, total in rows}

    def _search_is_settled(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model()
        self.env["hc.remittance"].flush_model(["state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT unnest(array_agg(row.id))
                  FROM hc_provider_adjustment row
                  JOIN hc_remittance remittance ON remittance.id = row.remittance_id
                 WHERE remittance.state IN %(states)s AND row.ledger_use IN %(uses)s
                 GROUP BY row.company_id, row.payer_id, coalesce(row.reference, '')
                HAVING round(sum(row.amount), 6) = 0
                """,
                states=_COUNTED_STATES,
                uses=_RUNNING_USES,
            )
        )
        settled = [row_id for (row_id,) in rows]
        return ["|", ("id", "in", settled), ("ledger_use", "not in", _RUNNING_USES)]

    def action_open_remittance(self):
        """Open the remittance that the adjustment came in."""
        self.ensure_one()
        return self.remittance_id.get_formview_action()
