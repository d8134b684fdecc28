# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models


class AccountPayment(models.Model):
    """Money goes back to patients and payers by an approved refund alone."""

    _inherit = "account.payment"

    @api.model_create_multi
    def create(self, vals_list):
        payments = super().create(vals_list)
        payments._check_refunds_approved()
        return payments

    def write(self, vals):
        result = super().write(vals)
        if {"payment_type", "partner_type", "partner_id", "destination_account_id"} & vals.keys():
            self._check_refunds_approved()
        return result

    def _check_refunds_approved(self):
        outbound = self.sudo().filtered(
            lambda payment: (
                payment.payment_type == "outbound"
                and not payment._get_cause()
                and (
                    payment.partner_type == "customer"
                    or payment.destination_account_id.account_type == "asset_receivable"
                )
            )
        )
        parties = outbound.partner_id._filter_suite_parties() if outbound else outbound.partner_id
        for payment in outbound.filtered(lambda payment: payment.partner_id in parties):
            raise self.env["hc.refused.attempt"]._refuse(
                payment,
                "refund",
                self.env._(
                    "Refunds are requested: open the case of %(partner)s and use “Adjust "
                    "Balance”, so that preparer, approver and payer are three people.",
                    partner=payment.partner_id.name,
                ),
                refusal="native_path",
                reason="outbound_payment",
            )
