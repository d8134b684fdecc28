# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.kpi import KpiDefinition


class HcApprovalRequest(models.Model):
    _name = "hc.approval.request"
    _inherit = ["hc.approval.request", "hc.kpi.subject.mixin"]


class HcKpiProvider(models.AbstractModel):
    """What waits for approval at any past day: how many, how long, how many late."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _get_definitions(self):
        common = {
            "direction": "lower",
            "owner_role": "manager",
            "source": "own",
            "model": "hc.approval.request",
            "topic": "approvals",
        }
        return super()._get_definitions() + [
            KpiDefinition(
                code="approvals_waiting",
                name=self.env._("Waiting approvals"),
                formula=self.env._("Approval requests that were neither decided nor given up."),
                unit="count",
                default_target=None,
                rows_method="_kpi_rows_approvals",
                **common,
            ),
            KpiDefinition(
                code="approval_age_days",
                name=self.env._("Age of waiting approvals"),
                formula=self.env._("Mean days since the request, of those that wait."),
                unit="days",
                default_target=Decimal(2),
                rows_method="_kpi_rows_approval_age",
                is_ratio=True,
                **common,
            ),
            KpiDefinition(
                code="approval_cycle_days",
                name=self.env._("Approval cycle time"),
                formula=self.env._(
                    "Mean days from request to decision, of requests decided in the 30 days before."
                ),
                unit="days",
                default_target=Decimal(3),
                rows_method="_kpi_rows_approval_cycle",
                is_ratio=True,
                **common,
            ),
            KpiDefinition(
                code="approvals_overdue",
                name=self.env._("Overdue approvals"),
                formula=self.env._("Waiting approval requests with an open step past due."),
                unit="count",
                default_target=Decimal(0),
                rows_method="_kpi_rows_approvals_overdue",
                **common,
            ),
        ]

    @api.model
    def _kpi_rows_approvals_overdue(self, scope):
        """Requests that waited with a step past due; a question moves its due time."""
        return self._select_requests(
            scope,
            SQL("1::numeric"),
            SQL(
                """life.opened_at <= moments.until_at
                   AND (life.closed_at IS NULL OR life.closed_at > moments.until_at)
                   AND EXISTS (
                       SELECT FROM hc_approval_step step
                         JOIN LATERAL (%s) AS stage ON TRUE
                        WHERE step.request_id = request.id AND step.due_at < moments.until_at
                          AND stage.opened_at <= moments.until_at
                          AND (stage.closed_at IS NULL OR stage.closed_at > moments.until_at))""",
                self._select_step_times(SQL("res_id = step.id")),
            ),
        )

    @api.model
    def _kpi_rows_approvals(self, scope):
        return self._select_waiting(scope, SQL("1::numeric"))

    @api.model
    def _kpi_rows_approval_age(self, scope):
        return self._select_waiting(
            scope, SQL("extract(epoch FROM moments.until_at - life.opened_at) / 86400")
        )

    @api.model
    def _kpi_rows_approval_cycle(self, scope):
        """Requests by the day of their decision; later states do not move it."""
        return self._select_requests(
            scope,
            SQL("extract(epoch FROM life.decided_at - life.opened_at) / 86400"),
            SQL(
                """life.decided_at <= moments.until_at
                   AND life.decided_at > moments.until_at - INTERVAL '30 days'"""
            ),
        )

    @api.model
    def _select_waiting(self, scope, numerator):
        return self._select_requests(
            scope,
            numerator,
            SQL(
                """life.opened_at <= moments.until_at
                   AND (life.closed_at IS NULL OR life.closed_at > moments.until_at)"""
            ),
        )

    @api.model
    def _select_requests(self, scope, numerator, condition):
        """Requests with their times by the log, which nobody can edit."""
        return SQL(
            """SELECT moments.as_of, request.id AS res_id, %(numerator)s AS numerator,
                      1::numeric AS denominator, request.facility_id, hc_case.payer_id,
                      hc_case.department_id, NULL::varchar AS responsibility
                 FROM (SELECT res_id, min(occurred_at) AS opened_at,
                              max(occurred_at) FILTER (
                                  WHERE to_state IN ('approved', 'rejected')) AS decided_at,
                              max(occurred_at) FILTER (
                                  WHERE to_state NOT IN ('waiting', 'information')) AS closed_at
                         FROM hc_transition
                        WHERE res_model = 'hc.approval.request' AND field_name = 'state'
                     GROUP BY res_id) AS life
                 JOIN hc_approval_request request ON request.id = life.res_id
                 JOIN moments ON moments.facility_id = COALESCE(request.facility_id, 0)
            LEFT JOIN hc_billing_case hc_case ON hc_case.id = request.case_id
                WHERE request.company_id = %(company)s AND %(condition)s""",
            numerator=numerator,
            company=scope.company.id,
            condition=condition,
        )
