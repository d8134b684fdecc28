# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..hc_core.kpi import KpiDefinition

# Days that end at the day asked for and whose events a rate counts.
PERIOD_DAYS = 30
# HFMA averages daily revenue over three months.
REVENUE_DAYS = 90

# A charge counts from its day of service, a correction from the day it was posted, both until
# they are void; so that each service counts once at any day. ``void`` is final: only charges that
# are void now can have been void then, which spares the log of all others.
CHARGE_STANDS = SQL(
    """(charge.origin_id IS NULL OR charge.charged_on <= moments.as_of)
       AND (charge.state != 'void' OR NOT EXISTS (
           SELECT FROM hc_transition gone
            WHERE gone.res_model = 'hc.charge' AND gone.res_id = charge.id
              AND gone.to_state = 'void' AND gone.occurred_at <= moments.until_at))"""
)
FIRST_INVOICES = SQL(
    """SELECT hc_case_id AS case_id, min(invoice_date) AS billed_on
         FROM account_move
        WHERE hc_case_id IS NOT NULL AND move_type = 'out_invoice' AND state = 'posted'
     GROUP BY hc_case_id"""
)


class HcKpiProvider(models.AbstractModel):
    """From the service to the bill: charge lag, unbilled encounters, touchless cases."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _get_definitions(self):
        return super()._get_definitions() + [
            self._define_charge_lag(),
            *self._define_unbilled(),
            self._define_straight_through(),
            self._define_first_pass(),
        ]

    @api.model
    def _define_charge_lag(self):
        return KpiDefinition(
            code="charge_lag_days",
            name=self.env._("Charge lag"),
            formula=self.env._(
                "Mean of posting day − service day, over the first charge of each service posted "
                "in the last 30 days. Corrections are no second posting."
            ),
            unit="days",
            direction="lower",
            owner_role="supervisor",
            default_target=Decimal(3),
            source="industry practice",
            model="hc.charge",
            rows_method="_kpi_rows_charge_lag",
            is_ratio=True,
        )

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
    def _kpi_rows_charge_lag(self, scope):
        return SQL(
            """SELECT moments.as_of, charge.id AS res_id,
                      (charge.charged_on - charge.service_date)::numeric AS numerator,
                      1::numeric AS denominator, charge.facility_id, hc_case.payer_id,
                      charge.department_id, NULL::varchar AS responsibility
                 FROM moments
                 JOIN hc_charge charge
                   ON charge.facility_id = moments.facility_id
                  AND charge.charged_on > moments.as_of - %s
                  AND charge.charged_on <= moments.as_of
            LEFT JOIN hc_billing_case hc_case ON hc_case.id = charge.case_id
                WHERE charge.origin_id IS NULL""",
            PERIOD_DAYS,
        )

    @api.model
    def _kpi_rows_daily_gross_charges(self, scope):
        return self._select_daily_charges(REVENUE_DAYS)

    @api.model
    def _select_daily_charges(self, days):
        """What was charged on average each of the last so many days, by day of service."""
        return SQL(
            """SELECT moments.as_of, charge.id AS res_id, charge.amount / %(days)s AS numerator,
                      NULL::numeric AS denominator, charge.facility_id, hc_case.payer_id,
                      charge.department_id, NULL::varchar AS responsibility
                 FROM moments
                 JOIN hc_charge charge
                   ON charge.facility_id = moments.facility_id
                  AND charge.service_date > moments.as_of - %(days)s
                  AND charge.service_date <= moments.as_of
            LEFT JOIN hc_billing_case hc_case ON hc_case.id = charge.case_id
                WHERE %(stands)s""",
            days=days,
            stands=CHARGE_STANDS,
        )

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
                  AND NOT EXISTS (
                      SELECT FROM (SELECT move.to_state FROM hc_transition move
                                    WHERE move.res_model = 'hc.billing.case'
                                      AND move.res_id = hc_case.id AND move.field_name = 'stage'
                                      AND move.occurred_at <= moments.until_at
                                 ORDER BY move.sequence DESC LIMIT 1) AS last_move
                       WHERE last_move.to_state IN ('not_billable', 'cancelled', 'closed'))""",
            stands=CHARGE_STANDS,
            cases=self._select_case_spans(),
            was_completed=SQL(
                """EXISTS (SELECT FROM hc_transition gone
                            WHERE gone.res_model = 'hc.encounter' AND gone.res_id = encounter.id
                              AND gone.field_name = 'state' AND gone.from_state = 'completed'
                              AND gone.to_state = 'cancelled'
                              AND gone.occurred_at > moments.until_at)"""
            ),
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
