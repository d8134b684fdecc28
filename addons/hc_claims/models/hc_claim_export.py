# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A claim in the shape of FHIR R4's Claim, without patient data."""

from odoo import api, models

from odoo.addons.hc_revenue_base.hc_core.operations import OperationDefinition
from odoo.addons.hc_revenue_base.hc_core.schema_parts import (
    AMOUNT,
    DAY,
    FLAG,
    optional,
    record,
    rows,
    text,
)
from odoo.addons.hc_revenue_base.models.hc_operation_page import PAGE_IN
from odoo.addons.hc_revenue_base.models.hc_operation_resource import PAGE_MAX
from odoo.addons.hc_revenue_base.models.hc_operation_resource_base import RESOURCE_READERS

# Claims that are not sent yet are no claims to anybody else.
_DRAFT_STATES = ("draft", "held", "ready")
_CANCELLED_STATES = ("replaced",)
_RELATIONSHIPS = {"7": "prior", "8": "prior"}


class HcClaim(models.Model):
    _inherit = "hc.claim"

    def _to_fhir_claim(self):
        """The claim as a Claim; amounts are texts, as everywhere at the border."""
        self.ensure_one()
        if self.state in _DRAFT_STATES:
            status = "draft"
        else:
            status = "cancelled" if self.state in _CANCELLED_STATES else "active"
        related = []
        if self.origin_claim_id:
            relation = _RELATIONSHIPS.get(self.frequency, "associated")
            related.append({"claim": self.origin_claim_id.name, "relationship": relation})
        return {
            "resourceType": "Claim",
            "id": str(self.id),
            "identifier": self.name,
            "status": status,
            "type": self.claim_type,
            "use": "claim",
            "created": self.create_date.date().isoformat(),
            "insurer": self.payer_id.code or None,
            "provider": self.facility_id.code,
            "encounter": self.case_id.encounter_id.number or None,
            "account": self.case_id.name,
            "payerOrder": self.payer_order,
            "frequency": self.frequency,
            "related": related,
            "submitted": self.submitted_on.isoformat() if self.submitted_on else None,
            "currency": self.currency_id.name,
            "item": [line._to_fhir_item() for line in self.line_ids.sorted("sequence")],
            "total": f"{self.amount_charged:.{self.currency_id.decimal_places}f}",
        }


class HcClaimLine(models.Model):
    _inherit = "hc.claim.line"

    def _to_fhir_item(self):
        """The line as an item of a Claim."""
        self.ensure_one()
        return {
            "sequence": self.sequence,
            "productOrService": self.code,
            "revenue": self.revenue_code or None,
            "modifier": self.modifiers.split(":") if self.modifiers else [],
            "servicedDate": self.service_date.isoformat(),
            "quantity": f"{self.units:g}",
            "net": f"{self.amount_charged:.{self.currency_id.decimal_places}f}",
        }


class HcOperation(models.AbstractModel):
    _inherit = "hc.operation"

    @api.model
    def _get_operations(self):
        return super()._get_operations() + [
            OperationDefinition(
                code="claim.list_changed",
                version=1,
                summary=self.env._(
                    "Claims as Claim (after FHIR R4), changed since a moment or a cursor; without "
                    "patient data."
                ),
                schema_in=record(**PAGE_IN),
                schema_out=record(
                    ("records", "next_cursor", "is_last"),
                    records=rows(self._describe_fhir_claim(), PAGE_MAX),
                    next_cursor=text(80),
                    is_last=FLAG,
                ),
                groups=RESOURCE_READERS,
                handler="_operation_list_claims",
                is_write=False,
            )
        ]

    @api.model
    def _describe_fhir_claim(self):
        """Schema of a Claim."""
        item = record(
            ("sequence", "productOrService", "net"),
            sequence={"type": "integer", "minimum": 1},
            productOrService=text(48),
            revenue=optional(text(8)),
            modifier=rows(text(8), 8),
            servicedDate=DAY,
            quantity=text(16),
            net=AMOUNT,
        )
        related = record(("claim", "relationship"), claim=text(64), relationship=text(16))
        return record(
            ("resourceType", "id", "identifier", "status", "total"),
            resourceType={"type": "string", "enum": ["Claim"]},
            id=text(16),
            identifier=text(64),
            status={"type": "string", "enum": ["draft", "active", "cancelled"]},
            type=optional(text(16)),
            use={"type": "string", "enum": ["claim"]},
            created=DAY,
            insurer=optional(text(64)),
            provider=text(32),
            encounter=optional(text(64)),
            account=text(64),
            payerOrder=text(16),
            frequency=text(1),
            related=rows(related, 4),
            submitted=DAY,
            currency=text(8),
            item=rows(item),
            total=AMOUNT,
        )

    @api.model
    def _operation_list_claims(self, payload):
        """A page of claims in the order of their last change."""
        return self._list_changed("hc.claim", payload, lambda claim: claim._to_fhir_claim())
