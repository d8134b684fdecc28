# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError


class HcPromisePolicy(models.Model):
    """What a promise to pay may say, and how long it is waited for.

    The policy of the company comes before that of all companies, the latest one before earlier
    ones.
    """

    _name = "hc.promise.policy"
    _description = "Promise Policy"
    _inherit = ["hc.config.controlled.mixin", "mail.thread"]
    _order = "company_id, date_from desc"
    _config_fields = (
        "date_from",
        "days_max",
        "amount_min",
        "grace_days",
        "broken_max",
        "broken_within_days",
        "active",
    )

    name = fields.Char(required=True, translate=True)
    date_from = fields.Date("In Force From", required=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: all companies of the main currency."
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency", store=True)
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
    active = fields.Boolean(default=True)

    _in_force_unique = models.UniqueIndex(
        "(coalesce(company_id, 0), date_from) WHERE active",
        "Another policy for promises is in force from that day.",
    )
    _numbers_in_bounds = models.Constraint(
        "CHECK (days_max BETWEEN 1 AND 365 AND grace_days BETWEEN 0 AND 30 AND amount_min >= 0"
        " AND broken_max BETWEEN 1 AND 99 AND broken_within_days BETWEEN 1 AND 3650)",
        "Promises wait 1 to 365 days with 0 to 30 days of grace; 1 to 99 broken ones are counted "
        "over 1 to 3650 days; the smallest amount is not below zero.",
    )

    @api.depends("company_id.currency_id")
    def _compute_currency(self):
        main = self.env.ref("base.main_company").sudo()
        for policy in self:
            policy.currency_id = (policy.company_id or main).currency_id

    @api.model
    def _get_in_force(self, company, as_of):
        """The policy of a company on a day.

        :raise UserError: there is none
        """
        policies = self.sudo().search(
            [
                ("company_id", "in", (company.id, False)),
                ("currency_id", "=", company.currency_id.id),
                ("date_from", "<=", as_of),
            ],
            order="date_from desc",
        )
        policy = policies.filtered("company_id")[:1] or policies[:1]
        if not policy:
            raise UserError(
                self.env._(
                    "No policy for promises is in force. An administrator enters one under "
                    "Configuration → Collections."
                )
            )
        return policy
