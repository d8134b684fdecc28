# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.kpi import KpiDefinition
from odoo.addons.hc_revenue_base.models.hc_kpi_charges import PERIOD_DAYS

TOPIC = "collections"
_CONCEDED_STATES = ("upheld", "partly_upheld")
_ANSWERED_STATES = (*_CONCEDED_STATES, "denied")


class HcKpiProvider(models.AbstractModel):
    """How long parties wait for an answer to a dispute, and how often they are right."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _get_definitions(self):
        common = {
            "owner_role": "supervisor",
            "source": "own",
            "model": "hc.billing.dispute",
            "is_ratio": True,
            "topic": TOPIC,
        }
        return super()._get_definitions() + [
            KpiDefinition(
                code="dispute_turnaround_days",
                name=self.env._("Dispute turnaround"),
                formula=self.env._(
                    "Mean days from taking a dispute in to its answer, over the disputes answered "
                    "in the last 30 days. Withdrawn ones do not count."
                ),
                unit="days",
                direction="lower",
                default_target=Decimal(30),
                rows_method="_kpi_rows_dispute_turnaround",
                **common,
            ),
            KpiDefinition(
                code="dispute_upheld_rate",
                name=self.env._("Disputes upheld"),
                formula=self.env._(
                    "Disputes upheld, in full or in part ÷ disputes answered in the last 30 days."
                ),
                unit="percent",
                direction="lower",
                default_target=Decimal(25),
                rows_method="_kpi_rows_disputes_upheld",
                **common,
            ),
        ]

    @api.model
    def _kpi_rows_dispute_turnaround(self, scope):
        return self._select_answered_disputes(
            SQL(
                """(SELECT extract(epoch FROM last.occurred_at - opened.occurred_at) / 86400
                      FROM hc_transition opened
                     WHERE opened.res_model = 'hc.billing.dispute'
                       AND opened.res_id = last.res_id AND opened.sequence = 1)"""
            )
        )

    @api.model
    def _kpi_rows_disputes_upheld(self, scope):
        return self._select_answered_disputes(
            SQL("CASE WHEN last.to_state IN %s THEN 1 ELSE 0 END::numeric", _CONCEDED_STATES)
        )

    @api.model
    def _select_answered_disputes(self, numerator):
        """One row per dispute that stands answered at a moment, since a month or less."""
        return SQL(
            """SELECT last.as_of, last.res_id, %(numerator)s AS numerator,
                      1::numeric AS denominator, last.facility_id, NULL::int AS payer_id,
                      NULL::int AS department_id, NULL::varchar AS responsibility
                 FROM (SELECT DISTINCT ON (moments.as_of, move.res_id)
                              moments.as_of, moments.until_at, move.res_id, move.to_state,
                              move.occurred_at, dispute.facility_id
                         FROM moments
                         JOIN hc_billing_dispute dispute
                           ON dispute.facility_id = moments.facility_id
                         JOIN hc_transition move
                           ON move.res_model = 'hc.billing.dispute' AND move.res_id = dispute.id
                          AND move.field_name = 'state' AND move.occurred_at <= moments.until_at
                     ORDER BY moments.as_of, move.res_id, move.sequence DESC) AS last
                WHERE last.to_state IN %(answered)s
                  AND last.occurred_at > last.until_at - %(days)s * interval '1 day'""",
            numerator=numerator,
            answered=_ANSWERED_STATES,
            days=PERIOD_DAYS,
        )
