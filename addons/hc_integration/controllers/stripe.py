# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Stripe's events enter once, signed, and are processed as a whole or sent again.

Odoo's own controller takes unsigned events of a provider without secret, events of the future, and
any event any number of times; it knows one of several signatures only, and acknowledges what it
could not process. Its routes exist where its module is installed, and with them these.
"""

import logging
from contextvars import ContextVar

from werkzeug.exceptions import Forbidden

from odoo import http
from odoo.http import request

from ..hc_webhook_core.errors import BorderError
from ..models.payment_transaction import PaymentEventFailed, strict_processing

try:
    from odoo.addons.payment_stripe.const import HANDLED_WEBHOOK_EVENTS
    from odoo.addons.payment_stripe.controllers.main import StripeController
except ImportError:  # this Odoo comes without the provider's module
    StripeController = None

_logger = logging.getLogger(__name__)
_MAX_BODY_BYTES = 1024 * 1024
# The provider that signed the event of this request.
_signer: ContextVar[int | None] = ContextVar("hc_stripe_signer", default=None)


if StripeController:

    class GuardedStripeController(StripeController):
        @http.route(max_content_length=_MAX_BODY_BYTES)
        def stripe_webhook(self):
            """Take an event: verify, take once, process, hand on what nobody processes."""
            events = request.env["hc.payment.event"].sudo()
            headers = {name.lower(): value for name, value in request.httprequest.headers.items()}
            try:
                provider, event = events._verify_stripe(headers, request.httprequest.get_data())
            except BorderError as error:
                _logger.warning("an event of Stripe was refused: %s", error.code)
                return request.make_json_response({"code": error.code}, status=error.status)
            token = _signer.set(provider.id)
            try:
                with request.env.cr.savepoint(), strict_processing():
                    self._take_event(events, provider, event, super().stripe_webhook)
            except PaymentEventFailed:
                # Undone, the event with it: it is taken when the provider sends it again.
                _logger.warning("event %s of Stripe could not be processed", event["id"])
                reason = request.env._("It could not be processed; the provider sends it again.")
                events._open_item(provider, event, reason)
                return request.make_json_response({"code": "processing_failed"}, status=503)
            finally:
                _signer.reset(token)
            return request.make_json_response("")

        def _take_event(self, events, provider, event, process):
            if not events._take(provider, event):
                return
            if event["type"] not in HANDLED_WEBHOOK_EVENTS:
                if event["type"].startswith("charge.dispute."):
                    events._hand_over(provider, event)
            elif not events._find_transaction(provider, event):
                # Taken by the provider itself: at a terminal, on a page of its own.
                events._hand_over_unknown(provider, event)
            else:
                process()

        def _verify_signature(self, tx_sudo):
            # Verified before, with every signature of the header; here it is about whose it is.
            if not tx_sudo or _signer.get() != tx_sudo.provider_id.id:
                raise Forbidden
