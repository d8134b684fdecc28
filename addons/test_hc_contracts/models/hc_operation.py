# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from odoo.addons.hc_revenue_base.hc_core.operations import (
    OperationDefinition,
    OperationError,
    ResourceDefinition,
)
from odoo.addons.hc_revenue_base.hc_core.schema_parts import record, text


class HcOperation(models.AbstractModel):
    """What other systems may do with transports, and what they may read."""

    _inherit = "hc.operation"

    @api.model
    def _get_operations(self):
        return super()._get_operations() + [
            OperationDefinition(
                code="transport.book",
                version=1,
                summary=self.env._("Book a requested transport with a carrier."),
                schema_in=record(
                    ("request", "carrier"),
                    request={"type": "integer", "minimum": 1},
                    carrier=text(64),
                ),
                schema_out=record(("state",), state=text(32)),
                groups=("hc_revenue_base.group_hc_clerk",),
                handler="_operation_book_transport",
            )
        ]

    @api.model
    def _operation_book_transport(self, payload):
        request = self.env["hc.transport.request"].search([("id", "=", payload["request"])])
        if not request:
            raise OperationError("not_found", what="transport request")
        request._job_book(payload["carrier"])
        return {"state": request.state}

    @api.model
    def _get_resources(self):
        return super()._get_resources() + [
            ResourceDefinition(
                name="transports",
                model="hc.transport.request",
                summary=self.env._("Transports with their state and fee."),
                groups=("hc_revenue_base.group_hc_integration",),
                fields={"case_number": "case_id.name", "state": "state", "amount": "amount"},
            )
        ]
