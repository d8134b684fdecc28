# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from functools import partial

from odoo import models

from ..hc_dunning_core.statement_words import words_of
from ..tools.patient_format import format_address, format_day, format_money, make_qr_code

_TEMPLATE = "hc_collections.statement_letter"


class HcStatement(models.Model):
    """How a statement looks: one body for paper, PDF and portal, in the patient's language."""

    _inherit = "hc.statement"

    def _render_letter(self):
        """Lay out the letter.

        :return: PDF, the same bytes for the same statement
        """
        values = self.sudo()._prepare_letter_values()
        return self.env["hc.pdf"]._render(_TEMPLATE, values, paper=self.policy_id.sudo().paper)

    def _prepare_letter_values(self):
        """What the template shows: words and figures ready to print."""
        self.ensure_one()
        words = words_of(self.language)
        money = partial(format_money, self.currency_id.name, self.language)
        day = partial(format_day, self.language)
        policy, company = self.policy_id, self.company_id
        account = self.account_id
        link = self._get_pay_link()
        return {
            "statement": self,
            "words": words,
            "language": self.language,
            "lang_code": self.language.partition("_")[0],
            "company": company,
            "sender_address": format_address(company.partner_id),
            "money": money,
            "day": day,
            "guarantor_name": account._get_guarantor_name(),
            "recipient": account._get_mail_lines(),
            "totals": self._prepare_totals(words, money),
            "visits": [line._prepare_visit(words, money, day) for line in self.line_ids],
            "text": policy._get_text(self.language),
            "mail_name": company.name,
            **policy._get_ways_to_pay(company),
            "link": link,
            "link_short": link.partition("://")[2],
            "qr_code": make_qr_code(link),
        }

    def _prepare_totals(self, words, money):
        """Rows ``(label, amount)`` that sum to what is to be paid; rows of zero are left out.

        None where one visit, or the charges alone, say all of it.
        """
        lines = self.line_ids
        is_zero = self.currency_id.is_zero
        if len(lines) == 1 and is_zero(self.amount_open - self.amount_due):
            return []
        rows = [
            ("charges", sum(lines.mapped("amount_charged"))),
            ("insurance_paid", -sum(lines.mapped("amount_insurance"))),
            ("adjusted", -sum(lines.mapped("amount_adjusted"))),
            ("patient_paid", -sum(lines.mapped("amount_paid"))),
            ("insurance_open", -sum(lines.mapped("amount_insurance_open"))),
            ("disputed", -self.amount_disputed),
            ("credit" if self.amount_credit > 0 else "other", -self.amount_credit),
        ]
        told = [(words[key], money(amount)) for key, amount in rows if not is_zero(amount)]
        return told if len(told) > 1 else []

    def _get_pay_link(self):
        """The address at which this statement is paid without signing in."""
        return f"{self.company_id.get_base_url()}/bill/{self.sudo().access_token}"
