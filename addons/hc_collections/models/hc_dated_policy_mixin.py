# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError


class HcDatedPolicyMixin(models.AbstractModel):
    """A policy in force from a day, of a company or of all companies of the main currency.

    The policy of the company comes before that of all companies, the latest one before earlier
    ones.
    """

    _name = "hc.dated.policy.mixin"
    _description = "Policy in Force From a Day"
    _inherit = ["hc.config.controlled.mixin", "mail.thread"]
    _order = "company_id, date_from desc"

    name = fields.Char(required=True, translate=True)
    date_from = fields.Date("In Force From", required=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: all companies of the main currency."
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency", store=True)
    active = fields.Boolean(default=True)

    _in_force_unique = models.UniqueIndex(
        "(coalesce(company_id, 0), date_from) WHERE active",
        "Another policy of this kind is in force from that day.",
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
                    "No %(policy)s is in force for %(company)s on %(day)s. An administrator enters "
                    "one under Configuration → Collections.",
                    policy=self.env["ir.model"]._get(self._name).sudo().name,
                    company=company.name,
                    day=as_of,
                )
            )
        return policy
