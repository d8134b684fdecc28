# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.fields import Domain

from odoo.addons.hc_revenue_base.hc_core.operations import OperationDefinition
from odoo.addons.hc_revenue_base.hc_core.schema_parts import AMOUNT, DAY, ID, record, rows, text

from .hc_operation_payments import REPORTERS

_PAGE_ROWS = 500


class HcOperation(models.AbstractModel):
    """List what a source has reported of payments, for those who reconcile."""

    _inherit = "hc.operation"

    @api.model
    def _get_operations(self):
        return super()._get_operations() + [self._define_payment_list()]

    @api.model
    def _define_payment_list(self):
        payment = record(
            ("report_id", "event", "reference", "amount", "currency", "state"),
            report_id=ID,
            event=text(32),
            reference=text(128),
            event_reference=text(128),
            amount=AMOUNT,
            currency=text(3),
            happened_on=DAY,
            state=text(32),
        )
        return OperationDefinition(
            code="payment.list",
            version=1,
            summary=self.env._(
                "What a source has reported of payments: of a day, or of some references; page by "
                "page."
            ),
            schema_in=record(
                ("source",),
                source=text(64, minLength=1),
                day={"type": "string", "format": "date", "maxLength": 10},
                references=rows(text(128, minLength=1), _PAGE_ROWS),
                after_id={"type": "integer", "minimum": 0},
            ),
            schema_out=record(
                ("payments", "next_after_id"),
                payments=rows(payment),
                next_after_id={"type": "integer", "minimum": 0},
            ),
            groups=REPORTERS,
            handler="_operation_list_payments",
            is_write=False,
        )

    @api.model
    def _operation_list_payments(self, payload):
        domain = Domain(
            [
                ("company_id", "=", self.env.company.id),
                ("source_id.code", "=", payload["source"]),
                ("id", ">", payload.get("after_id", 0)),
            ]
        )
        if "day" in payload:
            domain &= Domain("happened_on", "=", payload["day"])
        if "references" in payload:
            domain &= Domain("reference", "in", payload["references"])
        reports_sudo = (
            self.env["hc.payment.report"].sudo().search(domain, order="id", limit=_PAGE_ROWS)
        )
        is_full = len(reports_sudo) == _PAGE_ROWS
        return {
            "payments": [self._describe_report(report) for report in reports_sudo],
            "next_after_id": reports_sudo[-1].id if is_full else 0,
        }

    @api.model
    def _describe_report(self, report_sudo):
        row = {
            "report_id": report_sudo.id,
            "event": report_sudo.event,
            "reference": report_sudo.reference,
            "amount": self._serve_money(report_sudo.amount, report_sudo.currency_id),
            "currency": report_sudo.currency_id.name,
            "happened_on": report_sudo.happened_on.isoformat(),
            "state": report_sudo.state,
        }
        if report_sudo.event_reference:
            row["event_reference"] = report_sudo.event_reference
        return row
