# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from functools import partial

from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..models.hc_collection_account_portal import MAX_FILE_MEGABYTES, check_amount
from ..tools.patient_format import format_day, format_money
from .statement_documents import send_letter

# What a form of words may bring at most, and the form with a paper.
MAX_FORM_BYTES = 64 * 1024
_MAX_UPLOAD_BYTES = (MAX_FILE_MEGABYTES + 1) * 1024 * 1024
_ASKED_KINDS = ("plan", "assistance", "dispute")
_PRIVATE = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}


def find_account(account_id):
    """An account of the signed-in person; 404 for every other id, whatever it stands for."""
    accounts_sudo = request.env["hc.portal.access"]._get_accounts_of(request.env.user)
    account_sudo = accounts_sudo.filtered(lambda account: account.id == account_id)
    if not account_sudo:
        raise request.not_found()
    return account_sudo


def prepare_page(account, **values):
    """What every page of an account shows: words, figures and days of its language."""
    language = account._get_language()
    return {
        "account": account,
        "words": account._get_words(),
        "language": language,
        "lang_code": language.partition("_")[0],
        "money": partial(format_money, account.currency_id.name, language),
        "day": partial(format_day, language),
        "max_megabytes": MAX_FILE_MEGABYTES,
        "page_name": "health_bills",
        **values,
    }


def render_page(template, values):
    """Answer with a page that is kept nowhere."""
    response = request.render(template, values)
    response.headers.update(_PRIVATE)
    return response


class HealthBills(CustomerPortal):
    """The patients' portal: bills, what is owed by visit, and what can be asked for."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "health_bill_count" in counters:
            accounts = request.env["hc.portal.access"]._get_accounts_of(request.env.user)
            values["health_bill_count"] = len(accounts)
        return values

    @http.route("/my/health-bills", type="http", auth="user", website=True, methods=["GET"])
    def show_accounts(self, done=None, **_parameters):
        """Show what the signed-in person owes, and their bills."""
        accounts = request.env["hc.portal.access"]._get_accounts_of(request.env.user)
        message = done if done in ("sent", "closed", "paid", "waiting") else None
        pages = [
            prepare_page(
                account,
                statements=account._get_portal_statements(),
                cases=account._get_portal_cases(),
                payable=account._get_payable_amount(),
                nothing=account._say_nothing_to_pay(),
                figures=account._get_portal_figures(),
            )
            for account in accounts
        ]
        values = {"pages": pages, "message": message, "page_name": "health_bills"}
        return render_page("hc_collections.portal_accounts", values)

    @http.route(
        "/my/health-bills/<int:account_id>/statements/<int:statement_id>",
        type="http", auth="user", website=True, methods=["GET"],
    )  # fmt: skip
    def show_statement(self, account_id, statement_id, **_parameters):
        """Show one bill as the letter says it."""
        statement = self._find_statement(account_id, statement_id)
        values = prepare_page(
            statement.account_id,
            payable=statement.account_id._get_payable_amount(),
            **statement._prepare_letter_values(),
        )
        return render_page("hc_collections.portal_statement", values)

    @http.route(
        "/my/health-bills/<int:account_id>/statements/<int:statement_id>.pdf",
        type="http", auth="user", methods=["GET"],
    )  # fmt: skip
    def download_statement(self, account_id, statement_id, **_parameters):
        """Answer with exactly the bytes that were issued."""
        return send_letter(self._find_statement(account_id, statement_id))

    def _find_statement(self, account_id, statement_id):
        shown = find_account(account_id)._get_portal_statements()
        statement_sudo = shown.filtered(lambda statement: statement.id == statement_id)
        if not statement_sudo:
            raise request.not_found()
        return statement_sudo

    @http.route(
        "/my/health-bills/<int:account_id>/ask/<string:kind>",
        type="http", auth="user", website=True, methods=["GET"],
    )  # fmt: skip
    def show_request(self, account_id, kind, **_parameters):
        """Show the form for a plan, for help to pay, or for having a bill checked."""
        account = find_account(account_id)
        if kind not in _ASKED_KINDS:
            raise request.not_found()
        return self._render_request(account, kind)

    def _render_request(self, account, kind, error=None, entered=None):
        values = prepare_page(
            account,
            kind=kind,
            error=error,
            entered=entered or {},
            cases=account._get_portal_cases(),
            help_text=account._get_help_text() if kind == "assistance" else "",
        )
        return render_page("hc_collections.portal_request", values)

    @http.route(
        "/my/health-bills/<int:account_id>/ask/<string:kind>",
        type="http", auth="user", website=True, methods=["POST"],
        max_content_length=MAX_FORM_BYTES,
    )  # fmt: skip
    def send_request(self, account_id, kind, message="", amount="", case_id="", **_parameters):
        """Take a request; a person of the office answers it."""
        account = find_account(account_id)
        if kind not in _ASKED_KINDS:
            raise request.not_found()
        entered = {"message": message, "amount": amount, "case_id": case_id}
        try:
            options = self._read_request(account, kind, amount, case_id)
            contact = account._portal_request(kind, message, **options)
        except UserError as error:
            return self._render_request(account, kind, str(error), entered)
        return request.redirect(f"/my/health-bills?done={'sent' if contact else 'closed'}")

    def _read_request(self, account, kind, amount, case_id):
        """What a form says besides its message.

        :raise UserError: the amount is none, or more than is owed
        """
        if kind == "assistance":
            return {}
        if kind == "plan":
            return {"amount": check_amount(account, amount, account.amount_open)}
        cases = {
            str(case.id): (case, owed) for case, owed, _disputed in account._get_portal_cases()
        }
        if case_id not in cases:
            raise request.not_found()
        case, owed = cases[case_id]
        return {"case": case, "amount": check_amount(account, amount, owed)}

    @http.route(
        "/my/health-bills/<int:account_id>/documents",
        type="http", auth="user", website=True, methods=["POST"],
        max_content_length=_MAX_UPLOAD_BYTES,
    )  # fmt: skip
    def send_document(self, account_id, upload=None, message="", **_parameters):
        """Keep a paper that the guarantor sends; type and size are bounded."""
        account = find_account(account_id)
        # One byte more than allowed is read, never the whole of what somebody sends.
        content = upload.read(MAX_FILE_MEGABYTES * 1024 * 1024 + 1) if upload else b""
        try:
            contact = account._portal_receive_file(content, message)
        except UserError as error:
            return self._render_request(account, "document", str(error))
        return request.redirect(f"/my/health-bills?done={'sent' if contact else 'closed'}")

    @http.route(
        "/my/health-bills/<int:account_id>/documents",
        type="http", auth="user", website=True, methods=["GET"],
    )  # fmt: skip
    def show_document_form(self, account_id, **_parameters):
        """Show the form for papers."""
        return self._render_request(find_account(account_id), "document")
