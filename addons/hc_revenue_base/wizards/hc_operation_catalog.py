# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json

from odoo import fields, models

from ..hc_core import schema


class HcOperationCatalog(models.TransientModel):
    """What other systems may call here, written from the registry of the installed modules."""

    _name = "hc.operation.catalog"
    _description = "Operations"

    content = fields.Html(compute="_compute_content", sanitize=False)

    def _compute_display_name(self):
        for catalog in self:
            catalog.display_name = self.env._("Operations")

    def _compute_content(self):
        content = self.env["ir.qweb"]._render(
            "hc_revenue_base.hc_operation_catalog_content",
            {"operations": self._describe_operations(), "resources": self._describe_resources()},
        )
        for catalog in self:
            catalog.content = content

    def _describe_operations(self):
        return [
            {
                "definition": definition,
                "groups": self._get_group_names(definition.groups),
                "schema_in": json.dumps(schema.published(definition.schema_in), indent=2),
                "schema_out": json.dumps(schema.published(definition.schema_out), indent=2),
            }
            for definition in self.env["hc.operation"]._get_operations()
        ]

    def _describe_resources(self):
        return [
            {"definition": resource, "groups": self._get_group_names(resource.groups)}
            for resource in self.env["hc.operation"]._get_resources()
        ]

    def _get_group_names(self, xml_ids):
        names = [self.env.ref(xml_id).sudo().name for xml_id in xml_ids]
        return ", ".join(names)
