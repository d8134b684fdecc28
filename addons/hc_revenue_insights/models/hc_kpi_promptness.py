# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.kpi import KpiDefinition
from odoo.addons.hc_revenue_base.models.hc_kpi_charges import CHARGE_STANDS, PERIOD_DAYS
from odoo.addons.hc_revenue_base.models.hc_kpi_unbilled import FIRST_INVOICES


class HcKpiProvider(models.AbstractModel):
    """How fast a coded visit becomes an invoice, and what comes after it."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _get_definitions(self):
        return super()._get_definitions() + [
            KpiDefinition(
                code="invoice_latency_days",
                name=self.env._("Coded to invoiced"),
                formula=self.env._(
                    "Days from the approval of the codes to the first invoice ÷ cases first "
                    "invoiced in the last 30 days."
                ),
                unit="days",
                direction="lower",
                owner_role="supervisor",
                default_target=Decimal(2),
                source="own",
                model="hc.billing.case",
                rows_method="_kpi_rows_invoice_latency",
                is_ratio=True,
            ),
            KpiDefinition(
                code="late_charge_share",
                name=self.env._("Late charges"),
                formula=self.env._(
                    "Charges entered after the first invoice of their case ÷ charges entered in "
                    "the last 30 days."
                ),
                unit="percent",
                direction="lower",
                owner_role="manager",
                default_target=Decimal(2),
                source="HFMA MAP",
                model="hc.charge",
                rows_method="_kpi_rows_late_charges",
                is_ratio=True,
            ),
        ]

    @api.model
    def _kpi_rows_invoice_latency(self, scope):
        return SQL(
            """SELECT moments.as_of, hc_case.id AS res_id,
                      GREATEST(invoice.billed_on - coded.day, 0)::numeric AS numerator,
                      1::numeric AS denominator, hc_case.facility_id, hc_case.payer_id,
                      hc_case.department_id, NULL::varchar AS responsibility
                 FROM moments
                 JOIN hc_billing_case hc_case
                   ON hc_case.facility_id = moments.facility_id AND hc_case.origin_case_id IS NULL
                 JOIN (%(invoices)s) AS invoice
                   ON invoice.case_id = hc_case.id
                  AND invoice.billed_on > moments.as_of - %(days)s
                  AND invoice.billed_on <= moments.as_of
                 JOIN hc_facility facility ON facility.id = hc_case.facility_id
                 JOIN (SELECT res_id, min(occurred_at) AS occurred_at FROM hc_transition
                        WHERE res_model = 'hc.encounter' AND field_name = 'coding_state'
                          AND to_state = 'approved'
                     GROUP BY res_id) AS approval ON approval.res_id = hc_case.encounter_id
           CROSS JOIN LATERAL (SELECT (approval.occurred_at AT TIME ZONE 'UTC'
                                       AT TIME ZONE facility.timezone)::date AS day) AS coded""",
            invoices=FIRST_INVOICES,
            days=PERIOD_DAYS,
        )

    @api.model
    def _kpi_rows_late_charges(self, scope):
        return SQL(
            """SELECT moments.as_of, charge.id AS res_id,
                      CASE WHEN charge.charged_on > invoice.billed_on THEN charge.amount ELSE 0 END
                      AS numerator,
                      charge.amount AS denominator, charge.facility_id, hc_case.payer_id,
                      charge.department_id, NULL::varchar AS responsibility
                 FROM moments
                 JOIN hc_charge charge
                   ON charge.facility_id = moments.facility_id
                  AND charge.charged_on > moments.as_of - %(days)s
                  AND charge.charged_on <= moments.as_of
            LEFT JOIN hc_billing_case hc_case ON hc_case.id = charge.case_id
            LEFT JOIN (%(invoices)s) AS invoice
                   ON invoice.case_id = COALESCE(hc_case.origin_case_id, hc_case.id)
                WHERE charge.origin_id IS NULL AND %(stands)s""",
            days=PERIOD_DAYS,
            invoices=FIRST_INVOICES,
            stands=CHARGE_STANDS,
        )
