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


class HcKpiProvider(models.AbstractModel):
    """How fast services become charges, and what is charged a day."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _get_definitions(self):
        return super()._get_definitions() + [self._define_charge_lag()]

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
