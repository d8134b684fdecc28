# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How reports of payments are booked, and what is left to people."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

_QUIET = {"tracking_disable": True, "mail_create_nosubscribe": True, "mail_create_nolog": True}
_WAITING_DAYS = 3
_UNFINISHED = ("draft", "pending", "authorized", "error")
_DISMISSERS = ("hc_revenue_base.group_hc_supervisor", "hc_revenue_base.group_hc_finance_manager")


class HcPaymentReport(models.Model):
    _inherit = "hc.payment.report"

    def _apply(self):
        """Book the report, or say what it waits for."""
        self.ensure_one()
        if self.event == "confirmed":
            self._apply_confirmed()
        elif self.event == "failed":
            self._apply_failed()
        elif self.event == "reversal_undone":
            self._apply_won_back()
        else:
            self._apply_taking_back()

    def _apply_confirmed(self):
        payment = self._find_own_payment()
        account = payment.hc_account_id or self._find_account()
        # Whose it is Odoo may know better than the sender: who began the payment there.
        account = account or self._find_own_transactions([])[:1]._find_account()
        if not account:
            self._leave_unmatched(self.env._("no account is known for it"))
            return
        if account.currency_id != self.currency_id:
            self._leave_unmatched(
                self.env._(
                    "it is in %(currency)s, the account is in %(own)s",
                    currency=self.currency_id.name,
                    own=account.currency_id.name,
                )
            )
            return
        self._book(account, payment)

    def _book(self, account, payment=None):
        """Book a confirmed payment on an account, once, and what waited for it."""
        self._write_guarded({"account_id": account.id})
        # Odoo's own payments of the account are booked behind the same lock.
        account._lock_for_settlement()
        payment = payment or self._finish_own_transaction(account)
        if payment and self.currency_id.compare_amounts(payment.amount, self.amount):
            self._note_difference(payment, self.amount)
        payment = payment or self._post_payment(account, "inbound")
        self._write_guarded({"payment_id": payment.id})
        self._transition("applied", facts={"account": account.id, "payment": payment.id})
        if not payment.hc_account_id:
            payment._enter_account(
                account, reference=self.reference, named=self._get_named_items(account)
            )
        self._forget_failures()
        self._retry_waiting()

    def _retry_waiting(self):
        """Book what waited for this report."""
        for report in self._search_of_payment([("state", "=", "waiting")]).sorted("id"):
            if report.state == "waiting":
                report._apply()

    def _apply_failed(self):
        """No money moves. A failed attempt goes to a person while the payment is not there."""
        payment = self._find_own_payment()
        account = payment.hc_account_id or self._find_account()
        own = self._find_own_transactions([("state", "in", _UNFINISHED)])
        account = account or own[:1]._find_account()
        if not account:
            self._leave_unmatched(self.env._("no account is known for it"))
            return
        self._write_guarded({"account_id": account.id})
        self._transition("applied", facts={"account": account.id, "payment": payment.id})
        if own and not payment:
            # Odoo's own failure goes to a person by itself.
            own._set_error(self.note or self.env._("reported as failed"))
            own._post_process()
        elif not payment:
            account._open_payment_item(
                "payment_failed",
                self._get_failure_key(),
                self.env._("Payment %s failed", self.reference),
                self.note or "",
            )

    def _get_failure_key(self):
        return f"payment_failed:{self._name}:{self.id}"

    def _forget_failures(self):
        """An attempt that failed is nobody's work any more: the payment has come."""
        failed = self._search_of_payment([("event", "=", "failed")])
        items = self.env["hc.work.item"].search(
            [
                ("dedup_key", "in", [report._get_failure_key() for report in failed]),
                ("state", "in", ("open", "in_progress")),
            ]
        )
        if items:
            items._resolve("fixed")

    def _note_difference(self, payment, amount):
        """Two systems tell different amounts of one payment: it is booked once, a person asks."""
        payment.hc_account_id._open_payment_item(
            "payment_unmatched",
            f"payment_differs:{payment.id}",
            self.env._("Payment %s is told with two amounts", self.reference),
            self.env._(
                "%(booked)s is booked, %(other)s was told as well. Ask the provider.",
                booked=payment.currency_id.format(payment.amount),
                other=payment.currency_id.format(amount),
            ),
        )

    def _search_of_payment(self, domain):
        """Reports of the same payment."""
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("source_id", "=", self.source_id.id),
                ("reference", "=", self.reference),
                *domain,
            ]
        )

    def _find_own_payment(self):
        """The payment that the report is about: reported before, or made through Odoo."""
        confirmed = self._search_of_payment(
            [("event", "=", "confirmed"), ("state", "=", "applied")]
        )
        if confirmed:
            return confirmed[:1].payment_id
        return self._find_own_transactions(
            [("state", "=", "done"), ("payment_id.hc_account_id", "!=", False)]
        )[:1].payment_id

    def _find_own_transactions(self, domain):
        """Payments through Odoo that the report is about, by either name."""
        transactions = self.env["payment.transaction"].sudo()
        mine = Domain([("company_id", "=", self.company_id.id), ("operation", "!=", "refund")])
        named = Domain("provider_reference", "=", self.reference) | Domain(
            "reference", "=", self.reference
        )
        return transactions.search(mine & named & Domain(domain))

    def _finish_own_transaction(self, account):
        """Book a payment through Odoo whose provider's answer has not come, or was lost.

        :return: the payment; empty where no transaction is of this account and amount
        """
        self.env["payment.transaction"].flush_model()
        for transaction in self._find_own_transactions([("state", "in", _UNFINISHED)]):
            is_same = (
                transaction._find_account() == account
                and transaction.currency_id == self.currency_id
                and not self.currency_id.compare_amounts(transaction.amount, self.amount)
            )
            if is_same:
                transaction.provider_reference = transaction.provider_reference or self.reference
                transaction._set_done()
                transaction._post_process()
                return transaction.payment_id
        return self._find_own_payment()

    def _find_account(self):
        """The patient's account that the report names, by its number or that of a case."""
        accounts = self.env["hc.collection.account"]
        domain = [("company_id", "=", self.company_id.id), ("party", "=", "patient")]
        if self.account_number:
            return accounts.search([*domain, ("name", "=", self.account_number)])
        cases = self._get_named_cases()
        partners = {case._get_party("patient") for case in cases}
        if len(partners) != 1:
            return accounts
        return accounts.search([*domain, ("partner_id", "=", partners.pop().id)])

    def _get_named_cases(self):
        numbers = (self.case_numbers or "").split(", ")
        return self.env["hc.billing.case"].search(
            [("company_id", "=", self.company_id.id), ("name", "in", numbers)]
        )

    def _get_named_items(self, account):
        """Open items that the party meant: of the cases given, else of its plans."""
        cases = self._get_named_cases()
        if cases:
            items = self.env["account.move.line"].search(
                [
                    ("hc_case_id", "in", cases.ids),
                    ("partner_id", "=", account.partner_id.id),
                    ("account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                    ("balance", ">", 0),
                ]
            )
            if items:
                return items
        return account._get_planned_items()

    def _post_payment(self, account, payment_type, refund_of=None):
        """Post the money that came in, or was taken back, in the journal of the source."""
        journal = self.source_id.journal_id
        if not journal[f"{payment_type}_payment_method_line_ids"]:
            raise UserError(
                self.env._(
                    "%s has no payment method of this direction. Add one to the journal.",
                    journal.display_name,
                )
            )
        payment = (
            self.env["account.payment"]
            .with_company(self.company_id)
            .with_context(**_QUIET, force_payment_move=True)
            ._create_guarded(
                [self._prepare_payment_vals(account, payment_type, journal, refund_of)]
            )
        )
        payment.action_post()
        return payment

    def _prepare_payment_vals(self, account, payment_type, journal, refund_of):
        partner = account.partner_id.with_company(self.company_id)
        return {
            "payment_type": payment_type,
            "partner_type": "customer",
            "partner_id": partner.id,
            "destination_account_id": partner.property_account_receivable_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "journal_id": journal.id,
            "amount": self.amount,
            # A day that has not begun here would be missing from today's balance.
            "date": min(self.happened_on, fields.Date.context_today(self)),
            "memo": f"{self.source_id.name} {self.reference}",
            "hc_refund_of_id": refund_of.id if refund_of else False,
        }

    def _leave_unmatched(self, reason):
        """Give the report to a person at once."""
        self._transition_where_allowed("unmatched", reason=reason)
        self._open_unmatched_item(reason)

    def _open_unmatched_item(self, reason):
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "payment_unmatched",
                    "queue_code": "patient_payments",
                    "dedup_key": f"payment_unmatched:{self.id}",
                    "name": self.env._("Payment %s is not booked", self.display_name),
                    "description": self.env._(
                        "Reported by %(sender)s: %(reason)s. Assign it to an account, or dismiss "
                        "it with a reason.",
                        sender=self.source_id.name,
                        reason=reason,
                    ),
                    "company_id": self.company_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )

    def _resolve_item(self):
        items = self.env["hc.work.item"].search(
            [("dedup_key", "in", [f"payment_unmatched:{report_id}" for report_id in self.ids])]
        )
        items._resolve("fixed")

    def _assign(self, account):
        """Book a confirmed payment that no account was known for.

        :raise UserError: it is none, or the account is in another currency
        """
        self.ensure_one()
        self.check_access("write")
        # Finance books what it may see, and works no account.
        account.check_access("read")
        report = self.sudo()
        report._lock_for_transition(["state"])
        if report.state != "unmatched" or report.event != "confirmed":
            raise UserError(self.env._("Only confirmed payments that are not booked are assigned."))
        if account.sudo().currency_id != report.currency_id or account.party != "patient":
            raise UserError(
                self.env._(
                    "Choose a patient's account in %(currency)s.", currency=report.currency_id.name
                )
            )
        if account.sudo().company_id != report.company_id:
            raise UserError(self.env._("This account is another company's."))
        report._book(account.sudo())
        report._resolve_item()

    def _dismiss(self, reason):
        """Book nothing of the report, with a reason.

        :raise AccessError: the user is no supervisor and not of finance
        :raise UserError: the reason says nothing
        """
        self.ensure_one()
        if not any(map(self.env.user.has_group, _DISMISSERS)):
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "dismiss",
                self.env._("Supervisors and finance dismiss payment reports: ask one."),
                reason="payment_report",
            )
        self.check_access("write")
        if len((reason or "").strip()) < 10:
            raise UserError(self.env._("Say in a sentence why: the audit log keeps it."))
        report = self.sudo()
        report._transition("dismissed", reason=reason.strip())
        report._resolve_item()

    @api.model
    def _cron_sweep_waiting(self):
        """Scheduled Action: refunds whose payment does not come go to a person."""
        latest = fields.Datetime.to_string(self.env.cr.now() - timedelta(days=_WAITING_DAYS))
        self._run_at_offices(
            lambda reports: [("state", "=", "waiting"), ("create_date", "<", latest)],
            "_leave_waiting",
        )

    def _leave_waiting(self):
        for report in self:
            report._open_unmatched_item(self.env._("its payment was never confirmed"))

    def action_open_assign(self):
        """Ask whose payment it is, or why it is not ours."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payment %s", self.reference),
            "res_model": "hc.payment.report.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_report_id": self.id},
        }


class HcCollectionAccount(models.Model):
    _inherit = "hc.collection.account"

    def _open_payment_item(self, kind, key, name, description):
        """Give something about a payment of the account to a person at once."""
        self.ensure_one()
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": kind,
                    "queue_code": "patient_payments",
                    "dedup_key": key,
                    "name": f"{self.sudo().name}: {name}",
                    "description": description,
                    "company_id": self.sudo().company_id.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )
