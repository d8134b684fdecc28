# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.hc_core.operations import OperationDefinition
from odoo.addons.hc_revenue_base.hc_core.schema_parts import AMOUNT, ID, record, rows, text

from .hc_payment_report import EVENTS

REPORTERS = (
    "hc_revenue_base.group_hc_integration",
    "hc_revenue_base.group_hc_finance_manager",
)


class HcOperation(models.AbstractModel):
    """Report what became of a payment."""

    _inherit = "hc.operation"

    @api.model
    def _get_operations(self):
        return super()._get_operations() + [self._define_payment_report()]

    @api.model
    def _define_payment_report(self):
        return OperationDefinition(
            code="payment.report",
            version=1,
            summary=self.env._(
                "Report a payment as confirmed, failed, refunded, charged back or won back."
            ),
            schema_in=record(
                ("source", "event", "reference", "amount", "currency", "happened_on"),
                source=text(64, minLength=1),
                event={"type": "string", "enum": [code for code, _label in EVENTS]},
                reference=text(128, minLength=1),
                event_reference=text(128, minLength=1),
                amount=AMOUNT,
                currency=text(3, minLength=3),
                happened_on={"type": "string", "format": "date", "maxLength": 10},
                account_number=text(64, minLength=1),
                case_numbers=rows(text(64, minLength=1), 50),
                note=text(500),
            ),
            schema_out=record(
                ("report_id", "state", "is_new"),
                report_id=ID,
                state=text(32),
                is_new={"type": "boolean"},
                account_number=text(64),
                amount_open=AMOUNT,
            ),
            groups=REPORTERS,
            handler="_operation_report_payment",
        )

    @api.model
    def _operation_report_payment(self, payload):
        payload = dict(payload)
        report, is_new = self.env["hc.payment.report"]._take(
            payload.pop("source"),
            payload.pop("event"),
            payload.pop("reference"),
            float(payload.pop("amount")),
            payload.pop("currency"),
            fields.Date.to_date(payload.pop("happened_on")),
            **payload,
        )
        report_sudo = report.sudo()
        answer = {"report_id": report.id, "state": report_sudo.state, "is_new": is_new}
        account = report_sudo.account_id
        if account:
            places = account.currency_id.decimal_places
            answer["account_number"] = account.name
            answer["amount_open"] = f"{account.amount_open:.{places}f}"
        return answer
