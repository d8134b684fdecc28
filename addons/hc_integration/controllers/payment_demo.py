# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Payments are made up in databases with demonstration data on loopback, and nowhere else."""

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import request

from ..models.payment_provider import is_loopback

try:
    from odoo.addons.payment_demo.controllers.main import PaymentDemoController
except ImportError:  # this Odoo comes without the provider's module
    PaymentDemoController = None


if PaymentDemoController:

    class GuardedPaymentDemoController(PaymentDemoController):
        @http.route()
        def demo_simulate_payment(self, **data):
            """Make a payment up, where that is allowed."""
            allowed = request.env["payment.provider"]._is_demonstration()
            if not allowed or not is_loopback(request.httprequest.remote_addr):
                raise NotFound
            return super().demo_simulate_payment(**data)
