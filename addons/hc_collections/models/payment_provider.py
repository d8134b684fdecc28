# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models
from odoo.exceptions import ValidationError


class PaymentProvider(models.Model):
    """Providers are outside of Odoo: what is observed does not reach them."""

    _inherit = "payment.provider"

    def _send_api_request(self, *args, **kwargs):
        if self.env["hc.automation"]._is_observing():
            raise ValidationError(self.env._("An observed run asks no payment provider."))
        return super()._send_api_request(*args, **kwargs)
