# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from odoo.addons.hc_revenue_base.hc_core.operations import (
    OperationDefinition,
    OperationError,
    ResourceDefinition,
    cursor_text,
    read_cursor,
)
from odoo.addons.hc_revenue_base.hc_core.schema_parts import (
    AMOUNT,
    DAY,
    FLAG,
    MOMENT,
    optional,
    record,
    rows,
    text,
)
from odoo.addons.hc_revenue_base.models.hc_operation_page import PAGE_IN
from odoo.addons.hc_revenue_base.models.hc_operation_resource import PAGE_MAX
from odoo.addons.hc_revenue_base.models.hc_operation_resource_base import RESOURCE_READERS

from .hc_claim_response import EXPORTED_STATES

_PAGE = 100
_STATUSES_MAX = 200


class HcOperation(models.AbstractModel):
    """What other systems may know of claims: where they stand, and what payers answered."""

    _inherit = "hc.operation"

    @api.model
    def _get_resources(self):
        return super()._get_resources() + [
            ResourceDefinition(
                name="claims",
                model="hc.claim",
                summary=self.env._("Claims with their status and amounts."),
                groups=RESOURCE_READERS,
                fields={
                    "number": "name",
                    "case_number": "case_id.name",
                    "payer_code": "payer_id.code",
                    "payer_order": "payer_order",
                    "claim_type": "claim_type",
                    "frequency": "frequency",
                    "state": "state",
                    "submitted_on": "submitted_on",
                    "adjudicated_on": "adjudicated_on",
                    "filing_deadline": "filing_deadline",
                    "payer_claim_number": "payer_claim_number",
                    "amount_charged": "amount_charged",
                    "amount_paid": "amount_paid",
                    "amount_patient": "amount_patient",
                    "currency": "currency_id.name",
                },
            ),
            ResourceDefinition(
                name="payment_variances",
                model="hc.payment.variance",
                summary=self.env._("Payments that differ from the payer's contract."),
                groups=RESOURCE_READERS,
                fields={
                    "claim_number": "claim_id.name",
                    "payer_code": "payer_id.code",
                    "contract_code": "contract_id.code",
                    "contract_version": "contract_id.version",
                    "kind": "kind",
                    "state": "state",
                    "amount": "amount",
                    "amount_expected": "amount_expected",
                    "amount_allowed": "amount_allowed",
                    "amount_recovered": "amount_recovered",
                    "payment_date": "payment_date",
                    "currency": "currency_id.name",
                },
            ),
        ]

    @api.model
    def _get_operations(self):
        return super()._get_operations() + [
            self._define_fetch_claim(),
            self._define_list_claim_responses(),
        ]

    @api.model
    def _define_fetch_claim(self):
        status = record(
            origin=text(16),
            outcome=text(32),
            category=optional(text(16)),
            status_code=optional(text(64)),
            effective_on=DAY,
            received_at=MOMENT,
        )
        return OperationDefinition(
            code="claim.fetch_status",
            version=1,
            summary=self.env._(
                "Where a claim stands: status, dates, amounts, what was said of it."
            ),
            schema_in=record(("claim_number",), claim_number=text(20, minLength=1)),
            schema_out=record(
                ("number", "state"),
                number=text(20),
                case_number=text(64),
                payer_code=optional(text(64)),
                state=text(32),
                payer_claim_number=optional(text(64)),
                submitted_on=DAY,
                adjudicated_on=DAY,
                filing_deadline=DAY,
                status_asked_on=DAY,
                currency=text(8),
                amount_charged=AMOUNT,
                amount_paid=AMOUNT,
                amount_patient=AMOUNT,
                statuses=rows(status, _STATUSES_MAX),
            ),
            groups=("hc_revenue_base.group_hc_user",),
            handler="_operation_fetch_claim_status",
            is_write=False,
        )

    @api.model
    def _operation_fetch_claim_status(self, payload):
        claim = self.env["hc.claim"].search(
            [("name", "=", payload["claim_number"]), ("company_id", "=", self.env.company.id)]
        )
        if not claim:
            raise OperationError("not_found", what="claim of this number")
        day = {
            name: claim[name].isoformat() if claim[name] else None
            for name in ("submitted_on", "adjudicated_on", "filing_deadline", "status_asked_on")
        }
        amounts = {
            name: self._serve_money(claim[name], claim.currency_id)
            for name in ("amount_charged", "amount_paid", "amount_patient")
        }
        return {
            "number": claim.name,
            "case_number": claim.case_id.name,
            "payer_code": claim.payer_id.code or None,
            "state": claim.state,
            "payer_claim_number": claim.payer_claim_number or None,
            "currency": claim.currency_id.name,
            **day,
            **amounts,
            "statuses": [
                {
                    "origin": status.origin,
                    "outcome": status.outcome,
                    "category": status.category or None,
                    "status_code": status.status_code or None,
                    "effective_on": status.effective_on and status.effective_on.isoformat() or None,
                    "received_at": status.received_at.isoformat(),
                }
                for status in claim.status_ids[:_STATUSES_MAX]
            ],
        }

    @api.model
    def _define_list_claim_responses(self):
        return OperationDefinition(
            code="claim_response.list_changed",
            version=1,
            summary=self.env._(
                "Posted answers of payers as ClaimResponse (after FHIR R4), changed since a moment "
                "or a cursor; without patient data."
            ),
            schema_in=record(**PAGE_IN),
            schema_out=record(
                ("records", "next_cursor", "is_last"),
                records=rows(self._describe_claim_response(), PAGE_MAX),
                next_cursor=text(80),
                is_last=FLAG,
            ),
            groups=RESOURCE_READERS,
            handler="_operation_list_claim_responses",
            is_write=False,
        )

    @api.model
    def _describe_claim_response(self):
        """Schema of a ClaimResponse."""
        adjudication = record(
            ("category", "amount"),
            category=text(16),
            amount=AMOUNT,
            group=text(4),
            reason=text(8),
            treatment=optional(text(16)),
        )
        item = record(
            ("itemSequence", "adjudication"),
            itemSequence={"type": "integer", "minimum": 1},
            productOrService=optional(text(48)),
            modifier=rows(text(8), 8),
            servicedDate=DAY,
            adjudication=rows(adjudication, 200),
            remark=rows(text(8), 100),
        )
        return record(
            ("resourceType", "id", "status", "outcome", "total", "payment"),
            resourceType={"type": "string", "enum": ["ClaimResponse"]},
            id=text(16),
            status={"type": "string", "enum": ["active", "cancelled", "entered-in-error"]},
            type=optional(text(16)),
            use={"type": "string", "enum": ["claim", "predetermination"]},
            created=DAY,
            insurer=optional(text(64)),
            request=optional(text(64)),
            identifier=optional(text(64)),
            outcome={"type": "string", "enum": ["complete", "partial", "error"]},
            disposition=optional(text(3)),
            currency=text(8),
            item=rows(item),
            adjudication=rows(adjudication, 200),
            total=rows(record(("category", "amount"), category=text(16), amount=AMOUNT), 16),
            payment=record(
                ("date", "amount"), date=DAY, amount=AMOUNT, identifier=optional(text(64))
            ),
        )

    @api.model
    def _operation_list_claim_responses(self, payload):
        """A page of answers in the order of their last change; those not posted are passed over."""
        return self._list_changed(
            "hc.remittance.claim",
            payload,
            lambda answer: answer._to_claim_response() if answer.state in EXPORTED_STATES else None,
        )

    @api.model
    def _list_changed(self, model_name, payload, describe):
        """A page of records in the order of their last change.

        :param describe: returns a record as it is served, or None where it is passed over
        """
        limit = min(payload.get("limit") or _PAGE, PAGE_MAX)
        cursor = payload.get("cursor")
        place = read_cursor(cursor) if cursor else (self._read_moment(payload.get("since")), 0)
        resource = ResourceDefinition("changed", model_name, "", (), {})
        found = self._select_page(resource, place, limit + 1)
        page = found[:limit]
        records = self.env[model_name].browse([row[0] for row in page])
        return {
            "records": [described for each in records if (described := describe(each))],
            "next_cursor": cursor_text(page[-1][1], page[-1][0]) if page else cursor_text(*place),
            "is_last": len(found) <= limit,
        }
