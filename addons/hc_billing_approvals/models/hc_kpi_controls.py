# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.kpi import KpiDefinition

_WINDOW = SQL(
    "%s <= moments.until_at AND %s > moments.until_at - INTERVAL '30 days'",
    SQL("controlled.happened_at"),
    SQL("controlled.happened_at"),
)


class HcApprovalStep(models.Model):
    _name = "hc.approval.step"
    _inherit = ["hc.approval.step", "hc.kpi.subject.mixin"]

    def action_open_request(self):
        """Open the request that the step belongs to."""
        self.ensure_one()
        return self.request_id._get_records_action()


class HcControlledAction(models.Model):
    _name = "hc.controlled.action"
    _inherit = ["hc.controlled.action", "hc.kpi.subject.mixin"]


class HcRefusedAttempt(models.Model):
    _name = "hc.refused.attempt"
    _inherit = ["hc.refused.attempt", "hc.kpi.subject.mixin"]


class HcKpiProvider(models.AbstractModel):
    """How well the controls are kept: late steps, glass broken, overrides, refusals."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _get_definitions(self):
        common = {
            "unit": "count",
            "direction": "lower",
            "owner_role": "manager",
            "source": "own",
            "topic": "approvals",
        }
        return super()._get_definitions() + [
            KpiDefinition(
                code="approval_sla_breaches",
                name=self.env._("Approval steps past due"),
                formula=self.env._(
                    "Steps that are open past their due time, or were decided after it in the "
                    "30 days before."
                ),
                default_target=Decimal(0),
                model="hc.approval.step",
                rows_method="_kpi_rows_approval_sla_breaches",
                **common,
            ),
            KpiDefinition(
                code="break_glass_count",
                name=self.env._("Break-glass"),
                formula=self.env._("Break-glass grants in the 30 days before."),
                default_target=Decimal(0),
                model="hc.approval.break.glass",
                rows_method="_kpi_rows_break_glass",
                **common,
            ),
            KpiDefinition(
                code="billing_override_count",
                name=self.env._("Billing overrides"),
                formula=self.env._("Billing overrides applied in the 30 days before."),
                default_target=None,
                model="hc.controlled.action",
                rows_method="_kpi_rows_billing_overrides",
                **common,
            ),
            self._define_refused_attempts(common),
        ]

    @api.model
    def _define_refused_attempts(self, common):
        return KpiDefinition(
            code="refused_attempts",
            name=self.env._("Refused attempts"),
            formula=self.env._("Attempts that a control refused in the 30 days before."),
            default_target=None,
            model="hc.refused.attempt",
            rows_method="_kpi_rows_refused_attempts",
            groupings=("facility",),
            base_groupings=(),
            **common,
        )

    @api.model
    def _kpi_rows_approval_sla_breaches(self, scope):
        """Late steps, by the log; of a step that was asked about, the due time as it is now."""
        return self._select_controlled(
            scope,
            SQL(
                """SELECT step.id, step.company_id, step.facility_id, request.case_id,
                          step.due_at, stage.opened_at, stage.decided_at AS happened_at,
                          stage.closed_at
                     FROM (%s) AS stage
                     JOIN hc_approval_step step ON step.id = stage.res_id
                     JOIN hc_approval_request request ON request.id = step.request_id
                    WHERE step.due_at IS NOT NULL""",
                self._select_step_times(SQL("TRUE")),
            ),
            SQL(
                """controlled.due_at < moments.until_at
                   AND controlled.opened_at <= moments.until_at
                   AND (controlled.closed_at IS NULL OR controlled.closed_at > moments.until_at
                        OR (controlled.happened_at > controlled.due_at AND %s))""",
                _WINDOW,
            ),
        )

    @api.model
    def _kpi_rows_break_glass(self, scope):
        return self._select_controlled(
            scope,
            SQL(
                """SELECT id, company_id, facility_id, case_id, granted_at AS happened_at
                     FROM hc_approval_break_glass"""
            ),
        )

    @api.model
    def _kpi_rows_billing_overrides(self, scope):
        return self._select_controlled(
            scope,
            SQL(
                """SELECT id, company_id, facility_id, case_id, settled_at AS happened_at
                     FROM hc_controlled_action
                    WHERE kind = 'billing_override' AND state = 'applied'"""
            ),
        )

    @api.model
    def _kpi_rows_refused_attempts(self, scope):
        """They belong to no facility: a figure of one facility does not hold them."""
        return self._select_controlled(
            scope,
            SQL(
                """SELECT id, company_id, NULL::integer AS facility_id, NULL::integer AS case_id,
                          occurred_at AS happened_at
                     FROM hc_refused_attempt"""
            ),
        )

    @api.model
    def _select_controlled(self, scope, source, condition=_WINDOW):
        """Rows of a source with company, facility and case: one for each, where it counts."""
        return SQL(
            """SELECT moments.as_of, controlled.id AS res_id, 1::numeric AS numerator,
                      1::numeric AS denominator, controlled.facility_id, hc_case.payer_id,
                      hc_case.department_id, NULL::varchar AS responsibility
                 FROM (%(source)s) AS controlled
                 JOIN moments ON moments.facility_id = COALESCE(controlled.facility_id, 0)
            LEFT JOIN hc_billing_case hc_case ON hc_case.id = controlled.case_id
                WHERE controlled.company_id = %(company)s AND %(condition)s""",
            source=source,
            company=scope.company.id,
            condition=condition,
        )

    @api.model
    def _select_step_times(self, condition):
        """When steps were opened, decided and closed, by the log."""
        return SQL(
            """SELECT res_id, min(occurred_at) FILTER (WHERE to_state = 'open') AS opened_at,
                      min(occurred_at) FILTER (
                          WHERE to_state IN ('approved', 'rejected')) AS decided_at,
                      min(occurred_at) FILTER (
                          WHERE to_state IN ('approved', 'rejected', 'void')) AS closed_at
                 FROM hc_transition
                WHERE res_model = 'hc.approval.step' AND field_name = 'state' AND %s
             GROUP BY res_id""",
            condition,
        )
