# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.exceptions import ValidationError

_STRIPE = "stripe"
# Of Stripe's PaymentIntents: the money was taken, or is on its way.
_TAKEN = ("succeeded", "processing", "requires_capture")


class PaymentTransaction(models.Model):
    """A payment page that was left open may be finished at the provider hours later.

    Stripe keeps a PaymentIntent open until it is paid or cancelled, also after a declined card.
    """

    _inherit = "payment.transaction"

    hc_begun_reference = fields.Char(
        "Begun As",
        readonly=True,
        copy=False,
        help="What the provider calls the payment while it can still be finished or cancelled "
        "there.",
    )

    def _get_processing_values(self):
        values = super()._get_processing_values()
        intent = (values.get("client_secret") or "").partition("_secret")[0]
        if self.provider_code == _STRIPE and intent.startswith("pi_"):
            self.hc_begun_reference = intent
        return values

    def _close_at_provider(self):
        """Have a payment that was begun and not finished cancelled, or learn that it was made.

        What cannot be told, as the provider does not answer, stays as it is.
        """
        self.ensure_one()
        path = f"payment_intents/{self.hc_begun_reference}"
        try:
            intent = self._send_api_request(
                "POST", f"{path}/cancel", data={"cancellation_reason": "abandoned"}
            )
        except ValidationError:
            # It has ended in another way meanwhile, or Stripe is down.
            try:
                intent = self._send_api_request("GET", path)
            except ValidationError:
                return
        if intent["status"] in _TAKEN:
            self._process(_STRIPE, {"reference": self.reference, "payment_intent": intent})
        elif intent["status"] == "canceled":
            self.hc_begun_reference = False
            if self.state == "draft":
                self._set_canceled(self.env._("It was begun and never finished."))
