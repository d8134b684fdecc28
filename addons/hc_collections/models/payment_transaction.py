# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.fields import Domain


class PaymentTransaction(models.Model):
    """What Odoo's payment providers report changes the account of the patient at once."""

    _inherit = "payment.transaction"

    hc_instalment_id = fields.Many2one(
        "hc.payment.plan.instalment",
        "Instalment",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="Charged with it, or paid by its link: its plan is settled first.",
    )

    # A second charge of the same instalment is impossible while the first may still be paid.
    _hc_instalment_once = models.UniqueIndex(
        "(hc_instalment_id) WHERE hc_instalment_id IS NOT NULL AND operation = 'offline'"
        " AND state NOT IN ('cancel', 'error') AND hc_is_late IS NOT TRUE",
        "This instalment is being charged already.",
    )

    # Reports ask for payments by what the provider calls them.
    _hc_provider_reference = models.Index(
        "(provider_reference) WHERE provider_reference IS NOT NULL"
    )

    def _set_done(self, **kwargs):
        return super()._set_done(**kwargs)._wake_post_processing()

    def _set_canceled(self, *args, **kwargs):
        return super()._set_canceled(*args, **kwargs)._wake_post_processing()

    def _set_error(self, *args, **kwargs):
        return super()._set_error(*args, **kwargs)._wake_post_processing()

    def _wake_post_processing(self):
        """Nobody may be looking at the page that would do it."""
        if self:
            self.env.ref("payment.cron_post_process_payment_tx").sudo()._trigger()
        return self

    def action_refund(self, amount_to_refund=None):
        """Refunds to patients are requested on the case, so that more than one person decides."""
        for transaction in self:
            if transaction.sudo()._find_account():
                raise self.env["hc.refused.attempt"]._refuse(
                    transaction,
                    "refund",
                    self.env._(
                        "Refunds to patients are requested: open the case and use “Adjust Balance”."
                    ),
                    reason="provider_refund",
                )
        return super().action_refund(amount_to_refund=amount_to_refund)

    def _create_payment(self, **extra_create_values):
        """Book the money once: a report of the same payment may have come first."""
        account = self._find_account()
        if account:
            account.sudo()._lock_for_settlement()
            known = self._find_reported_payment(account)
            if known:
                self.payment_id = known
                return known
        source = self.source_transaction_id.payment_id
        if self.operation == "refund" and source.hc_account_id:
            with self.env["account.payment"]._permit_creation():
                return super()._create_payment(**extra_create_values, hc_refund_of_id=source.id)
        payment = super()._create_payment(**extra_create_values)
        if account:
            # Odoo's settlement of the invoices is as automatic as the suite's own.
            payment.sudo()._get_receivable_line().matched_debit_ids._mark_settlement()
        return payment

    def _get_references(self):
        """By which names a report may call this transaction."""
        return [name for name in (self.provider_reference, self.reference) if name]

    def _find_reported_payment(self, account):
        """What a report of the same payment, or of the same refund, has booked on the account."""
        is_refund = self.operation == "refund"
        report = self._find_report(account)
        payment = report.payment_id
        if payment and not is_refund and self.hc_instalment_id:
            named = self.hc_instalment_id.plan_id.sudo().item_ids
            payment._enter_account(account.sudo(), reference=payment.hc_reference, named=named)
        if payment and self.currency_id.compare_amounts(payment.amount, abs(self.amount)):
            report._note_difference(payment, abs(self.amount))
        return payment

    def _find_report(self, account):
        """The report of the same payment, or of the same refund, that was booked on the account."""
        is_refund = self.operation == "refund"
        return (
            self.env["hc.payment.report"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("account_id", "=", account.id),
                    ("event", "=", "refunded" if is_refund else "confirmed"),
                    ("state", "=", "applied"),
                    ("event_reference" if is_refund else "reference", "in", self._get_references()),
                    ("payment_id.move_id.state", "=", "posted"),
                ],
                limit=1,
            )
        )

    @api.model
    def _get_unposted_domain(self):
        """Payments that are confirmed and not in the ledger yet: a job posts them soon."""
        return Domain(
            [
                ("state", "=", "done"),
                ("is_post_processed", "=", False),
                ("payment_id", "=", False),
                ("operation", "not in", ("refund", "validation")),
            ]
        )

    def _post_process(self):
        result = super()._post_process()
        for transaction in self.sudo():
            transaction._follow_account()
        return result

    def _follow_account(self):
        """Let the account of the party follow a final state."""
        self.ensure_one()
        if self.state in ("done", "cancel", "error"):
            self._resolve_unknown()
        payment = self.payment_id
        if self.state == "cancel" and payment.hc_account_id:
            payment.hc_account_id._settle_payments()
        elif self.state == "error":
            self._follow_failure()
        elif self.state == "done" and payment and not payment.hc_account_id:
            account = self._find_account()
            if account:
                self._enter_payment(account)
            elif not self.invoice_ids:
                self._open_unmatched_item()

    def _find_account(self):
        """The patient's account of the payer, in the currency of the company; or none."""
        partners = self.partner_id | self.partner_id.commercial_partner_id
        account = self.env["hc.collection.account"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "in", partners.ids),
                ("party", "=", "patient"),
            ],
            limit=1,
        )
        return account if account.currency_id == self.currency_id else account.browse()

    def _enter_payment(self, account):
        """Settle what was paid: the plan or invoices it names, running plans, then the oldest."""
        payment = self.payment_id
        reference = self.provider_reference or self.reference
        if self.operation == "refund" or self.amount < 0:
            source = self.source_transaction_id.payment_id
            payment._enter_account(account, reference=reference, refund_of=source)
            return
        named = self.invoice_ids.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        own = self.hc_instalment_id.plan_id.item_ids
        named = own or named or account._get_planned_items()
        payment._enter_account(account, reference=reference, named=named)

    def _follow_failure(self):
        """A payment that nobody sees fail goes to a person."""
        account = self._find_account()
        if account:
            account._open_payment_item(
                "payment_failed",
                f"payment_failed:{self.id}",
                self.env._("Payment %s failed", self.reference),
                self.state_message or "",
            )

    def _open_unmatched_item(self):
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "payment_unmatched",
                    "queue_code": "patient_payments",
                    "dedup_key": f"payment_unmatched:{self._name}:{self.id}",
                    "name": self.env._("Payment %s belongs to no account", self.reference),
                    "description": self.env._(
                        "It was received and posted. Find out whose it is, and settle it."
                    ),
                    "company_id": self.company_id.id,
                    "res_model": self.payment_id._name,
                    "res_id": self.payment_id.id,
                }
            ]
        )
