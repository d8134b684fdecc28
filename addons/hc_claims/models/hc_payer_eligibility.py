# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcPayer(models.Model):
    """How long a payer's answers count, and when it is asked again."""

    _inherit = "hc.payer"

    eligibility_fresh_days = fields.Integer(
        default=30, help="Days before the service from which an active answer counts."
    )
    eligibility_same_month = fields.Boolean(
        "Same Calendar Month",
        default=True,
        tracking=True,
        help="An answer of an earlier month does not count: coverage mostly ends with a month.",
    )
    eligibility_days_ahead = fields.Integer(
        "Ask Ahead (days)",
        default=3,
        help="Visits that begin within so many days are asked about; 0: only those of the day.",
    )
    eligibility_answer_days = fields.Integer(
        "Eligibility Answered Within (days)",
        default=1,
        help="A question without answer after so many days becomes a work item.",
    )
    authorization_warning_days = fields.Integer(
        default=14, help="An authorization that ends within so many days becomes a work item."
    )
    authorization_warning_percent = fields.Integer(
        default=80, help="So does one of which this part is used, in percent."
    )

    _eligibility_days_sensible = models.Constraint(
        "CHECK (eligibility_days_ahead BETWEEN 0 AND 30 "
        "AND eligibility_answer_days BETWEEN 1 AND 30 "
        "AND authorization_warning_days BETWEEN 0 AND 180 "
        "AND authorization_warning_percent BETWEEN 1 AND 100)",
        "Ask at most 30 days ahead, expect answers within 1 to 30 days, warn of authorizations "
        "at most 180 days ahead and from 1 to 100 percent.",
    )
