# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from contextlib import contextmanager

from odoo import fields
from odoo.exceptions import UserError

from .test_billing_flow import BillingFlowCase


class LedgerCase(BillingFlowCase):
    """Billed cases, a manager who may adjust them, and the sums that must agree."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["hc.ledger.account"]._create_missing(cls.company)
        cls.manager = cls._create_user("ledger.manager", "manager")
        cls.finance = cls._create_user("ledger.finance", "finance_manager")
        cls.no_coverage = cls.env["hc.coverage"]

    @contextmanager
    def _refused(self, message, error=UserError):
        """A block that is refused; what it did is rolled back, as a request would be."""
        with self.assertRaisesRegex(error, message), self.env.cr.savepoint():
            yield

    def _bill_patient(self, number="P-1", **vals):
        """A case of an uninsured patient of its own."""
        patient = self._create_patient(f"20{number}")
        return self._bill(number, coverage=self.no_coverage, patient=patient, **vals)

    def _reason(self, usage):
        return self.env["hc.reason.code"].search([("usage", "=", usage)], limit=1)

    def _adjust(self, case, kind, amount, responsibility="payer_1", user=None, key=None, **values):
        """Request an adjustment or refund as a user."""
        return (
            case.with_user(user or self.manager)
            ._request_adjustment(
                kind,
                responsibility,
                amount,
                idempotency_key=key or f"{kind}:{case.transition_count}:{amount}",
                justification="agreed with the team",
                **values,
            )
            .sudo()
        )

    def _reverse(self, action, user=None, key=None):
        return (
            action.case_id.with_user(user or self.manager)
            ._request_reversal(
                action.with_user(user or self.manager),
                idempotency_key=key or f"reverse:{action.id}",
                justification="posted by mistake",
            )
            .sudo()
        )

    def _pay_amount(self, case, amount):
        """A payment of the party that was billed, settling what it can."""
        invoice = case.invoice_ids.filtered(lambda move: move.state == "posted")[:1]
        return (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"payment_date": fields.Date.today(), "amount": amount})
            ._create_payments()
        )

    def _overpay(self, case, amount):
        """Money of the billed party that settles nothing."""
        item = case._get_party_items("patient") or case._get_party_items("payer_1")
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": item.partner_id.id,
                "amount": amount,
            }
        )
        payment.action_post()
        return payment

    def _open(self, case):
        self.env["hc.balance"].invalidate_model()
        balances = self.env["hc.balance"].search([("case_id", "=", case.id)])
        return round(sum(balances.mapped("amount_open")), 2)

    def _assert_adds_up(self, case):
        """Charges − allowances and write-offs − payments = open receivable, and all balances."""
        charged = sum(
            case.charge_ids.filtered(lambda charge: charge.state == "billed").mapped("amount")
        )
        lines = self.env["account.move.line"].search(
            [("hc_case_id", "=", case.id), ("parent_state", "=", "posted")]
        )
        receivable = lines.filtered(lambda line: line.account_type == "asset_receivable")
        adjusted = sum(line.balance for line in lines - receivable if line.move_id.hc_action_id)
        partials = receivable.matched_credit_ids
        paid = sum(
            partial.amount
            for partial in partials
            if partial.credit_move_id.move_id.origin_payment_id
        )
        open_amount = sum(receivable.mapped("amount_residual"))
        self.assertAlmostEqual(charged - adjusted - paid, open_amount, 2)
        self.assertAlmostEqual(self._open(case), open_amount, 2)
        self.assertAlmostEqual(case._get_amounts_open().get(case.id, 0.0), open_amount, 2)
        for entry in lines.move_id:
            self.assertFalse(self.company.currency_id.round(sum(entry.line_ids.mapped("balance"))))
