# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.kpi import KpiDefinition
from odoo.addons.hc_revenue_base.models.hc_kpi_charges import PERIOD_DAYS

from .hc_kpi_disputes import TOPIC
from .hc_payment_promise import JUDGED_STATES


class HcKpiProvider(models.AbstractModel):
    """Whether parties pay as they promised and agreed."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _get_definitions(self):
        common = {
            "unit": "percent",
            "owner_role": "supervisor",
            "source": "own",
            "is_ratio": True,
            "topic": TOPIC,
        }
        return super()._get_definitions() + [
            KpiDefinition(
                code="promises_kept_rate",
                name=self.env._("Promises kept"),
                formula=self.env._(
                    "Promises kept in full ÷ promises judged in the last 30 days. Withdrawn ones "
                    "do not count; one that was judged again counts as it stands."
                ),
                direction="higher",
                model="hc.payment.promise",
                default_target=Decimal(70),
                rows_method="_kpi_rows_promises_kept",
                **common,
            ),
            KpiDefinition(
                code="plan_default_rate",
                name=self.env._("Payment plans failed"),
                formula=self.env._(
                    "Payment plans with too many missed instalments ÷ plans that were paid or "
                    "failed in the last 30 days. Plans ended by agreement do not count."
                ),
                direction="lower",
                model="hc.payment.plan",
                default_target=Decimal(20),
                rows_method="_kpi_rows_plans_failed",
                **common,
            ),
        ]

    @api.model
    def _kpi_rows_promises_kept(self, scope):
        return self._select_last_judgements("hc.payment.promise", JUDGED_STATES, "kept")

    @api.model
    def _kpi_rows_plans_failed(self, scope):
        return self._select_last_judgements(
            "hc.payment.plan", ("completed", "defaulted"), "defaulted"
        )

    @api.model
    def _select_last_judgements(self, model, states, counted):
        """One row per record that stands in one of these states at a moment, since a month or less.

        :param str counted: the state that counts above the line
        """
        return SQL(
            """SELECT last.as_of, last.res_id,
                      CASE WHEN last.to_state = %(counted)s THEN 1 ELSE 0 END::numeric
                          AS numerator,
                      1::numeric AS denominator, last.facility_id, NULL::int AS payer_id,
                      NULL::int AS department_id, NULL::varchar AS responsibility
                 FROM (SELECT DISTINCT ON (moments.as_of, move.res_id)
                              moments.as_of, moments.until_at, move.res_id, move.to_state,
                              move.occurred_at, record.facility_id
                         FROM moments
                         JOIN %(table)s record ON record.facility_id = moments.facility_id
                         JOIN hc_transition move
                           ON move.res_model = %(model)s AND move.res_id = record.id
                          AND move.field_name = 'state' AND move.occurred_at <= moments.until_at
                     ORDER BY moments.as_of, move.res_id, move.sequence DESC) AS last
                WHERE last.to_state IN %(states)s
                  AND last.occurred_at > last.until_at - %(days)s * interval '1 day'""",
            table=SQL.identifier(self.env[model]._table),
            model=model,
            states=states,
            counted=counted,
            days=PERIOD_DAYS,
        )
