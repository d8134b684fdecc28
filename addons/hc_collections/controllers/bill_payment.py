# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.http import request

from odoo.addons.payment import utils as payment_utils
from odoo.addons.payment.controllers.portal import PaymentPortal

from ..models.hc_collection_account_portal import check_payment
from .health_bills import MAX_FORM_BYTES, find_account, prepare_page, render_page

_MAX_TOKEN_LENGTH = 64


def find_bill(token):
    """The statement of a printed link, as sudo; 404 for any other word.

    A void or draft statement has no link. The account behind it says what is open now.
    """
    statement_sudo = request.env["hc.statement"].sudo()
    if token and len(token) <= _MAX_TOKEN_LENGTH:
        statement_sudo = statement_sudo.search(
            [
                ("access_token", "=", token),
                ("state", "in", statement_sudo.account_id._get_shown_states()),
            ],
            limit=1,
        )
    if not statement_sudo:
        raise request.not_found()
    return statement_sudo


class BillPayment(PaymentPortal):
    """Paying a bill: signed in, or with the link that is printed on it.

    The payment is made for the ledger partner and settles its oldest invoices. How much may be
    paid is asked of the ledger, once for the page and again when the payment begins.
    """

    @http.route(
        "/my/health-bills/<int:account_id>/pay",
        type="http", auth="user", website=True, methods=["GET"],
    )  # fmt: skip
    def show_payment(self, account_id, amount=None, **_parameters):
        """Show the payment form of an account."""
        base = f"/my/health-bills/{account_id}"
        return self._render_payment(
            find_account(account_id),
            amount,
            page_url=f"{base}/pay",
            transaction_route=f"{base}/transaction",
            back_url="/my/health-bills",
        )

    @http.route("/bill/<string:token>", type="http", auth="public", website=True, methods=["GET"])
    def show_bill(self, token, amount=None, done=None, **_parameters):
        """Show what is to be paid to who has the letter in hand: the amount, and no visit."""
        statement = find_bill(token)
        return self._render_payment(
            statement.account_id,
            amount,
            page_url=f"/bill/{token}",
            transaction_route=f"/bill/{token}/transaction",
            back_url=None,
            statement=statement,
            message="paid" if done else None,
        )

    def _render_payment(self, account, amount, *, payable=None, instalment_id=False, **values):
        """Show the payment form; ``payable`` is the most that may be paid, else what is open."""
        payable = account._get_payable_amount() if payable is None else payable
        error, chosen = None, payable
        if amount is not None and payable:
            try:
                chosen = check_payment(account, amount, payable, instalment_id)
            except UserError as refusal:
                error = str(refusal)
        if chosen:
            values |= self._prepare_form(account, chosen, values["transaction_route"])
            values |= account._get_other_ways_to_pay()
        values |= {"payable": payable, "amount": chosen, "error": error}
        values["nothing"] = account._say_nothing_to_pay()
        return render_page("hc_collections.portal_payment", prepare_page(account, **values))

    def _prepare_form(self, account, amount, transaction_route):
        """What Odoo's payment form needs; cards that somebody keeps are not offered here."""
        partner, currency = account.partner_id, account.currency_id
        report = {}
        providers, methods = self._find_ways(account, amount, report)
        return {
            "mode": "payment",
            "amount": amount,
            "currency": currency,
            "partner_id": partner.id,
            "reference_prefix": account.name,
            "providers_sudo": providers,
            "payment_methods_sudo": methods,
            "tokens_sudo": request.env["payment.token"],
            "show_tokenize_input_mapping": dict.fromkeys(providers.ids, False),
            "availability_report": report,
            "transaction_route": transaction_route,
            "landing_route": "/my/health-bills",
            "access_token": payment_utils.generate_access_token(partner.id, amount, currency.id),
            "allow_token_selection": False,
        }

    @http.route(
        "/my/health-bills/<int:account_id>/transaction",
        type="jsonrpc", auth="user", max_content_length=MAX_FORM_BYTES,
    )  # fmt: skip
    def start_payment(self, account_id, access_token=None, **parameters):
        """Begin the payment of an account."""
        account = find_account(account_id)
        return self._start(account, access_token, "/my/health-bills?done=waiting", parameters)

    @http.route(
        "/bill/<string:token>/transaction",
        type="jsonrpc", auth="public", max_content_length=MAX_FORM_BYTES,
    )  # fmt: skip
    def start_bill_payment(self, token, access_token=None, **parameters):
        """Begin the payment of a printed bill."""
        account = find_bill(token).account_id
        return self._start(account, access_token, f"/bill/{token}?done=1", parameters)

    def _start(
        self, account, access_token, landing_route, parameters, *, payable=None, **create_values
    ):
        """Begin a payment of an amount that is owed, whatever the client says it wants.

        :param float payable: the most that may be paid, else all that is open
        :param create_values: of the transaction, instead of the invoices that it pays
        :raise ValidationError: the amount is not that of the page, more than is open now, was just
            paid, or is being paid in another window
        """
        self._validate_transaction_kwargs(parameters)
        payable = account._get_payable_amount() if payable is None else payable
        try:
            part_id = create_values.get("hc_instalment_id", False)
            amount = check_payment(account, parameters.get("amount"), payable, part_id)
        except UserError as error:
            raise ValidationError(str(error)) from error
        partner, currency = account.partner_id, account.currency_id
        if not payment_utils.check_access_token(access_token, partner.id, amount, currency.id):
            raise ValidationError(account._get_words()["portal_pay_none"])
        if parameters.get("flow") not in ("direct", "redirect"):
            raise ValidationError(account._get_words()["portal_pay_none"])
        provider, method = self._find_way(account, amount, parameters)
        late = account._close_forgotten_payments(amount, payable, part_id)
        if late:
            request.env.cr.commit()  # tidy: allow commit - what the provider told is not forgotten
            raise ValidationError(account._describe_begun(late))
        try:
            account._begin_payment(amount, payable, part_id)
        except UserError as error:
            raise ValidationError(str(error)) from error
        transaction = self._create_transaction(
            provider_id=provider.id,
            payment_method_id=method.id,
            token_id=None,
            amount=amount,
            currency_id=currency.id,
            partner_id=partner.id,
            flow=parameters["flow"],
            tokenization_requested=False,
            landing_route=landing_route,
            reference_prefix=account.name,
            custom_create_values=create_values
            or {"invoice_ids": [Command.set(account._get_payable_invoices().ids)]},
        )
        return transaction._get_processing_values()

    def _find_way(self, account, amount, parameters):
        """The chosen provider and method, if they are among those that were offered.

        :raise ValidationError: they are not
        """
        providers, methods = self._find_ways(account, amount)
        provider = providers.filtered(lambda one: one.id == parameters.get("provider_id"))
        method = methods.filtered(lambda one: one.id == parameters.get("payment_method_id"))
        if not provider or not method:
            raise ValidationError(account._get_words()["portal_pay_none"])
        return provider, method

    def _find_ways(self, account, amount, report=None):
        """Providers and methods that are offered for an amount, as sudo."""
        partner, currency = account.partner_id, account.currency_id
        providers = (
            request.env["payment.provider"]
            .sudo()
            ._get_compatible_providers(
                account.company_id.id, partner.id, amount, currency_id=currency.id, report=report
            )
        )
        methods = (
            request.env["payment.method"]
            .sudo()
            ._get_compatible_payment_methods(
                providers.ids, partner.id, currency_id=currency.id, report=report
            )
        )
        return providers, methods
