# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from contextlib import contextmanager
from contextvars import ContextVar

from odoo import models
from odoo.exceptions import ValidationError

from .payment_provider import DEMO_CODE

# A context key would reach whatever the processing calls, and could come from a client.
_strict: ContextVar[bool] = ContextVar("hc_strict_payment_processing", default=False)


class PaymentEventFailed(Exception):
    """A confirmation could not be processed; the provider has to send it again.

    Not a ``ValidationError``: Odoo's controllers acknowledge those, with what was half written.
    """


@contextmanager
def strict_processing():
    """Within the block a confirmation is processed as a whole, or not at all."""
    token = _strict.set(True)
    try:
        yield
    finally:
        _strict.reset(token)


class PaymentTransaction(models.Model):
    """A confirmation that fails is not taken for processed."""

    _inherit = "payment.transaction"

    def _process(self, provider_code, payment_data):
        # Its payments by saved card come by no route that could be shut.
        if provider_code == DEMO_CODE and not self.env["payment.provider"]._is_demonstration():
            raise ValidationError(
                self.env._("Payments are made up in databases with demonstration data only.")
            )
        return self._fail_strictly(super()._process, provider_code, payment_data)

    def _send_api_request(self, *args, **kwargs):
        return self._fail_strictly(super()._send_api_request, *args, **kwargs)

    def _fail_strictly(self, method, *args, **kwargs):
        try:
            return method(*args, **kwargs)
        except ValidationError as error:
            if _strict.get():
                raise PaymentEventFailed(str(error)) from error
            raise
