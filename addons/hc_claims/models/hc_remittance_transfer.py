# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.fields import Command, Domain

from .hc_remittance_posting import QUIET


class HcRemittanceClaim(models.Model):
    """The patient's share becomes an invoice, so that statements and portal payment work."""

    _inherit = "hc.remittance.claim"

    @api.model
    def _get_uninvoiced_domain(self):
        """Answers whose patient share has no invoice yet."""
        return Domain(
            [
                ("state", "=", "posted"),
                ("next_party", "=", "patient"),
                ("amount_moved", ">", 0),
                ("transfer_invoice_id", "=", False),
            ]
        )

    def _invoice_patients(self):
        """Invoice to patients what their last payer left to them; once each."""
        self._lock_for_transition(["state", "transfer_invoice_id"])
        answers = self.filtered_domain(self._get_uninvoiced_domain())
        if not answers:
            return
        account = answers._get_accounts()["balance_transfer"].account_id
        journals = {facility: facility._get_sale_journal() for facility in answers.facility_id}
        invoices = (
            self.env["account.move"]
            .with_context(**QUIET)
            ._create_guarded(
                [
                    answer._prepare_transfer_vals(account, journals[answer.facility_id])
                    for answer in answers
                ]
            )
        )
        invoices._post(soft=False)
        for answer, invoice in zip(answers, invoices, strict=True):
            answer._write_guarded({"transfer_invoice_id": invoice.id})
        answers._apply_credits(invoices)
        answers.case_id._close_if_settled()

    def _prepare_transfer_vals(self, account, journal):
        amount = self.amount_moved
        case = self.case_id.sudo()
        term = case.facility_id.self_pay_payment_term_id
        partner = self._get_next_party()[1]
        return {
            "move_type": "out_invoice",
            "company_id": self.company_id.id,
            "journal_id": journal.id,
            "partner_id": partner.id,
            "currency_id": self.currency_id.id,
            "invoice_date": self.remittance_id._get_today(),
            "invoice_payment_term_id": term.id or False,
            "invoice_origin": case.name,
            "ref": case.encounter_id.number,
            "hc_case_id": case.id,
            "hc_responsibility": "patient",
            "hc_transfers_balance": True,
            "line_ids": [
                Command.create(
                    {
                        "display_type": "product",
                        "name": self.env._("Your share after %(payer)s", payer=self.payer_id.name),
                        "account_id": account.id,
                        "quantity": 1.0,
                        "price_unit": amount,
                        "balance": -amount,
                        "amount_currency": -amount,
                        "tax_ids": [Command.clear()],
                        "analytic_distribution": False,
                        "hc_remittance_claim_id": self.id,
                    }
                ),
                *self._prepare_term_lines(amount, partner, term),
            ],
        }

    def _prepare_term_lines(self, amount, partner, term):
        """The receivable of the invoice: one item, or one per instalment of the terms."""
        today = self.remittance_id._get_today()
        account = partner.with_company(self.company_id).property_account_receivable_id
        common = {
            "display_type": "payment_term",
            "account_id": account.id,
            "partner_id": partner.id,
            "analytic_distribution": False,
            "hc_responsibility": "patient",
        }
        if not term:
            sums = {"balance": amount, "amount_currency": amount}
            return [Command.create({**common, **sums, "date_maturity": today})]
        parts = term._compute_terms(
            date_ref=today,
            currency=self.currency_id,
            company=self.company_id,
            tax_amount=0.0,
            tax_amount_currency=0.0,
            sign=1,
            untaxed_amount=amount,
            untaxed_amount_currency=amount,
        )
        return [
            Command.create(
                {
                    **common,
                    "date_maturity": part["date"],
                    "balance": part["company_amount"],
                    "amount_currency": part["foreign_amount"],
                }
            )
            for part in parts["line_ids"]
        ]

    def _apply_credits(self, invoices):
        """Settle the invoices with what the patients paid on these cases before."""
        lines = self.env["account.move.line"].sudo()
        credits_ = lines.search(
            [
                ("hc_case_id", "in", invoices.hc_case_id.ids),
                ("hc_responsibility", "=", "patient"),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("amount_residual", "<", 0),
            ]
        )
        owed = invoices.line_ids.filtered(lambda item: item.account_type == "asset_receivable")
        plan = []
        for case, of_case in credits_.grouped("hc_case_id").items():
            for account, same in of_case.grouped("account_id").items():
                items = owed.filtered_domain(
                    [("hc_case_id", "=", case.id), ("account_id", "=", account.id)]
                )
                plan.append(items | same)
        if plan:
            lines._reconcile_plan(plan)


class HcBillingCase(models.Model):
    """A case is not settled while its patient's share waits for the invoice."""

    _inherit = "hc.billing.case"

    def _filter_settled(self):
        settled = super()._filter_settled()
        answers = self.env["hc.remittance.claim"].sudo()
        waiting = answers.search(
            answers._get_uninvoiced_domain() & Domain("case_id", "in", settled.ids)
        )
        return settled - waiting.case_id.with_env(settled.env)
