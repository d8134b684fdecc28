# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..hc_core.kpi import KpiDefinition
from .hc_kpi_charges import PERIOD_DAYS
from .hc_kpi_unbilled import FIRST_INVOICES


class HcKpiProvider(models.AbstractModel):
    """How many cases are billed without a person."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _get_definitions(self):
        return super()._get_definitions() + [
            self._define_straight_through(),
            self._define_first_pass(),
        ]

    @api.model
    def _define_straight_through(self):
        return KpiDefinition(
            code="straight_through_rate",
            name=self.env._("Straight-through rate"),
            formula=self.env._(
                "Cases that nobody had to touch before their first invoice (no exception, "
                "override, decision or work item, no rebill) ÷ cases first invoiced in the last "
                "30 days."
            ),
            unit="percent",
            direction="higher",
            owner_role="manager",
            default_target=Decimal(80),
            source="own",
            model="hc.billing.case",
            rows_method="_kpi_rows_straight_through",
            is_ratio=True,
        )

    @api.model
    def _define_first_pass(self):
        return KpiDefinition(
            code="first_pass_readiness",
            name=self.env._("Clean at first check"),
            formula=self.env._(
                "Cases without a blocking finding at their first readiness check ÷ cases first "
                "checked in the last 30 days."
            ),
            unit="percent",
            direction="higher",
            owner_role="supervisor",
            default_target=Decimal(90),
            source="own",
            model="hc.billing.case",
            rows_method="_kpi_rows_first_pass",
            is_ratio=True,
        )

    @api.model
    def _kpi_rows_straight_through(self, scope):
        return SQL(
            """SELECT moments.as_of, hc_case.id AS res_id,
                      CASE WHEN touched.case_id IS NULL AND hc_case.origin_case_id IS NULL
                           THEN 1 ELSE 0 END::numeric AS numerator,
                      1::numeric AS denominator, hc_case.facility_id, hc_case.payer_id,
                      hc_case.department_id, NULL::varchar AS responsibility
                 FROM moments
                 JOIN hc_billing_case hc_case ON hc_case.facility_id = moments.facility_id
                 JOIN (%(invoices)s) AS invoice
                   ON invoice.case_id = hc_case.id
                  AND invoice.billed_on > moments.as_of - %(days)s
                  AND invoice.billed_on <= moments.as_of
            LEFT JOIN (%(touched)s) AS touched ON touched.case_id = hc_case.id""",
            invoices=FIRST_INVOICES,
            days=PERIOD_DAYS,
            touched=self._select_touched_cases(),
        )

    @api.model
    def _select_touched_cases(self):
        """Cases whose log tells of a person before their first invoice."""
        return SQL(
            """WITH first_bill AS (
                   SELECT res_id, min(sequence) AS sequence, min(occurred_at) AS occurred_at
                     FROM hc_transition
                    WHERE res_model = 'hc.billing.case' AND field_name = 'stage'
                      AND to_state = 'invoiced'
                 GROUP BY res_id)
               SELECT entry.res_id AS case_id
                 FROM hc_transition entry
                 JOIN first_bill ON first_bill.res_id = entry.res_id
                WHERE entry.res_model = 'hc.billing.case'
                  AND entry.sequence < first_bill.sequence
                  AND (entry.to_state = 'exception' OR entry.kind IN ('override', 'decision'))
                UNION
               SELECT item.case_id
                 FROM hc_work_item item
                 JOIN first_bill ON first_bill.res_id = item.case_id
                 JOIN hc_transition opened
                   ON opened.res_model = 'hc.work.item' AND opened.res_id = item.id
                  AND opened.sequence = 1
                WHERE opened.occurred_at < first_bill.occurred_at"""
        )

    @api.model
    def _kpi_rows_first_pass(self, scope):
        return SQL(
            """SELECT moments.as_of, hc_case.id AS res_id,
                      CASE WHEN first_check.outcome = 'exception' THEN 0 ELSE 1 END::numeric
                      AS numerator,
                      1::numeric AS denominator, hc_case.facility_id, hc_case.payer_id,
                      hc_case.department_id, NULL::varchar AS responsibility
                 FROM moments
                 JOIN hc_billing_case hc_case ON hc_case.facility_id = moments.facility_id
                 JOIN (SELECT DISTINCT ON (case_id) case_id, outcome, as_of AS checked_on
                         FROM hc_readiness_evaluation
                     ORDER BY case_id, id) AS first_check
                   ON first_check.case_id = hc_case.id
                  AND first_check.checked_on > moments.as_of - %s
                  AND first_check.checked_on <= moments.as_of""",
            PERIOD_DAYS,
        )
