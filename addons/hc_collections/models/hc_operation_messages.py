# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from odoo.addons.hc_revenue_base.hc_core.operations import OperationDefinition, OperationError
from odoo.addons.hc_revenue_base.hc_core.schema_parts import FLAG, ID, record, text

REPORTERS = (
    "hc_revenue_base.group_hc_integration",
    "hc_revenue_base.group_hc_collector",
)
_STATUSES = ("sent", "delivered", "failed", "opted_out")
# An id of the database has no more digits.
_REFERENCE_MAX = 10


class HcOperation(models.AbstractModel):
    """Record what became of a message: where it went, or that its reader wants no more."""

    _inherit = "hc.operation"

    @api.model
    def _get_operations(self):
        return super()._get_operations() + [self._define_record_message()]

    @api.model
    def _define_record_message(self):
        return OperationDefinition(
            code="message.record_status",
            version=1,
            summary=self.env._(
                "Record that a message was sent, delivered or not, or that its reader opts out."
            ),
            schema_in=record(
                ("message_reference", "status"),
                message_reference=text(64, minLength=1),
                status={"type": "string", "enum": list(_STATUSES)},
                reason_code=text(32, minLength=1),
            ),
            schema_out=record(
                ("contact_id", "state", "is_moved"), contact_id=ID, state=text(32), is_moved=FLAG
            ),
            groups=REPORTERS,
            handler="_operation_record_message",
        )

    @api.model
    def _operation_record_message(self, payload):
        reference = payload["message_reference"]
        if not (reference.isascii() and reference.isdigit() and len(reference) <= _REFERENCE_MAX):
            raise OperationError("not_found", what="message of this reference")
        contact_sudo = self._find_visible(
            "hc.contact",
            [("id", "=", int(reference)), ("direction", "=", "out")],
            "message of this reference",
        ).sudo()
        before = contact_sudo.state
        getattr(contact_sudo, f"_take_status_{payload['status']}")(payload.get("reason_code"))
        return {
            "contact_id": contact_sudo.id,
            "state": contact_sudo.state,
            "is_moved": contact_sudo.state != before,
        }
