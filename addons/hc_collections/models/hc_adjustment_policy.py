# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import SQL

KINDS = [
    ("discount_prompt_pay", "Prompt-Pay Discount"),
    ("small_balance", "Small-Balance Write-Off"),
    ("bad_debt", "Bad Debt"),
]


class HcAdjustmentPolicy(models.Model):
    """Which balances of patients are proposed for a discount, a write-off or a refund, and when.

    It proposes, and never posts: every adjustment is a controlled action that somebody requests.
    """

    _name = "hc.adjustment.policy"
    _description = "Adjustment Policy"
    _inherit = ["hc.dated.policy.mixin"]
    _order = "kind, company_id, date_from desc"
    _config_fields = ("kind", "date_from", "days", "percent", "amount_max", "active")

    kind = fields.Selection([*KINDS, ("credit", "Return of a Credit")], "Proposes", required=True)
    days = fields.Integer(
        required=True,
        help="Prompt pay: days from the first statement within which the rest must be paid. "
        "Small balance: age of the balance. Bad debt: days from the first statement. "
        "Credit: age of money that nobody applied.",
    )
    percent = fields.Float(
        "Discount (%)", digits=(5, 2), help="Of what was open at the first statement."
    )
    amount_max = fields.Monetary("Largest Balance", help="Of the account, for small balances.")

    _in_force_unique = models.UniqueIndex(
        "(kind, coalesce(company_id, 0), date_from) WHERE active",
        "Another policy of this kind is in force from that day.",
    )
    _numbers_in_bounds = models.Constraint(
        "CHECK (days BETWEEN 0 AND 3650 AND percent >= 0 AND percent < 100 AND amount_max >= 0"
        " AND (kind != 'bad_debt' OR days >= 120))",
        "Days are 0 to 3650, a discount is below 100 %, a largest balance not below zero. A bad "
        "debt waits at least 120 days: the notification period of 26 CFR 1.501(r)-6(c).",
    )

    @api.model
    def _get_in_force_query(self, as_of):
        """The policy of each company and kind on a day; its own before those of all companies."""
        return SQL(
            """
            SELECT DISTINCT ON (company.id, policy.kind)
                   company.id AS for_company_id, policy.id, policy.kind, policy.days,
                   policy.percent, policy.amount_max
              FROM res_company company
              JOIN hc_adjustment_policy policy
                ON policy.company_id = company.id OR policy.company_id IS NULL
             WHERE policy.active AND policy.date_from <= %s
               AND policy.currency_id = company.currency_id
          ORDER BY company.id, policy.kind, policy.company_id NULLS LAST, policy.date_from DESC
            """,
            as_of,
        )
