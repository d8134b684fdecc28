# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.kpi import KpiDefinition
from odoo.addons.hc_revenue_base.models.hc_kpi_charges import PERIOD_DAYS
from odoo.addons.hc_revenue_base.models.hc_kpi_query import NO_FACILITY

from .hc_kpi_disputes import TOPIC

_YEAR_DAYS = 365

# Money of a party: credits of posted payments and bank entries on its receivable account.
_PAYMENTS = SQL(
    """SELECT hc_account.id AS account_id, line.date AS paid_on, -line.balance AS amount,
              payment.payment_transaction_id IS NOT NULL AS is_own
         FROM hc_collection_account hc_account
         JOIN account_move_line line
           ON line.partner_id = hc_account.partner_id
          AND line.company_id = hc_account.company_id
          AND line.parent_state = 'posted' AND line.balance < 0
         JOIN account_account account
           ON account.id = line.account_id AND account.account_type = 'asset_receivable'
         JOIN account_move entry ON entry.id = line.move_id
    LEFT JOIN account_payment payment ON payment.id = entry.origin_payment_id
        WHERE hc_account.party = 'patient'
          AND (entry.origin_payment_id IS NOT NULL OR entry.statement_line_id IS NOT NULL)"""
)


class HcCollectionAccount(models.Model):
    _name = "hc.collection.account"
    _inherit = ["hc.collection.account", "hc.kpi.subject.mixin"]


class HcPlacement(models.Model):
    _name = "hc.placement"
    _inherit = ["hc.placement", "hc.kpi.subject.mixin"]


class HcStatement(models.Model):
    _name = "hc.statement"
    _inherit = ["hc.statement", "hc.kpi.subject.mixin"]


class HcKpiProvider(models.AbstractModel):
    """What came in: after statements, by agencies, by the patients' own hand, and at what cost."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _get_definitions(self):
        # An account belongs to no single facility.
        common = {
            "owner_role": "manager",
            "source": "own",
            "is_ratio": True,
            "groupings": (),
            "base_groupings": (),
            "topic": TOPIC,
        }
        return super()._get_definitions() + [
            self._define_cost_to_collect({**common, "is_ratio": False}),
            KpiDefinition(
                code="agency_recovery_rate",
                name=self.env._("Recovered by agencies"),
                formula=self.env._(
                    "Patient payments while the account was with the agency ÷ amounts placed, of "
                    "placements of the last 365 days."
                ),
                unit="percent",
                direction="higher",
                default_target=Decimal(15),
                model="hc.placement",
                rows_method="_kpi_rows_agency_recovery",
                **common,
            ),
            *self._define_patient_payments(common),
        ]

    @api.model
    def _define_patient_payments(self, common):
        return [
            KpiDefinition(
                code="statement_to_payment_days",
                name=self.env._("Statement to payment"),
                formula=self.env._(
                    "Mean days from sending a statement to the first payment after it, of "
                    "statements first paid on in the last 30 days."
                ),
                unit="days",
                direction="lower",
                default_target=Decimal(21),
                model="hc.statement",
                rows_method="_kpi_rows_statement_to_payment",
                **common,
            ),
            KpiDefinition(
                code="self_service_share",
                name=self.env._("Paid by patients themselves"),
                formula=self.env._(
                    "Patient payments made online or by a plan's automatic charge ÷ patient "
                    "payments of the last 30 days."
                ),
                unit="percent",
                direction="higher",
                default_target=Decimal(50),
                model="hc.collection.account",
                rows_method="_kpi_rows_self_service",
                **common,
            ),
        ]

    @api.model
    def _define_cost_to_collect(self, common):
        return KpiDefinition(
            code="patient_cost_to_collect",
            name=self.env._("Cost to collect from patients"),
            formula=self.env._(
                "Letters, messages and calls of the last 30 days at the costs of Cost of Contacts, "
                "plus agencies' commissions ÷ patient payments of the last 30 days."
            ),
            unit="percent",
            direction="lower",
            default_target=Decimal(5),
            model="hc.collection.account",
            rows_method="_kpi_rows_collection_costs",
            base_method="_kpi_rows_patient_payments",
            base_model="hc.collection.account",
            **common,
        )

    @api.model
    def _select_of_accounts(self, scope, rows):
        """Wrap rows of ``as_of, res_id, numerator, denominator`` of no single facility."""
        return SQL(
            """SELECT counted.as_of, counted.res_id, counted.numerator, counted.denominator,
                      %s::int AS facility_id, NULL::int AS payer_id, NULL::int AS department_id,
                      NULL::varchar AS responsibility
                 FROM (%s) AS counted""",
            NO_FACILITY,
            rows,
        )

    @api.model
    def _select_patient_payments(self, scope, numerator, denominator):
        return self._select_of_accounts(
            scope,
            SQL(
                """SELECT moments.as_of, payment.account_id AS res_id, %s AS numerator,
                          %s AS denominator
                     FROM moments
                     JOIN (%s) AS payment
                       ON payment.paid_on > moments.as_of - %s AND payment.paid_on <= moments.as_of
                     JOIN hc_collection_account hc_account
                       ON hc_account.id = payment.account_id AND hc_account.company_id = %s
                    WHERE moments.facility_id = %s""",
                numerator,
                denominator,
                _PAYMENTS,
                PERIOD_DAYS,
                scope.company.id,
                NO_FACILITY,
            ),
        )

    @api.model
    def _kpi_rows_patient_payments(self, scope):
        return self._select_patient_payments(scope, SQL("payment.amount"), SQL("NULL::numeric"))

    @api.model
    def _kpi_rows_self_service(self, scope):
        return self._select_patient_payments(
            scope,
            SQL("CASE WHEN payment.is_own THEN payment.amount ELSE 0 END"),
            SQL("payment.amount"),
        )

    @api.model
    def _kpi_rows_collection_costs(self, scope):
        """Contacts by what their channel costs, and the commissions that agencies have earned."""
        period = SQL(
            "BETWEEN moments.until_at - %s * interval '1 day' AND moments.until_at", PERIOD_DAYS
        )
        return self._select_of_accounts(
            scope,
            SQL(
                """SELECT moments.as_of, contact.account_id AS res_id, cost.amount AS numerator,
                          NULL::numeric AS denominator
                     FROM moments
                     JOIN hc_contact contact
                       ON contact.company_id = %(company)s AND contact.direction = 'out'
                      AND contact.state IN ('sent', 'delivered', 'done')
                      AND contact.happened_at %(period)s
                     JOIN hc_collection_account hc_account
                       ON hc_account.id = contact.account_id AND hc_account.party = 'patient'
               CROSS JOIN LATERAL (
                          SELECT cost.amount FROM hc_contact_cost cost
                           WHERE cost.channel = contact.channel
                             AND (cost.company_id = %(company)s OR cost.company_id IS NULL)
                        ORDER BY cost.company_id NULLS LAST LIMIT 1) AS cost
                    WHERE moments.facility_id = %(nowhere)s
                UNION ALL
                   SELECT moments.as_of, report.account_id, payment.amount_commission, NULL
                     FROM moments
                     JOIN hc_placement_payment payment
                       ON payment.paid_on > moments.as_of - %(days)s
                      AND payment.paid_on <= moments.as_of
                      AND payment.company_id = %(company)s AND payment.amount_commission > 0
                     JOIN hc_payment_report report ON report.id = payment.report_id
                    WHERE moments.facility_id = %(nowhere)s""",
                company=scope.company.id,
                period=period,
                days=PERIOD_DAYS,
                nowhere=NO_FACILITY,
            ),
        )

    @api.model
    def _kpi_rows_agency_recovery(self, scope):
        return self._select_of_accounts(
            scope,
            SQL(
                """SELECT moments.as_of, placement.id AS res_id,
                          coalesce(sum(payment.amount), 0) AS numerator,
                          placement.amount_placed AS denominator
                     FROM moments
                     JOIN hc_placement placement
                       ON placement.company_id = %(company)s
                      AND placement.placed_on > moments.as_of - %(days)s
                      AND placement.placed_on <= moments.as_of
                LEFT JOIN (%(payments)s) AS payment
                       ON payment.account_id = placement.account_id
                      AND payment.paid_on BETWEEN placement.placed_on AND moments.as_of
                      AND payment.paid_on <= coalesce(placement.ended_on, 'infinity')
                    WHERE moments.facility_id = %(nowhere)s
                 GROUP BY moments.as_of, placement.id, placement.amount_placed""",
                company=scope.company.id,
                days=_YEAR_DAYS,
                payments=_PAYMENTS,
                nowhere=NO_FACILITY,
            ),
        )

    @api.model
    def _kpi_rows_statement_to_payment(self, scope):
        return self._select_of_accounts(
            scope,
            SQL(
                """SELECT moments.as_of, statement.id AS res_id,
                          (first.paid_on - statement.sent_on)::numeric AS numerator,
                          1::numeric AS denominator
                     FROM moments
                     JOIN (SELECT statement.id, min(payment.paid_on) AS paid_on
                             FROM hc_statement statement
                             JOIN (%(payments)s) AS payment
                               ON payment.account_id = statement.account_id
                              AND payment.paid_on >= statement.sent_on
                            WHERE statement.company_id = %(company)s
                         GROUP BY statement.id) AS first
                       ON first.paid_on > moments.as_of - %(days)s
                      AND first.paid_on <= moments.as_of
                     JOIN hc_statement statement ON statement.id = first.id
                    WHERE moments.facility_id = %(nowhere)s""",
                payments=_PAYMENTS,
                company=scope.company.id,
                days=PERIOD_DAYS,
                nowhere=NO_FACILITY,
            ),
        )
