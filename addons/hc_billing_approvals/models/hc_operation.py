# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.tools import float_repr

from odoo.addons.hc_revenue_base.hc_core.operations import (
    OperationDefinition,
    OperationError,
    ResourceDefinition,
)
from odoo.addons.hc_revenue_base.hc_core.schema_parts import AMOUNT, record, text


class HcOperation(models.AbstractModel):
    """What other systems may know of approvals. Deciding is for people who are logged in."""

    _inherit = "hc.operation"

    @api.model
    def _get_operations(self):
        return super()._get_operations() + [
            OperationDefinition(
                code="approval.fetch",
                version=1,
                summary=self.env._("Where an approval request stands, and for whom it waits."),
                schema_in=record(("request",), request={"type": "integer", "minimum": 1}),
                schema_out=record(
                    ("state",),
                    kind=text(64),
                    state=text(32),
                    amount=AMOUNT,
                    currency=text(8),
                    case_number=text(64),
                    waiting_for=text(200),
                ),
                groups=("hc_revenue_base.group_hc_user",),
                handler="_operation_fetch_approval",
                is_write=False,
            )
        ]

    @api.model
    def _operation_fetch_approval(self, payload):
        request = self.env["hc.approval.request"].search([("id", "=", payload["request"])])
        if not request:
            raise OperationError("not_found", what="approval request")
        currency = request.currency_id
        return {
            "kind": request.kind,
            "state": request.state,
            "amount": float_repr(request.amount, currency.decimal_places),
            "currency": currency.name,
            "case_number": request.case_id.name or "",
            "waiting_for": request.waiting_for or "",
        }

    @api.model
    def _get_resources(self):
        return super()._get_resources() + [
            ResourceDefinition(
                name="approvals",
                model="hc.approval.request",
                summary=self.env._("Approval requests with kind, amount, state and times."),
                groups=("hc_revenue_base.group_hc_integration",),
                fields={
                    "case_number": "case_id.name",
                    "kind": "kind",
                    "state": "state",
                    "amount": "amount",
                    "due_at": "due_at",
                },
            )
        ]
