# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from ..hc_core.operations import ResourceDefinition

RESOURCE_READERS = (
    "hc_revenue_base.group_hc_integration",
    "hc_revenue_base.group_hc_operations",
    "hc_revenue_base.group_hc_manager",
    "hc_revenue_base.group_hc_compliance",
)


class HcOperation(models.AbstractModel):
    """The resources of base."""

    _inherit = "hc.operation"

    @api.model
    def _get_resources(self):
        return super()._get_resources() + [
            self._describe_cases(),
            self._describe_work_items(),
            self._describe_exchanges(),
        ]

    @api.model
    def _describe_cases(self):
        return ResourceDefinition(
            name="cases",
            model="hc.billing.case",
            summary=self.env._("Billing cases with their stage and what is charged."),
            groups=RESOURCE_READERS,
            fields={
                "number": "name",
                "encounter_number": "encounter_id.number",
                "stage": "stage",
                "facility_code": "facility_id.code",
                "payer_code": "payer_id.code",
                "service_date_from": "service_date_from",
                "service_date_to": "service_date_to",
                "amount_charged": "amount_charged",
                "currency": "currency_id.name",
            },
        )

    @api.model
    def _describe_work_items(self):
        return ResourceDefinition(
            name="work_items",
            model="hc.work.item",
            summary=self.env._("Work items with their queue and state."),
            groups=RESOURCE_READERS,
            fields={
                "kind": "kind",
                "severity": "severity",
                "state": "state",
                "queue_code": "queue_id.code",
                "facility_code": "facility_id.code",
                "case_number": "case_id.name",
                "opened_at": "opened_at",
                "due_at": "due_at",
                "resolved_at": "resolved_at",
                "resolution_code": "resolution_code",
            },
        )

    @api.model
    def _describe_exchanges(self):
        return ResourceDefinition(
            name="exchanges",
            model="hc.exchange",
            summary=self.env._("Documents received, with how their processing went."),
            groups=RESOURCE_READERS,
            fields={
                "document_type": "document_type",
                "source": "source",
                "external_id": "external_id",
                "state": "state",
                "row_count": "total_count",
                "imported_count": "imported_count",
                "failed_count": "failed_count",
                "finished_at": "finished_at",
            },
        )
