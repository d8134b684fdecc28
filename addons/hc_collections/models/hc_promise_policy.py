# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcPromisePolicy(models.Model):
    """What a promise to pay may say, and how long it is waited for."""

    _name = "hc.promise.policy"
    _description = "Promise Policy"
    _inherit = ["hc.dated.policy.mixin"]
    _config_fields = (
        "date_from",
        "days_max",
        "amount_min",
        "grace_days",
        "broken_max",
        "broken_within_days",
        "active",
    )

    days_max = fields.Integer("Longest Wait (days)", required=True, default=30)
    amount_min = fields.Monetary(
        "Smallest Amount", default=10.0, help="Less is accepted where it is all that is owed."
    )
    grace_days = fields.Integer(
        "Grace (days)", default=3, help="Money that is under way when the day comes still counts."
    )
    broken_max = fields.Integer(
        "Broken Promises", default=2, help="With so many broken ones no further one is taken."
    )
    broken_within_days = fields.Integer("Counted Over (days)", default=180)
    _numbers_in_bounds = models.Constraint(
        "CHECK (days_max BETWEEN 1 AND 365 AND grace_days BETWEEN 0 AND 30 AND amount_min >= 0"
        " AND broken_max BETWEEN 1 AND 99 AND broken_within_days BETWEEN 1 AND 3650)",
        "Promises wait 1 to 365 days with 0 to 30 days of grace; 1 to 99 broken ones are counted "
        "over 1 to 3650 days; the smallest amount is not below zero.",
    )
