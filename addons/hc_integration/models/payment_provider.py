# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from ipaddress import ip_address
from urllib.parse import urlsplit

from odoo import api, models
from odoo.exceptions import ValidationError

from ..hc_webhook_core.errors import BorderError
from ..hc_webhook_core.signatures import check_proof, read_key

# Where Odoo's modules for providers keep the secret that their confirmations are signed with.
# Without it a provider's module takes confirmations that anybody could have sent.
WEBHOOK_SECRETS = {
    "adyen": "adyen_hmac_key",
    "flutterwave": "flutterwave_webhook_secret",
    "razorpay": "razorpay_webhook_secret",
    "stripe": "stripe_webhook_secret",
    "worldline": "worldline_webhook_secret",
    "xendit": "xendit_webhook_token",
}
# Payments of this provider are made up by whoever asks for them.
DEMO_CODE = "demo"
LIVE_STATES = ("enabled", "test")


def is_loopback(host):
    """Whether a host name or address is this machine itself.

    >>> is_loopback("localhost"), is_loopback("127.0.0.1"), is_loopback("pay.example.com")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


class PaymentProvider(models.Model):
    """No provider is live whose confirmations anybody could forge."""

    _inherit = "payment.provider"

    @api.constrains(
        lambda self: ["state", "code", *self._fields.keys() & set(WEBHOOK_SECRETS.values())]
    )
    def _check_confirmations_are_signed(self):
        for provider in self:
            if reason := provider._get_forgeable_reason():
                raise ValidationError(reason)

    def _get_forgeable_reason(self):
        """Why the confirmations of this live provider cannot be trusted; empty where they can."""
        self.ensure_one()
        provider_sudo = self.sudo()
        if provider_sudo.state not in LIVE_STATES:
            return ""
        if provider_sudo.code == DEMO_CODE and not self._is_demonstration():
            return self.env._(
                "%(provider)s makes payments up: it is for databases with demonstration data whose "
                "address (web.base.url) is this machine itself. Use another provider.",
                provider=provider_sudo.name,
            )
        name = WEBHOOK_SECRETS.get(provider_sudo.code)
        if name not in self._fields:
            return ""
        secret = provider_sudo[name] or ""
        if not secret:
            return self.env._(
                "%(provider)s has no %(field)s: anybody could confirm payments in its name. Enter "
                "the secret that the provider shows for its webhook, then enable it.",
                provider=provider_sudo.name,
                field=self._fields[name].string,
            )
        if provider_sudo.code == "stripe" and read_key("stripe", secret) is None:
            return self.env._(
                "The %(field)s of %(provider)s is too short to be one. Copy the whole of it.",
                provider=provider_sudo.name,
                field=self._fields[name].string,
            )
        return ""

    @api.model
    def _is_demonstration(self):
        """Whether this is a database with demonstration data that is reached on loopback only."""
        has_demo_data = (
            self.env["ir.module.module"]
            .sudo()
            .search_count([("name", "=", "base"), ("demo", "=", True)], limit=1)
        )
        address = self.env["ir.config_parameter"].sudo().get_param("web.base.url", "")
        return bool(has_demo_data) and is_loopback(urlsplit(address).hostname)

    @api.model
    def _cron_watch_confirmations(self):
        """Scheduled Action: providers that were live before this module came, or by other ways."""
        live = self.search([("state", "in", LIVE_STATES)])
        reasons = {provider: provider._get_forgeable_reason() for provider in live}
        self.env["hc.work.item"]._open(
            [provider._prepare_forgeable_item(text) for provider, text in reasons.items() if text]
        )

    def _prepare_forgeable_item(self, reason):
        return {
            "kind": "manual",
            "severity": "critical",
            "queue_code": "operations",
            "dedup_key": f"payment_provider:{self.id}:forgeable",
            "name": self.env._("Confirmations of %(provider)s can be forged", provider=self.name),
            "description": reason,
            "company_id": self.company_id.id,
        }

    def _has_signed(self, proof, body):
        """Whether this Stripe provider's secret signed the body.

        :param proof: :class:`~..hc_webhook_core.signatures.Proof`
        """
        try:
            check_proof(proof, body, [self.sudo().stripe_webhook_secret or ""])
        except BorderError:
            return False
        return True
