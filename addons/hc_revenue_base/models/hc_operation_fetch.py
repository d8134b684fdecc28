# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from ..hc_core.operations import OperationDefinition, OperationError
from ..hc_core.schema_parts import ID, record
from .hc_operation_resource_base import RESOURCE_READERS


class HcOperation(models.AbstractModel):
    """Look at one record of a resource: what an event names by its id."""

    _inherit = "hc.operation"

    @api.model
    def _get_operations(self):
        return super()._get_operations() + [self._define_fetch_resource()]

    @api.model
    def _define_fetch_resource(self):
        names = [resource.name for resource in self._get_resources()]
        return OperationDefinition(
            code="resource.fetch",
            version=1,
            summary=self.env._("Read one record of a resource, by the id that an event names."),
            schema_in=record(
                ("resource", "record_id"),
                resource={"type": "string", "enum": names},
                record_id=ID,
            ),
            schema_out=record(
                ("record",),
                # The names and types of a record's values are those of the resource.
                record={"type": "object", "properties": self._get_page_properties()},
            ),
            groups=RESOURCE_READERS,
            handler="_operation_fetch_resource",
            is_write=False,
        )

    @api.model
    def _operation_fetch_resource(self, payload):
        resource = {entry.name: entry for entry in self._get_resources()}[payload["resource"]]
        self._check_groups(resource.groups, resource.name)
        # What is asked for by number is looked for within what the caller may see.
        found = self.env[resource.model].with_context(active_test=False)
        found = found.search([("id", "=", payload["record_id"])])
        if not found:
            raise OperationError("not_found", what=f"record of {resource.name} of this id")
        served = self._get_served_fields(resource)
        if served != resource.fields and hasattr(found, "_note_phi_read"):
            found._note_phi_read(found._get_phi_fields(), source="rpc")
        return {
            "record": {"id": found.id, "changed_at": found.write_date.isoformat()}
            | {outside: self._serve(found, path) for outside, path in served.items()}
        }
