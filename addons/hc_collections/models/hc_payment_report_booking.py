# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How reports of payments are booked, and what is left to people."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

_QUIET = {"tracking_disable": True, "mail_create_nosubscribe": True, "mail_create_nolog": True}
_WAITING_DAYS = 3


class HcPaymentReport(models.Model):
    _inherit = "hc.payment.report"

    def _apply(self):
        """Book the report, or say what it waits for."""
        self.ensure_one()
        if self.event == "confirmed":
            self._apply_confirmed()
        elif self.event == "failed":
            self._apply_failed()
        else:
            self._apply_taking_back()

    def _apply_confirmed(self):
        payment = self._find_own_payment()
        account = payment.hc_account_id or self._find_account()
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
        """Book a confirmed payment on an account, and what waited for it."""
        self._write_guarded({"account_id": account.id})
        payment = payment or self._post_payment(account, "inbound")
        self._write_guarded({"payment_id": payment.id})
        self._transition("applied", facts={"account": account.id, "payment": payment.id})
        if not payment.hc_account_id:
            payment._enter_account(
                account, reference=self.reference, named=self._get_named_items(account)
            )
        waiting = self._search_of_payment([("state", "=", "waiting")])
        for report in waiting.sorted("id"):
            report._apply()

    def _apply_failed(self):
        """No money moves. A failed attempt goes to a person while the payment is not there."""
        account = self._find_own_payment().hc_account_id or self._find_account()
        if not account:
            self._leave_unmatched(self.env._("no account is known for it"))
            return
        self._write_guarded({"account_id": account.id})
        self._transition("applied", facts={"account": account.id})
        account._open_payment_item(
            "payment_failed",
            f"payment_failed:{self._name}:{self.id}",
            self.env._("Payment %s failed", self.reference),
            self.note or "",
        )

    def _apply_taking_back(self):
        payment = self._find_own_payment()
        if not payment:
            self._transition_where_allowed(
                "waiting", reason=self.env._("the payment was not confirmed yet")
            )
            return
        account = payment.hc_account_id
        self._write_guarded({"account_id": account.id})
        problem = self._check_taking_back(payment)
        if problem:
            self._leave_unmatched(problem)
            return
        refund = self._post_payment(account, "outbound", payment)
        self._write_guarded({"payment_id": refund.id})
        self._transition("applied", facts={"account": account.id, "payment": refund.id})
        refund._enter_account(account, reference=self.reference, refund_of=payment)
        if self.event == "charged_back":
            self._note_charge_back(account)

    def _check_taking_back(self, payment):
        """What is against taking so much back of a payment; empty where nothing is."""
        if self.currency_id != payment.currency_id:
            return self.env._("the payment was in %s", payment.currency_id.name)
        earlier = self.env["account.payment"].search(
            [("hc_refund_of_id", "=", payment.id), ("move_id.state", "=", "posted")]
        )
        left = payment.amount - sum(earlier.mapped("amount"))
        if self.currency_id.compare_amounts(self.amount, left) > 0:
            return self.env._(
                "only %(left)s of the payment is left to take back",
                left=self.currency_id.format(left),
            )
        return ""

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
        transaction = self.env["payment.transaction"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("provider_reference", "=", self.reference),
                ("state", "=", "done"),
                ("payment_id.hc_account_id", "!=", False),
            ],
            limit=1,
        )
        return transaction.payment_id

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
            "date": self.happened_on,
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
        account.check_access("write")
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
        """Book nothing of the report, with a reason."""
        self.ensure_one()
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
        self._run_in_batches(
            [("state", "=", "waiting"), ("create_date", "<", latest)], "_leave_waiting"
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
