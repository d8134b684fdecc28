# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..hc_core.kpi import KpiDefinition
from .hc_kpi_charges import CHARGE_STANDS

FIRST_INVOICES = SQL(
    """SELECT hc_case_id AS case_id, min(invoice_date) AS billed_on
         FROM account_move
        WHERE hc_case_id IS NOT NULL AND move_type = 'out_invoice' AND state = 'posted'
     GROUP BY hc_case_id"""
)

# A completed encounter can still be cancelled; it counts until then.
_WAS_COMPLETED = SQL(
    """EXISTS (SELECT FROM hc_transition gone
                WHERE gone.res_model = 'hc.encounter' AND gone.res_id = encounter.id
                  AND gone.field_name = 'state' AND gone.from_state = 'completed'
                  AND gone.to_state = 'cancelled' AND gone.occurred_at > moments.until_at)"""
)
# The office had decided that there is nothing to bill.
_WAS_SETTLED = SQL(
    """EXISTS (SELECT FROM (SELECT move.to_state FROM hc_transition move
                             WHERE move.res_model = 'hc.billing.case'
                               AND move.res_id = hc_case.id AND move.field_name = 'stage'
                               AND move.occurred_at <= moments.until_at
                          ORDER BY move.sequence DESC LIMIT 1) AS last_move
                WHERE last_move.to_state IN ('not_billable', 'cancelled', 'closed'))"""
)


class HcKpiProvider(models.AbstractModel):
    """What has been done and not billed."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _get_definitions(self):
        return super()._get_definitions() + self._define_unbilled()

    @api.model
    def _define_unbilled(self):
        common = {
            "direction": "lower",
            "owner_role": "manager",
            "source": "HFMA PB-1",
            "model": "hc.encounter",
            "rows_method": "_kpi_rows_unbilled",
        }
        return [
            KpiDefinition(
                code="dnfb_amount",
                name=self.env._("Discharged, not final billed"),
                formula=self.env._(
                    "Charges of encounters that have ended and are neither invoiced, cancelled "
                    "nor found not billable."
                ),
                unit="money",
                default_target=None,
                **common,
            ),
            KpiDefinition(
                code="dnfb_days",
                name=self.env._("DNFB days"),
                formula=self.env._(
                    "Charges of encounters discharged and not final billed ÷ average daily gross "
                    "charges of the last 90 days."
                ),
                unit="days",
                default_target=Decimal(5),
                base_method="_kpi_rows_daily_gross_charges",
                base_model="hc.charge",
                **common,
            ),
        ]

    @api.model
    def _kpi_rows_unbilled(self, scope):
        """Encounters ended, completed and not billed, with their charges.

        Of several cases (void and rebill) the one counts that stood at the day: the first from
        the start, a rebill from when it was opened.
        """
        return SQL(
            """SELECT moments.as_of, encounter.id AS res_id,
                      COALESCE((SELECT sum(charge.amount) FROM hc_charge charge
                                 WHERE charge.encounter_id = encounter.id AND %(stands)s), 0)
                      AS numerator,
                      NULL::numeric AS denominator, encounter.facility_id,
                      COALESCE(hc_case.payer_id, encounter.payer_id) AS payer_id,
                      encounter.department_id, NULL::varchar AS responsibility
                 FROM moments
                 JOIN hc_encounter encounter
                   ON encounter.facility_id = moments.facility_id
                  AND encounter.ended_at <= moments.until_at
            LEFT JOIN (%(cases)s) AS hc_case
                   ON hc_case.encounter_id = encounter.id
                  AND hc_case.valid_from <= moments.until_at
                  AND hc_case.valid_to > moments.until_at
                WHERE (hc_case.billed_on IS NULL OR hc_case.billed_on > moments.as_of)
                  AND (encounter.state = 'completed'
                       OR encounter.state = 'cancelled' AND %(was_completed)s)
                  AND NOT %(was_settled)s""",
            was_settled=_WAS_SETTLED,
            stands=CHARGE_STANDS,
            cases=self._select_case_spans(),
            was_completed=_WAS_COMPLETED,
        )

    @api.model
    def _select_case_spans(self):
        """Cases with the span in which each was its encounter's, and the day of their invoice."""
        return SQL(
            """SELECT hc_case.id, hc_case.encounter_id, hc_case.payer_id, invoice.billed_on,
                      COALESCE(rebill.occurred_at, '-infinity') AS valid_from,
                      COALESCE(lead(rebill.occurred_at) OVER (
                          PARTITION BY hc_case.encounter_id ORDER BY hc_case.id), 'infinity')
                      AS valid_to
                 FROM hc_billing_case hc_case
            LEFT JOIN hc_transition rebill
                   ON rebill.res_model = 'hc.billing.case' AND rebill.res_id = hc_case.id
                  AND rebill.sequence = 1 AND hc_case.origin_case_id IS NOT NULL
            LEFT JOIN (%s) AS invoice ON invoice.case_id = hc_case.id""",
            FIRST_INVOICES,
        )
