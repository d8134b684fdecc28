# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from ..hc_core.operations import OperationDefinition
from ..hc_core.schema_parts import FLAG, record, rows, text
from .hc_operation_resource import PAGE_MAX
from .hc_operation_resource_base import RESOURCE_READERS

PAGE_IN = {
    "since": text(40, format="date-time"),
    "cursor": text(80),
    "limit": {"type": "integer", "minimum": 1, "maximum": PAGE_MAX},
}


class HcOperation(models.AbstractModel):
    """Read resources page by page."""

    _inherit = "hc.operation"

    @api.model
    def _get_operations(self):
        return super()._get_operations() + self._define_pages()

    @api.model
    def _define_pages(self):
        out = record(
            ("records", "next_cursor", "is_last"),
            # The names and types of a record's values are those of the resource.
            records=rows({"type": "object", "properties": self._get_page_properties()}, PAGE_MAX),
            next_cursor=text(80),
            is_last=FLAG,
        )
        common = {"version": 1, "schema_out": out, "groups": RESOURCE_READERS, "is_write": False}
        names = [resource.name for resource in self._get_resources()]
        return [
            OperationDefinition(
                code="resource.read",
                summary=self.env._("Read a resource page by page, oldest change first."),
                schema_in=record(
                    ("resource",), resource={"type": "string", "enum": names}, **PAGE_IN
                ),
                handler="_operation_read_resource",
                **common,
            ),
            OperationDefinition(
                code="case.list_changed",
                summary=self.env._("Billing cases changed since a moment or a cursor."),
                schema_in=record(**PAGE_IN),
                handler="_operation_list_changed_cases",
                **common,
            ),
        ]

    @api.model
    def _get_page_properties(self):
        """Every name that some resource serves."""
        value = {"type": ["string", "integer", "number", "boolean", "null"], "maxLength": 4000}
        names = {"id", "changed_at"}
        for resource in self._get_resources():
            names |= resource.fields.keys() | resource.private_fields.keys()
        return dict.fromkeys(sorted(names), value)

    @api.model
    def _operation_read_resource(self, payload):
        return self._read_page(
            payload["resource"], payload.get("since"), payload.get("cursor"), payload.get("limit")
        )

    @api.model
    def _operation_list_changed_cases(self, payload):
        return self._read_page(
            "cases", payload.get("since"), payload.get("cursor"), payload.get("limit")
        )
