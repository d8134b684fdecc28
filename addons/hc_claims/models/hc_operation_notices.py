# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from odoo.addons.hc_revenue_base.hc_core.operations import ResourceDefinition
from odoo.addons.hc_revenue_base.models.hc_operation_resource_base import RESOURCE_READERS
from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP


class HcOperation(models.AbstractModel):
    """What whoever is told of remittances and questions to payers asks for next."""

    _inherit = "hc.operation"

    @api.model
    def _get_resources(self):
        return super()._get_resources() + [
            ResourceDefinition(
                name="remittances",
                model="hc.remittance",
                summary=self.env._("Remittances with payment, state, denials, patients' share."),
                groups=RESOURCE_READERS,
                fields={
                    "number": "name",
                    "trace_number": "trace_number",
                    "payer_code": "payer_id.code",
                    "state": "state",
                    "payment_date": "payment_date",
                    "payment_amount": "payment_amount",
                    "claim_count": "claim_count",
                    "denied_count": "denied_count",
                    "waiting_count": "waiting_count",
                    "amount_patients": "amount_patients",
                    "currency": "currency_id.name",
                },
            ),
            ResourceDefinition(
                name="eligibility_inquiries",
                model="hc.eligibility.inquiry",
                summary=self.env._("Questions to payers about coverages, and where they stand."),
                groups=RESOURCE_READERS,
                fields={
                    "trace_number": "name",
                    "state": "state",
                    "encounter_number": "encounter_id.number",
                    "facility_code": "facility_id.code",
                    "payer_code": "payer_id.code",
                    "service_date": "service_date_from",
                },
                private_group=PHI_GROUP,
                private_fields={
                    "medical_record_number": "patient_id.mrn",
                    "member_id": "coverage_id.member_id",
                },
            ),
        ]
