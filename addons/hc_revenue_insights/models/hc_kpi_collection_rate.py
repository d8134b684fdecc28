# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.kpi import KpiDefinition

_DAYS = 90


class HcKpiProvider(models.AbstractModel):
    """What becomes of charges in the ledger: collected, allowed by contract, or written off."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _get_definitions(self):
        common = {
            "unit": "percent",
            "owner_role": "finance_manager",
            "source": "HFMA",
            "model": "hc.billing.case",
            "is_ratio": True,
        }
        return super()._get_definitions() + [
            KpiDefinition(
                code="net_collection_rate",
                name=self.env._("Net collection rate"),
                formula=self.env._(
                    "Money received ÷ charges less contractual allowances, both by their ledger "
                    "days, of the last 90 days."
                ),
                direction="higher",
                default_target=Decimal(95),
                rows_method="_kpi_rows_net_collection",
                **common,
            ),
            *(
                KpiDefinition(
                    code=code,
                    name=name,
                    formula=formula,
                    direction="lower",
                    default_target=target,
                    rows_method=method,
                    **common,
                )
                for code, name, formula, target, method in self._describe_write_offs()
            ),
        ]

    @api.model
    def _describe_write_offs(self):
        """Code, name, formula, target and method of each share that is written off."""
        return (
            (
                "bad_debt_share",
                self.env._("Bad debt"),
                self.env._("Bad debt written off ÷ charges, both of the last 90 days."),
                Decimal(3),
                "_kpi_rows_bad_debt",
            ),
            (
                "charity_share",
                self.env._("Charity care"),
                self.env._("Charity care ÷ charges, both of the last 90 days."),
                None,
                "_kpi_rows_charity",
            ),
            (
                "denial_write_off_share",
                self.env._("Denials written off"),
                self.env._(
                    "Denied amounts written off ÷ charges less contractual allowances, both of "
                    "the last 90 days."
                ),
                Decimal(3),
                "_kpi_rows_denial_write_offs",
            ),
        )

    @api.model
    def _kpi_rows_net_collection(self, scope):
        return self._select_ledger_shares("item.received", "item.charged - item.allowed")

    @api.model
    def _kpi_rows_bad_debt(self, scope):
        return self._select_ledger_shares("item.bad_debt", "item.charged")

    @api.model
    def _kpi_rows_charity(self, scope):
        return self._select_ledger_shares("item.charity", "item.charged")

    @api.model
    def _kpi_rows_denial_write_offs(self, scope):
        return self._select_ledger_shares("item.denied", "item.charged - item.allowed")

    @api.model
    def _select_ledger_shares(self, numerator, denominator):
        """Two sums of a case's ledger entries of the last days, one beside the other."""
        return SQL(
            """SELECT moments.as_of, hc_case.id AS res_id, sum(%(numerator)s) AS numerator,
                      sum(%(denominator)s) AS denominator, hc_case.facility_id, hc_case.payer_id,
                      hc_case.department_id, NULL::varchar AS responsibility
                 FROM (SELECT DISTINCT as_of FROM moments) AS day
                 JOIN (%(entries)s) AS item
                   ON item.day > day.as_of - %(days)s AND item.day <= day.as_of
                 JOIN hc_billing_case hc_case ON hc_case.id = item.case_id
                 JOIN moments
                   ON moments.as_of = day.as_of AND moments.facility_id = hc_case.facility_id
             GROUP BY moments.as_of, hc_case.id""",
            numerator=SQL(numerator),
            denominator=SQL(denominator),
            entries=self._select_case_entries(),
            days=_DAYS,
        )

    @api.model
    def _select_case_entries(self):
        """Each posted entry of a case by what it is, with its day.

        A payment names no case: it is known by the receivable item of a case that it settles.
        What a remittance brings stands on the case itself: it is what is left of receivables and
        income together.
        """
        return SQL(
            """SELECT line.hc_case_id AS case_id, line.date AS day,
                      CASE WHEN account.account_type LIKE 'income%%' AND use.kind IS NULL
                           THEN -line.balance ELSE 0 END AS charged,
                      CASE WHEN use.kind = 'contractual_allowance'
                           THEN line.balance ELSE 0 END AS allowed,
                      CASE WHEN use.kind = 'bad_debt' THEN line.balance ELSE 0 END AS bad_debt,
                      CASE WHEN use.kind = 'charity_care' THEN line.balance ELSE 0 END AS charity,
                      CASE WHEN use.kind = 'denial_write_off' THEN line.balance ELSE 0 END
                      AS denied,
                      -line.balance AS received
                 FROM account_move_line line
                 JOIN account_account account ON account.id = line.account_id
            LEFT JOIN LATERAL (SELECT min(used.kind) AS kind FROM hc_ledger_account used
                                WHERE used.account_id = line.account_id
                                  AND used.company_id = line.company_id) AS use ON TRUE
                WHERE line.hc_case_id IS NOT NULL AND line.parent_state = 'posted'
                  AND (account.account_type = 'asset_receivable'
                       OR account.account_type LIKE 'income%%'
                       OR account.account_type LIKE 'expense%%')
                UNION ALL
               SELECT item.hc_case_id, part.max_date, 0, 0, 0, 0, 0,
                      CASE WHEN item.id = part.debit_move_id THEN part.amount
                           ELSE -part.amount END
                 FROM account_partial_reconcile part
                 JOIN account_move_line item ON item.id IN (part.debit_move_id, part.credit_move_id)
                 JOIN account_move_line other
                   ON other.id IN (part.debit_move_id, part.credit_move_id) AND other.id != item.id
                WHERE item.hc_case_id IS NOT NULL AND other.hc_case_id IS NULL"""
        )
