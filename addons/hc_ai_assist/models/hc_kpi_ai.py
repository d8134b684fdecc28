# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.kpi import KpiDefinition

_DECIDED = SQL("('accepted', 'edited', 'rejected')")
_GIVEN = SQL("('pending', 'accepted', 'edited', 'rejected', 'abstained', 'expired', 'superseded')")


class HcKpiProvider(models.AbstractModel):
    """How good advice is, over the 30 days before: what people did with it, and how sure it was."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _get_definitions(self):
        common = {
            "owner_role": "supervisor",
            "source": "own",
            "model": "hc.ai.suggestion",
            "topic": "ai",
            "is_ratio": True,
        }
        return (
            super()._get_definitions()
            + self._define_ai_decisions(common | {"unit": "percent"})
            + self._define_ai_afterthoughts(common | {"unit": "percent"})
            + self._define_ai_confidence(common | {"unit": "percent", "direction": "lower"})
            + self._define_ai_times(common | {"unit": "count", "direction": "lower"})
        )

    @api.model
    def _define_ai_decisions(self, common):
        texts = (
            (
                "ai_acceptance_rate",
                self.env._("AI: accepted"),
                self.env._("Suggestions accepted as they were ÷ suggestions that people decided."),
                "higher",
                Decimal(60),
                "_kpi_rows_ai_accepted",
            ),
            (
                "ai_edit_rate",
                self.env._("AI: accepted with another value"),
                self.env._("Suggestions edited ÷ suggestions that people decided."),
                "lower",
                Decimal(20),
                "_kpi_rows_ai_edited",
            ),
            (
                "ai_reject_rate",
                self.env._("AI: rejected"),
                self.env._("Suggestions rejected ÷ suggestions that people decided."),
                "lower",
                Decimal(20),
                "_kpi_rows_ai_rejected",
            ),
        )
        return self._define_ai_shares(texts, common)

    @api.model
    def _define_ai_afterthoughts(self, common):
        texts = (
            (
                "ai_override_rate",
                self.env._("AI: overridden after accepting"),
                self.env._(
                    "Suggestions whose value somebody changed again, within the days that their "
                    "policy tells ÷ suggestions accepted or edited."
                ),
                "lower",
                Decimal(5),
                "_kpi_rows_ai_overridden",
            ),
            (
                "ai_second_review_agreement",
                self.env._("AI: second reviewer agrees"),
                self.env._("Accepted suggestions on which a second reviewer agreed ÷ those asked."),
                "higher",
                Decimal(90),
                "_kpi_rows_ai_second_review",
            ),
        )
        return self._define_ai_shares(texts, common)

    @api.model
    def _define_ai_shares(self, texts, common):
        return [
            KpiDefinition(
                code=code,
                name=name,
                formula=formula,
                direction=direction,
                default_target=target,
                rows_method=method,
                **common,
            )
            for code, name, formula, direction, target, method in texts
        ]

    @api.model
    def _define_ai_confidence(self, common):
        return [
            KpiDefinition(
                code="ai_abstain_rate",
                name=self.env._("AI: abstained"),
                formula=self.env._("Times it gave no advice ÷ times it was asked."),
                default_target=None,
                rows_method="_kpi_rows_ai_abstained",
                **common,
            ),
            KpiDefinition(
                code="ai_calibration_error",
                name=self.env._("AI: calibration error"),
                formula=self.env._(
                    "How far claimed confidence and the share accepted lie apart, over ten bands "
                    "of confidence, weighted by their number."
                ),
                default_target=Decimal(10),
                rows_method="_kpi_rows_ai_calibration",
                **common,
            ),
        ]

    @api.model
    def _define_ai_times(self, common):
        # A middle value has no parts: it is told for the whole alone.
        common = common | {"groupings": (), "base_groupings": ()}
        return [
            KpiDefinition(
                code="ai_seconds_to_decide",
                name=self.env._("AI: seconds to decide"),
                formula=self.env._("Median of the seconds from shown in the panel to decided."),
                default_target=None,
                rows_method="_kpi_rows_ai_seconds",
                **common,
            ),
            KpiDefinition(
                code="ai_latency_ms_p95",
                name=self.env._("AI: milliseconds of waiting"),
                formula=self.env._("19 of 20 suggestions took no longer than this to work out."),
                default_target=Decimal(5000),
                rows_method="_kpi_rows_ai_latency",
                **common,
            ),
        ]

    @api.model
    def _kpi_rows_ai_accepted(self, scope):
        return self._select_ai_decided(scope, SQL("suggestion.state = 'accepted'"))

    @api.model
    def _kpi_rows_ai_edited(self, scope):
        return self._select_ai_decided(scope, SQL("suggestion.state = 'edited'"))

    @api.model
    def _kpi_rows_ai_rejected(self, scope):
        return self._select_ai_decided(scope, SQL("suggestion.state = 'rejected'"))

    @api.model
    def _kpi_rows_ai_overridden(self, scope):
        return self._select_ai_decided(
            scope,
            SQL("suggestion.overridden_at <= moments.until_at"),
            SQL("suggestion.state IN ('accepted', 'edited')"),
        )

    @api.model
    def _kpi_rows_ai_second_review(self, scope):
        return self._select_ai(
            scope,
            SQL("CASE WHEN suggestion.second_review = 'agreed' THEN 1 ELSE 0 END::numeric"),
            SQL("suggestion.second_reviewed_at"),
            SQL("suggestion.second_review IN ('agreed', 'disagreed')"),
        )

    @api.model
    def _kpi_rows_ai_abstained(self, scope):
        return self._select_ai(
            scope,
            SQL("CASE WHEN suggestion.state = 'abstained' THEN 1 ELSE 0 END::numeric"),
            SQL("suggestion.create_date"),
            # That the usual value stands there already is an answer.
            SQL(
                """suggestion.state IN %s
                   AND suggestion.abstained_because IS DISTINCT FROM 'agrees'""",
                _GIVEN,
            ),
        )

    @api.model
    def _kpi_rows_ai_calibration(self, scope):
        """Each row brings its part of its band's error, with the sign of the band."""
        error = SQL(
            """(suggestion.confidence
                - CASE WHEN suggestion.state = 'accepted' THEN 1 ELSE 0 END)::numeric"""
        )
        numerator = SQL(
            """%(error)s * sign(sum(%(error)s) OVER (
                   PARTITION BY moments.as_of, least(9, floor(suggestion.confidence * 10))))""",
            error=error,
        )
        return self._select_ai(
            scope,
            numerator,
            SQL("suggestion.decided_at"),
            SQL("suggestion.state IN %s", _DECIDED),
        )

    @api.model
    def _kpi_rows_ai_seconds(self, scope):
        rows = self._select_ai(
            scope,
            SQL("suggestion.seconds_to_decide::numeric"),
            SQL("suggestion.decided_at"),
            SQL("suggestion.state IN %s AND suggestion.shown_at IS NOT NULL", _DECIDED),
        )
        return self._select_percentile(scope, rows, SQL("0.5"))

    @api.model
    def _kpi_rows_ai_latency(self, scope):
        rows = self._select_ai(
            scope,
            SQL("suggestion.latency_ms::numeric"),
            SQL("suggestion.create_date"),
            SQL("suggestion.latency_ms IS NOT NULL"),
        )
        return self._select_percentile(scope, rows, SQL("0.95"))

    @api.model
    def _select_percentile(self, scope, rows, share):
        """The one row at a place of the order as figure, the others as records behind it."""
        condition = self._get_reader_condition("hc.ai.suggestion", scope)
        return SQL(
            """SELECT placed.as_of, placed.res_id,
                      CASE WHEN placed.place = placed.wanted THEN placed.numerator ELSE 0 END
                          AS numerator,
                      CASE WHEN placed.place = placed.wanted THEN 1 ELSE 0 END::numeric
                          AS denominator,
                      placed.facility_id, placed.payer_id, placed.department_id,
                      placed.responsibility
                 FROM (SELECT counted.*,
                              row_number() OVER (PARTITION BY counted.as_of
                                                 ORDER BY counted.numerator, counted.res_id)
                                  AS place,
                              ceil(%s * count(*) OVER (PARTITION BY counted.as_of)) AS wanted
                         FROM (%s) AS counted
                        WHERE %s) AS placed""",
            share,
            rows,
            condition,
        )

    @api.model
    def _select_ai_decided(self, scope, is_counted, among=None):
        return self._select_ai(
            scope,
            SQL("CASE WHEN %s THEN 1 ELSE 0 END::numeric", is_counted),
            SQL("suggestion.decided_at"),
            among or SQL("suggestion.state IN %s", _DECIDED),
        )

    @api.model
    def _select_ai(self, scope, numerator, happened_at, condition):
        """Suggestions to which something happened in the 30 days before each moment.

        States are final once decided, so that what stands on the record now stood there then.
        """
        return SQL(
            """SELECT moments.as_of, suggestion.id AS res_id, %(numerator)s AS numerator,
                      1::numeric AS denominator, suggestion.facility_id, suggestion.payer_id,
                      suggestion.department_id, NULL::varchar AS responsibility
                 FROM hc_ai_suggestion suggestion
                 JOIN moments
                   ON moments.facility_id = COALESCE(suggestion.facility_id, 0)
                  AND %(happened_at)s <= moments.until_at
                  AND %(happened_at)s > moments.until_at - interval '30 days'
                WHERE suggestion.company_id = %(company)s AND %(condition)s""",
            numerator=numerator,
            happened_at=happened_at,
            company=scope.company.id,
            condition=condition,
        )
