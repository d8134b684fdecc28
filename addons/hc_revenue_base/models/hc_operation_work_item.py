# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from ..hc_core.operations import OperationDefinition, OperationError
from ..hc_core.schema_parts import ID, record, text
from .hc_work_item import OPEN_STATES
from .hc_work_queue import SEVERITIES

_WORKERS = (
    "hc_revenue_base.group_hc_clerk",
    "hc_revenue_base.group_hc_operations",
    "hc_revenue_base.group_hc_integration",
)


class HcOperation(models.AbstractModel):
    """Open a work item, and close it when its cause is gone."""

    _inherit = "hc.operation"

    @api.model
    def _get_operations(self):
        return super()._get_operations() + [
            self._define_open_item(),
            self._define_close_item(),
        ]

    @api.model
    def _define_open_item(self):
        return OperationDefinition(
            code="work_item.open",
            version=1,
            summary=self.env._("Ask people to look at something; once while it is open."),
            schema_in=record(
                ("name", "queue_code"),
                name=text(200, minLength=3),
                description=text(4000),
                queue_code=text(64, minLength=1),
                severity={"type": "string", "enum": [code for code, _label in SEVERITIES]},
                facility_code=text(32),
                case_number=text(64),
                dedup_key=text(128, minLength=1),
            ),
            schema_out=record(("work_item_id", "state"), work_item_id=ID, state=text(32)),
            groups=_WORKERS,
            handler="_operation_open_item",
        )

    @api.model
    def _define_close_item(self):
        return OperationDefinition(
            code="work_item.close",
            version=1,
            summary=self.env._("Close what the same sender asked about: its cause is gone."),
            schema_in=record(("dedup_key",), dedup_key=text(128, minLength=1)),
            schema_out=record(("closed_count",), closed_count={"type": "integer"}),
            groups=_WORKERS,
            handler="_operation_close_item",
        )

    @api.model
    def _operation_close_item(self, payload):
        """Nothing is open: nothing is closed, and that is no error."""
        items_sudo = (
            self.env["hc.work.item"]
            .sudo()
            .search(
                [
                    ("dedup_key", "=", self._get_own_key(payload["dedup_key"])),
                    ("company_id", "=", self.env.company.id),
                    ("state", "in", OPEN_STATES),
                ]
            )
        )
        return {"closed_count": len(items_sudo._resolve("fixed"))}

    @api.model
    def _get_own_key(self, key):
        """Senders name their own things: one cannot close the door for another."""
        return f"operation:{self.env.uid}:{key}"

    @api.model
    def _operation_open_item(self, payload):
        vals = {
            "kind": "manual",
            "name": payload["name"],
            "description": payload.get("description"),
            "queue_code": payload["queue_code"],
            "severity": payload.get("severity", "error"),
            "company_id": self.env.company.id,
        }
        queues = self.env["hc.work.queue"].search(
            [
                ("code", "=", payload["queue_code"]),
                ("company_id", "in", (False, self.env.company.id)),
            ]
        )
        if not queues:
            raise OperationError("not_found", what=f"queue {payload['queue_code']}")
        if "facility_code" in payload:
            vals["facility_id"] = self._find_facility(payload["facility_code"]).id
        if "case_number" in payload:
            case = self._find_case([("name", "=", payload["case_number"])])
            vals.update(case_id=case.id, facility_id=case.facility_id.id)
        vals["dedup_key"] = self._get_own_key(payload.get("dedup_key", payload["name"]))
        item_sudo = self.env["hc.work.item"]._open([vals]).sudo()
        return {"work_item_id": item_sudo.id, "state": item_sudo.state}
