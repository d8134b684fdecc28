# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What is taken back of a payment, and what of a charge-back is won back."""

from odoo import models


class HcPaymentReport(models.Model):
    _inherit = "hc.payment.report"

    def _apply_taking_back(self):
        payment = self._find_own_payment()
        if not payment:
            self._wait(self.env._("the payment was not confirmed yet"))
            return
        account = payment.hc_account_id
        self._write_guarded({"account_id": account.id})
        account._lock_for_settlement()
        known = self._find_own_refund(payment)
        if known:
            self._write_guarded({"payment_id": known.id})
            self._transition("applied", facts={"account": account.id, "payment": known.id})
            return
        source = self._find_source(payment)
        if not source:
            self._leave_unmatched(self._describe_excess(payment))
            return
        refund = self._post_payment(account, "outbound", source)
        self._write_guarded({"payment_id": refund.id})
        self._transition("applied", facts={"account": account.id, "payment": refund.id})
        refund._enter_account(account, reference=self.reference, refund_of=source)
        if self.event == "charged_back":
            self._note_charge_back(account)
        self._retry_waiting()

    def _apply_won_back(self):
        """The bank returns what it had charged back: the money pays what the payment was for."""
        payment = self._find_own_payment()
        charged_back = self._find_charged_back(payment)
        if not charged_back:
            self._wait(self.env._("no charge-back of so much is booked yet"))
            return
        account = payment.hc_account_id
        self._write_guarded({"account_id": account.id})
        account._lock_for_settlement()
        won = self._post_payment(account, "inbound", charged_back)
        self._write_guarded({"payment_id": won.id})
        self._transition("applied", facts={"account": account.id, "payment": won.id})
        won._enter_account(
            account,
            reference=self.reference,
            named=payment.hc_named_item_ids,
            refund_of=charged_back,
        )
        self._retry_waiting()

    def _wait(self, reason):
        self._transition_where_allowed("waiting", reason=reason)

    def _find_own_refund(self, payment):
        """The refund through Odoo that the report is about."""
        if self.event != "refunded" or not self.event_reference:
            return payment.browse()
        transactions = self.env["payment.transaction"].sudo()
        return transactions.search(
            [
                ("company_id", "=", self.company_id.id),
                ("operation", "=", "refund"),
                ("state", "=", "done"),
                ("payment_id.hc_refund_of_id", "=", payment.id),
                ("provider_reference", "=", self.event_reference),
            ],
            limit=1,
        ).payment_id

    def _get_taken(self, payments):
        """What was taken back of payments, or won back of charge-backs: ``{payment: amount}``."""
        groups = self.env["account.payment"]._read_group(
            [("hc_refund_of_id", "in", payments.ids), ("move_id.state", "=", "posted")],
            ["hc_refund_of_id"],
            ["amount:sum"],
        )
        return dict(groups)

    def _find_source(self, payment):
        """Of what so much is taken back: the payment, or what was won back of it since."""
        if self.currency_id != payment.currency_id:
            return payment.browse()
        taken_back = payment.search([("hc_refund_of_id", "=", payment.id)])
        candidates = payment | payment.search([("hc_refund_of_id", "in", taken_back.ids)])
        return self._find_with_room(candidates)

    def _find_charged_back(self, payment):
        """The charge-back of the payment of which so much is not won back yet."""
        reports = self._search_of_payment(
            [("event", "=", "charged_back"), ("state", "=", "applied")]
        )
        if not payment or self.currency_id != payment.currency_id:
            return payment.browse()
        return self._find_with_room(reports.payment_id)

    def _find_with_room(self, payments):
        posted = payments.filtered(lambda payment: payment.move_id.state == "posted").sorted("id")
        taken = self._get_taken(posted)
        return next(
            (
                payment
                for payment in posted
                if self.currency_id.compare_amounts(
                    self.amount, payment.amount - taken.get(payment, 0.0)
                )
                <= 0
            ),
            payments.browse(),
        )

    def _describe_excess(self, payment):
        if self.currency_id != payment.currency_id:
            return self.env._("the payment was in %s", payment.currency_id.name)
        left = payment.amount - self._get_taken(payment).get(payment, 0.0)
        return self.env._(
            "only %(left)s of the payment is left to take back", left=self.currency_id.format(left)
        )

    def _note_charge_back(self, account):
        """The balance is open again: whoever follows the account must know why."""
        account._open_payment_item(
            "payment_charged_back",
            f"payment_charged_back:{self.id}",
            self.env._("Payment %s was charged back", self.reference),
            self.note or "",
        )
        account.message_post(
            body=self.env._(
                "The bank took back %(amount)s of payment %(reference)s; the balance is open "
                "again.",
                amount=self.currency_id.format(self.amount),
                reference=self.reference,
            )
        )
