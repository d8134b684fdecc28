# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..hc_dunning_core.statement_words import LANGUAGES, language_of
from ..tools.patient_format import format_address


class HcStatementPolicy(models.Model):
    """To whom statements go, how often, how long the patient has, and what the office adds.

    The words of the statement itself are the product's; help with paying, rights and contact are
    the office's, in each language.
    """

    _name = "hc.statement.policy"
    _description = "Statement Policy"
    _inherit = ["hc.config.controlled.mixin", "mail.thread"]
    _order = "company_id, date_from desc"
    _config_fields = (
        "date_from",
        "amount_minimum",
        "days_between",
        "days_to_pay",
        "paper",
        "phone",
        "mail_address",
        "active",
    )

    name = fields.Char(required=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: all companies.")
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    date_from = fields.Date("In Force From", required=True)
    amount_minimum = fields.Monetary(
        "Smallest Amount", default=5.0, help="Less than this is not worth a letter."
    )
    days_between = fields.Integer(
        "Days Between Statements", default=28, help="No statement within so many days of the last."
    )
    days_to_pay = fields.Integer("Days to Pay", default=21)
    paper = fields.Selection(
        [("letter", "US Letter"), ("a4", "A4")], required=True, default="letter"
    )
    phone = fields.Char(help="Whom patients call; empty: the company's phone.")
    mail_address = fields.Char(
        "Payments by Mail", help="Where checks go; empty: the company's address."
    )
    text_ids = fields.One2many("hc.statement.text", "policy_id", "Texts")
    active = fields.Boolean(default=True)

    _in_force_unique = models.UniqueIndex(
        "(coalesce(company_id, 0), date_from) WHERE active",
        "Another statement policy is in force from that day.",
    )
    _days_positive = models.Constraint(
        "CHECK (days_between BETWEEN 1 AND 365 AND days_to_pay BETWEEN 1 AND 365)",
        "Days between statements and days to pay are between 1 and 365.",
    )
    _amount_not_negative = models.Constraint(
        "CHECK (amount_minimum >= 0)", "The smallest amount is zero or more."
    )

    @api.model
    def _get_for(self, company, as_of):
        """The policy of a company on a day; its own before that of all companies.

        :raise UserError: none is in force
        """
        policy = self.sudo().search(
            Domain("company_id", "in", (company.id, False)) & Domain("date_from", "<=", as_of),
            order="company_id, date_from desc",
            limit=1,
        )
        if not policy:
            raise UserError(
                self.env._(
                    "No statement policy is in force for %(company)s on %(day)s. Enter one under "
                    "Configuration, Collections, Statement Policies.",
                    company=company.name,
                    day=as_of,
                )
            )
        return policy

    def _get_ways_to_pay(self, company):
        """Where a company takes payments besides the portal: ``phone`` and ``mail_address``."""
        return {
            "phone": self.phone or company.phone or "",
            "mail_address": self.mail_address or format_address(company.partner_id),
        }

    def _get_text(self, language):
        """The office's texts in a language, in English where that language has none."""
        self.ensure_one()
        texts = {text.language: text for text in self.text_ids}
        return texts.get(language_of(language)) or texts.get(language_of(None)) or self.text_ids[:1]


class HcStatementText(models.Model):
    """What the office says on statements in one language."""

    _name = "hc.statement.text"
    _description = "Statement Text"
    _inherit = ["hc.config.controlled.mixin"]
    _order = "policy_id, language"
    _rec_name = "language"
    _config_fields = ("help_text", "rights_text", "contact_text")

    policy_id = fields.Many2one(
        "hc.statement.policy", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True)
    language = fields.Selection(list(LANGUAGES.items()), required=True)
    help_text = fields.Text(
        "Help to Pay",
        required=True,
        help="The plain-language summary of financial assistance, 26 CFR 1.501(r)-4(b)(5).",
    )
    rights_text = fields.Text("Rights", required=True, help="How to question a bill.")
    contact_text = fields.Text("Contact", required=True, help="Whom to ask, and when.")

    _language_unique = models.UniqueIndex(
        "(policy_id, language)", "The policy has texts in this language already."
    )
