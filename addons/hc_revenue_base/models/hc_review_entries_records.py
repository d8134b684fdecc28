# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Amounts that base knows: what is charged, what is forgiven or given back, what is paid."""

from odoo import api, models

from ..hc_core.ledger_acts import LEDGER_ACTS
from ..hc_core.money import to_decimal
from ..hc_core.review import ReviewEntry


class HcCharge(models.Model):
    _name = "hc.charge"
    _inherit = ["hc.charge", "hc.review.entries.mixin"]
    _review_amount_field = "amount"

    @api.model
    def _review_entries(self, date_from, date_to, limit):
        # The price is the schedule's, so what goes wrong is the number of units and saying a
        # service twice: amounts are compared by procedure.
        domain = [("charged_on", ">=", date_from), ("charged_on", "<=", date_to)]
        charges = self._search_review_entries(
            [*domain, ("state", "!=", "void")], "charged_on desc, id desc", limit
        )
        return [
            ReviewEntry(
                charge.id,
                to_decimal(charge.amount, charge.currency_id.decimal_places),
                charge.charged_on,
                (charge.code_id.id, *sorted(charge.modifier_ids.ids)),
                fingerprint=(
                    charge.patient_id.id,
                    charge.service_date,
                    charge.code_id.id,
                    tuple(sorted(charge.modifier_ids.ids)),
                    charge.performer_id.id,
                    charge.units,
                ),
                payer_id=charge.case_id.payer_id.id or 0,
            )
            for charge in charges
        ]


class HcControlledAction(models.Model):
    _name = "hc.controlled.action"
    _inherit = ["hc.controlled.action", "hc.review.entries.mixin"]
    _review_amount_field = "amount"

    @api.model
    def _review_entries(self, date_from, date_to, limit):
        domain = [
            ("create_date", ">=", date_from),
            ("create_date", "<=", f"{date_to} 23:59:59"),
            ("kind", "in", list(LEDGER_ACTS)),
            ("state", "=", "applied"),
            ("case_id", "!=", False),
        ]
        actions = self._search_review_entries(domain, "id desc", limit)
        return [
            ReviewEntry(
                action.id,
                to_decimal(action.amount, action.currency_id.decimal_places),
                action.create_date.date(),
                (action.kind, action.case_id.payer_id.id),
                ceiling=to_decimal(
                    action.case_id.amount_charged, action.currency_id.decimal_places
                ),
                # Amounts of 0 are told twice by nobody.
                fingerprint=(
                    (action.case_id.id, action.kind, action.responsibility, action.amount)
                    if action.amount
                    else ()
                ),
                payer_id=action.case_id.payer_id.id or 0,
            )
            for action in actions
        ]


class AccountPayment(models.Model):
    _name = "account.payment"
    _inherit = ["account.payment", "hc.review.entries.mixin"]
    _review_amount_field = "amount"

    @api.model
    def _review_entries(self, date_from, date_to, limit):
        domain = [
            ("date", ">=", date_from),
            ("date", "<=", date_to),
            ("state", "in", ("in_process", "paid")),
        ]
        payments = self._search_review_entries(domain, "date desc, id desc", limit)
        payers_sudo = (
            self.env["hc.payer"]
            .sudo()
            .search(
                [("partner_id", "in", payments.partner_id.ids), ("active", "in", (True, False))]
            )
        )
        payer_by_partner = {payer.partner_id.id: payer.id for payer in payers_sudo}
        return [
            ReviewEntry(
                payment.id,
                to_decimal(payment.amount, payment.currency_id.decimal_places),
                payment.date,
                (
                    payment.payment_type,
                    payment.currency_id.id,
                    payer_by_partner.get(payment.partner_id.id, 0),
                ),
                fingerprint=(
                    payment.payment_type,
                    payment.partner_id.id,
                    payment.currency_id.id,
                    payment.date,
                    payment.amount,
                ),
                payer_id=payer_by_partner.get(payment.partner_id.id, 0),
            )
            for payment in payments
        ]
