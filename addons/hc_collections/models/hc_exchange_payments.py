# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.hc_revenue_base.hc_core.operations import OperationError
from odoo.addons.hc_revenue_base.models.hc_batch_mixin import CONCURRENCY_ERRORS

from .hc_operation_payments import REPORTERS

_EVENTS = {
    "payment_confirmed": "confirmed",
    "payment_failed": "failed",
    "payment_refunded": "refunded",
    "payment_charged_back": "charged_back",
    "payment_reversal_undone": "reversal_undone",
}


class HcExchange(models.Model):
    """Reports of payments, received as documents: JSON, one report each."""

    _inherit = "hc.exchange"

    document_type = fields.Selection(
        selection_add=[
            ("payment_confirmed", "Payment Confirmed"),
            ("payment_failed", "Payment Failed"),
            ("payment_refunded", "Payment Refunded"),
            ("payment_charged_back", "Payment Charged Back"),
            ("payment_reversal_undone", "Payment Charge-Back Won"),
        ],
        ondelete=dict.fromkeys(_EVENTS, "cascade"),
    )

    def _handle_payment(self, checkpoint):
        """Take in the report; the same one twice changes nothing.

        The source of the payment is the source of the document.
        """
        exchange_sudo = self.sudo()
        exchange_sudo._transition_where_allowed("processing")
        try:
            if not any(map(self.env.user.has_group, REPORTERS)):
                raise UserError(self.env._("Reporting payments needs the role Integration User."))
            payload = self._read_payment_report(exchange_sudo)
            # What is refused half-way leaves no report that would count as known later.
            with self.env.cr.savepoint():
                answer = self.env["hc.operation"]._operation_report_payment(payload)
        except CONCURRENCY_ERRORS:
            # Odoo's LockError is a UserError: the document is good, and processed again.
            raise
        except (UserError, OperationError) as error:
            self._reject(str(error))
            return True
        checkpoint(1, 0)
        exchange_sudo._transition("done", facts={"payment_report": answer["report_id"]})
        return True

    _handle_payment_confirmed = _handle_payment
    _handle_payment_failed = _handle_payment
    _handle_payment_refunded = _handle_payment
    _handle_payment_charged_back = _handle_payment
    _handle_payment_reversal_undone = _handle_payment

    def _read_payment_report(self, exchange):
        """The document as input of the operation that reports payments, checked like it.

        :raise UserError: it is no JSON object
        :raise OperationError: what is wrong with it
        """
        try:
            payload = json.loads(exchange.payload_attachment_id.raw)
        except (ValueError, RecursionError):
            payload = None
        if not isinstance(payload, dict):
            raise UserError(self.env._("The document is no JSON object."))
        payload |= {"source": exchange.source, "event": _EVENTS[exchange.document_type]}
        self.env["hc.operation"]._define_payment_report().check_input(payload)
        return payload
