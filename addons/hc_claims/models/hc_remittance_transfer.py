# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models
from odoo.fields import Command

_QUIET = {"tracking_disable": True, "mail_create_nosubscribe": True, "mail_create_nolog": True}


class HcRemittanceClaim(models.Model):
    """The patient's share becomes an invoice, so that statements and portal payment work."""

    _inherit = "hc.remittance.claim"

    def _create_transfer_invoices(self, plans):
        """Invoice to patients what their last payer left to them.

        :param plans: ``{answer: Posting}`` of answers that were posted just now
        :return: the posted invoices
        """
        answers = self.filtered(
            lambda answer: plans[answer].moved and answer._get_next_party()[0] == "patient"
        )
        if not answers:
            return self.env["account.move"]
        account = self._get_accounts()["balance_transfer"].account_id
        journals = {facility: facility._get_sale_journal() for facility in answers.facility_id}
        invoices = (
            self.env["account.move"]
            .with_context(**_QUIET)
            ._create_guarded(
                [
                    answer._prepare_transfer_vals(
                        plans[answer].moved, account, journals[answer.facility_id]
                    )
                    for answer in answers
                ]
            )
        )
        invoices._post(soft=False)
        for answer, invoice in zip(answers, invoices, strict=True):
            answer._write_guarded({"transfer_invoice_id": invoice.id})
        return invoices

    def _prepare_transfer_vals(self, amount, account, journal):
        case = self.case_id.sudo()
        term = case.facility_id.self_pay_payment_term_id
        return {
            "move_type": "out_invoice",
            "company_id": self.company_id.id,
            "journal_id": journal.id,
            "partner_id": self._get_next_party()[1].id,
            "currency_id": self.currency_id.id,
            "invoice_date": self.remittance_id._get_today(),
            "invoice_payment_term_id": term.id or False,
            "invoice_origin": case.name,
            "ref": case.encounter_id.number,
            "hc_case_id": case.id,
            "hc_responsibility": "patient",
            "hc_transfers_balance": True,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": self.env._("Your share after %(payer)s", payer=self.payer_id.name),
                        "account_id": account.id,
                        "quantity": 1.0,
                        "price_unit": float(amount),
                        "tax_ids": [Command.clear()],
                        "hc_remittance_claim_id": self.id,
                    }
                )
            ],
        }

    def _apply_credits(self, invoices):
        """Settle the invoices with what the patients paid on these cases before."""
        if not invoices:
            return
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
