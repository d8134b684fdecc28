# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..hc_dunning_core.statement_words import language_of
from .hc_billing_dispute import DAYS_TO_ANSWER

REQUEST_KINDS = {
    # kind: (purpose of the contact, work queue)
    "plan": ("plan", "financial_counseling"),
    "assistance": ("assistance", "financial_counseling"),
    "dispute": ("dispute", "billing"),
    "document": ("other", "billing"),
}
# Holds whose cases the portal does not show: nothing of them is to be asked for.
_HIDING_HOLDS = ("estimate_dispute",)
MAX_REQUESTS_PER_DAY = 10
MAX_MESSAGE_LENGTH = 2000
MAX_FILE_MEGABYTES = 10
# What a file begins with says what it is; its name and the browser's word do not.
_FILE_TYPES = {
    b"%PDF-": ("application/pdf", "pdf"),
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
    b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
}


class HcCollectionAccount(models.Model):
    """What guarantors see of their account in the portal, and what they ask for there."""

    _inherit = "hc.collection.account"

    portal_access_ids = fields.One2many("hc.portal.access", "account_id", readonly=True)
    portal_requests_on = fields.Date(readonly=True, copy=False)
    portal_request_count = fields.Integer(
        "Requests of That Day", readonly=True, copy=False, help="In the portal, of all persons."
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"portal_requests_on", "portal_request_count"}

    def _get_language(self):
        return language_of(self.sudo().patient_id.language)

    def _get_statement_policy(self):
        today = fields.Date.context_today(self)
        return self.env["hc.statement.policy"]._get_for(self.company_id, today)

    def _get_help_text(self):
        """What the office says about help to pay, in the guarantor's language."""
        return self._get_statement_policy()._get_text(self._get_language()).help_text

    def _get_other_ways_to_pay(self):
        """How to pay where the portal takes no payment."""
        return self._get_statement_policy()._get_ways_to_pay(self.company_id)

    def action_invite_to_portal(self):
        """Send the guarantor an invitation to see and pay their bills online."""
        self.check_access("write")
        self.env["hc.portal.access"]._invite(self)

    @api.model
    def _get_shown_states(self):
        """States of statements that the portal shows."""
        return ("issued", "sent", "returned")

    def _get_portal_statements(self):
        return self.statement_ids.filtered(lambda one: one.state in self._get_shown_states())

    def _get_portal_figures(self):
        """What is owed now, as the next statement would say it: an ``OpenFigures``."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        # Who asks sees what they owe, on a plan or with an agency too.
        return self.env["hc.statement"]._read_open(self, today, _HIDING_HOLDS)[self.id]

    def _get_portal_cases(self):
        """Rows of what is owed by visit: ``(case, open, disputed)``, as the ledger says now."""
        figures = self._get_portal_figures()
        cases = self.env["hc.billing.case"].sudo().browse(figures.cases)
        return [(case, *figures.cases[case.id]) for case in cases.sorted("service_date_from")]

    def _get_payable_amount(self):
        """What may be paid at most: what is open, less what is unassigned, under way, unposted."""
        self.ensure_one()
        coming = self._get_pending_payments() | self._get_unposted_payments()
        payable = self.amount_open - self.amount_unapplied - sum(coming.mapped("amount"))
        return max(0.0, self.currency_id.round(payable))

    def _get_payable_invoices(self):
        """Open invoices, the oldest due first."""
        items = self.item_ids.filtered(
            lambda item: (
                item.amount_residual > 0
                and item.parent_state == "posted"
                and item.move_id.move_type == "out_invoice"
            )
        )
        return items.sorted(lambda item: (item.date_maturity or item.date, item.id)).move_id

    def _portal_request(self, kind, message="", *, case=None, amount=0.0):
        """Enter what a guarantor asks for: a contact, and work for somebody.

        :param str kind: ``plan``, ``assistance`` or ``dispute``
        :param case: the visit that a dispute is about
        :param float amount: what they can pay each month, or what they dispute
        :return: the contact; empty where too much was asked for today
        :raise ValidationError: the request says nothing, or more than is owed
        """
        self.ensure_one()
        message = (message or "").strip()[:MAX_MESSAGE_LENGTH]
        if kind == "dispute" and not message:
            raise ValidationError(self._get_words()["portal_empty"])
        if case and case.id not in [one.id for one, _open, _disputed in self._get_portal_cases()]:
            raise ValidationError(self._get_words()["portal_empty"])
        if not self._take_request():
            return self.env["hc.contact"]
        if kind == "dispute" and case in self.sudo()._get_disputable_amounts():
            return self._portal_dispute(case, amount, message)
        if kind == "assistance" and not self._has_open_application():
            return self._portal_assistance(message)
        return self._enter_request(kind, message, case=case, amount=amount)

    def _enter_request(self, kind, message, *, case=None, amount=0.0, document=None):
        purpose, queue_code = REQUEST_KINDS[kind]
        contact = self.env["hc.contact"]._record(
            [
                {
                    "account_id": self.id,
                    "case_id": case.id if case else False,
                    "key": f"portal:{self.portal_requests_on}:{self.portal_request_count}",
                    "direction": "in",
                    "channel": "portal",
                    "purpose": purpose,
                    "subject": self._get_request_title(kind),
                    "body": self._render_request(message, amount, document),
                    "user_id": self.env.uid,
                }
            ]
        )
        contact.sudo()._transition("done", reason=self.env._("asked in the portal"))
        self.env["hc.work.item"]._open(
            [self._prepare_request_item(kind, queue_code, contact, case)]
        )
        return contact

    def _portal_dispute(self, case, amount, message):
        """Hold what a guarantor disputes from this moment on; a person looks into it.

        :return: the contact that says so
        """
        account = self.sudo()
        today = fields.Date.context_today(self)
        _responsibility, disputable = account._get_disputable_amounts()[case.sudo()]
        dispute = (
            self.env["hc.billing.dispute"]
            .sudo()
            ._open(
                account,
                {case.sudo(): min(amount or disputable, disputable)},
                kind="other",
                description=message,
                channel="portal",
                received_on=today,
                due_on=today + timedelta(days=DAYS_TO_ANSWER),
                owner_id=self._get_portal_owner().id,
            )
        )
        return dispute._get_received_contact()

    def _portal_assistance(self, message):
        """Take an application in from this moment on: nothing is followed up until it is decided.

        :return: the contact that says so
        """
        application = (
            self.env["hc.assistance.application"]
            .sudo()
            ._receive(
                self.sudo(),
                channel="portal",
                message=message,
                applied_on=fields.Date.context_today(self),
                owner_id=self._get_portal_owner().id,
            )
        )
        return application._get_received_contact()

    def _get_portal_owner(self):
        """Who gets what is asked in the portal."""
        account = self.sudo()
        owner = account.collector_id or account._get_supervisors()[:1]
        # Nobody's is the bot's, whose items lie in their queue for everybody.
        return owner or self.env.ref("base.user_root")

    @api.model
    def _get_request_title(self, kind):
        titles = {
            "plan": self.env._("Asks for a payment plan"),
            "assistance": self.env._("Asks for financial assistance"),
            "dispute": self.env._("Disputes a charge"),
            "document": self.env._("Sent a document"),
        }
        return titles[kind]

    def _render_request(self, message, amount, document):
        return self.env["ir.qweb"]._render(
            "hc_collections.portal_request_body",
            {
                "message": message,
                "amount": amount and self.currency_id.format(amount),
                "document": document and document.name,
            },
            minimal_qcontext=True,
        )

    def _prepare_request_item(self, kind, queue_code, contact, case):
        return {
            "kind": "portal_request",
            "name": self.env._(
                "%(title)s: %(account)s", title=self._get_request_title(kind), account=self.name
            ),
            "dedup_key": f"portal_request:{kind}:{contact.id}",
            "queue_code": queue_code,
            "company_id": self.company_id.id,
            "case_id": case.id if case else False,
            "res_model": contact._name,
            "res_id": contact.id,
        }

    def _take_request(self):
        """Whether one more request of the day is taken; it is counted then.

        The row itself counts: of two requests at one moment the later one is tried again, and
        sees the earlier one.
        """
        account = self.sudo()
        today = fields.Date.context_today(self)
        count = account.portal_request_count if account.portal_requests_on == today else 0
        if count >= MAX_REQUESTS_PER_DAY:
            return False
        account._write_guarded({"portal_requests_on": today, "portal_request_count": count + 1})
        account.flush_recordset(["portal_requests_on", "portal_request_count"])
        return True

    def _portal_receive_file(self, content, message=""):
        """Keep a paper that a guarantor sent, and have somebody look at it.

        :param bytes content: the file
        :return: the contact; empty where too much was sent today
        :raise ValidationError: it is empty, too large or of another type
        """
        self.ensure_one()
        found = next(
            (kind for start, kind in _FILE_TYPES.items() if content.startswith(start)), None
        )
        if not found or len(content) > MAX_FILE_MEGABYTES * 1024 * 1024:
            words = self._get_words()
            raise ValidationError(words["portal_bad_file"].format(size=MAX_FILE_MEGABYTES))
        if not self._take_request():
            return self.env["hc.contact"]
        mimetype, extension = found
        name = self.env._("From the portal, %(account)s", account=self.name)
        document = (
            self.env["hc.document"]
            .sudo()
            .create({"name": name, "document_type": "other", "patient_id": self.patient_id.id})
        )
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{self.name}.{extension}",
                    "raw": content,
                    "mimetype": mimetype,
                    "res_model": document._name,
                    "res_id": document.id,
                }
            )
        )
        document.attachment_ids = attachment
        message = (message or "").strip()[:MAX_MESSAGE_LENGTH]
        return self._enter_request("document", message, document=document)


def check_amount(account, amount, most):
    """The amount as a number that may be paid or asked about.

    :raise UserError: it is none, or beyond the bounds
    """
    value = _read_amount(account, amount)
    if not 0 < value <= most:
        words = account._get_words()
        currency = account.currency_id
        raise UserError(
            words["portal_bad_amount"].format(
                least=currency.format(currency.rounding), most=currency.format(most)
            )
        )
    return value


def check_payment(account, amount, most, instalment_id=False):
    """The amount as a number that may be paid now.

    :param int instalment_id: of a plan, where it is paid by its link
    :raise UserError: it is none, beyond the bounds, or was just paid
    """
    value = _read_amount(account, amount)
    if value > 0 and account._find_repeated_payment(value, instalment_id):
        words = account._get_words()
        raise UserError(words["portal_pay_again"].format(amount=account.currency_id.format(value)))
    return check_amount(account, amount, most)


def _read_amount(account, amount):
    """The amount as a number; 0 where it is none."""
    try:
        return account.currency_id.round(float(amount))
    except (TypeError, ValueError, OverflowError):
        return 0.0
