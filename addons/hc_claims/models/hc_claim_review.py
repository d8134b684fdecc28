# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What may be known and proposed about claims and payment variances."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import float_repr

from odoo.addons.hc_revenue_base.hc_core.facts import FactSpec
from odoo.addons.hc_revenue_base.hc_core.review import ReviewField

_LEAD = "hc_revenue_base.group_hc_team_lead"
_SPECIALIST = "hc_revenue_base.group_hc_claims_specialist"
_STATUSES_MAX = 20


def _amount(record, name):
    return Decimal(float_repr(record[name], record.currency_id.decimal_places))


def _get_assignees(record):
    """Claims specialists of the record's facility, as the choices of a proposal."""
    group = record.env.ref(_SPECIALIST).sudo()
    users = group.all_user_ids.filtered(
        lambda user: (
            user.active
            and record.company_id in user.company_ids
            and (
                record.facility_id in user.hc_facility_ids
                or user.has_group("hc_revenue_base.group_hc_all_facilities")
            )
        )
    )
    return tuple(users.ids)


class HcClaim(models.Model):
    _name = "hc.claim"
    _inherit = ["hc.claim", "hc.payer.letter.mixin"]

    @api.model
    def _review_fact_specs(self):
        return (
            *super()._review_fact_specs(),
            FactSpec("state", "text", "Status", False),
            FactSpec("claim_type", "text", "Form", False),
            FactSpec("payer_type", "text", "Payer type", False),
            FactSpec("payer_order", "text", "Order of the payer", False),
            FactSpec("version", "integer", "Version", False),
            FactSpec("is_original", "boolean", "Original claim", False),
            FactSpec("days_waiting", "integer", "Days at the payer", False),
            FactSpec("days_left_to_file", "integer", "Days left to file"),
            FactSpec("amount_charged", "decimal", "Amount charged", False),
            FactSpec("amount_paid", "decimal", "Amount paid", False),
            FactSpec("amount_denied", "decimal", "Amount denied", False),
            FactSpec("procedure_codes", "text_list", "Procedures"),
            FactSpec("status_codes", "text_list", "What was said of it"),
            FactSpec("adjustment_reasons", "text_list", "Adjustments, as group-reason"),
            FactSpec("open_work_item_count", "integer", "Open work items", False),
        )

    def _review_facts(self):
        self.ensure_one()
        standing = self.answer_ids.filtered(lambda answer: answer.state == "posted")
        denied = sum(standing.mapped("amount_denied"))
        codes = [
            ":".join(filter(None, (status.category, status.status_code)))
            for status in self.status_ids[:_STATUSES_MAX]
        ]
        reasons = {f"{row.group_code}-{row.reason_code}" for row in standing.adjustment_ids}
        return {
            **super()._review_facts(),
            "state": self.state,
            "claim_type": self.claim_type,
            "payer_type": self.payer_id.payer_type,
            "payer_order": self.payer_order,
            "version": self.version,
            "is_original": self.frequency == "1",
            "days_waiting": self.days_waiting,
            "days_left_to_file": self.days_left if self.is_filing else None,
            "amount_charged": _amount(self, "amount_charged"),
            "amount_paid": _amount(self, "amount_paid"),
            "amount_denied": Decimal(float_repr(denied, self.currency_id.decimal_places)),
            "procedure_codes": sorted(set(self.line_ids.mapped("code"))),
            "status_codes": codes,
            "adjustment_reasons": sorted(reasons),
            "open_work_item_count": self.open_work_item_count,
        }

    def _review_fields(self):
        return {**super()._review_fields(), **_propose_assignee(self)}


class HcPaymentVariance(models.Model):
    _name = "hc.payment.variance"
    _inherit = ["hc.payment.variance", "hc.reviewable.mixin"]

    @api.model
    def _review_fact_specs(self):
        return (
            *super()._review_fact_specs(),
            FactSpec("state", "text", "Status", False),
            FactSpec("kind", "text", "Underpaid or overpaid", False),
            FactSpec("payer_type", "text", "Payer type", False),
            FactSpec("amount", "decimal", "Variance", False),
            FactSpec("amount_expected", "decimal", "Expected", False),
            FactSpec("amount_allowed", "decimal", "Allowed", False),
            FactSpec("days_since_found", "integer", "Days since it was found", False),
            FactSpec("procedure_codes", "text_list", "Procedures that differ"),
            FactSpec("similar_count", "integer", "Open variances of the contract", False),
        )

    def _review_facts(self):
        self.ensure_one()
        today = fields.Date.context_today(self)
        counted = self.sudo().line_ids.filtered("is_counted")
        similar = self.search_count(
            [("contract_id", "=", self.contract_id.id), ("state", "in", ("new", "in_review"))]
        )
        return {
            **super()._review_facts(),
            "state": self.state,
            "kind": self.kind,
            "payer_type": self.payer_type,
            "amount": _amount(self, "amount"),
            "amount_expected": _amount(self, "amount_expected"),
            "amount_allowed": _amount(self, "amount_allowed"),
            "days_since_found": (today - self.found_on).days,
            "procedure_codes": sorted({line.code for line in counted if line.code}),
            "similar_count": similar,
        }

    def _review_fields(self):
        return {**super()._review_fields(), **_propose_assignee(self)}


def _propose_assignee(record):
    choices = _get_assignees(record)
    if not choices:
        return {}
    label = record.env._("Claims Specialist")
    return {"responsible_user_id": ReviewField("record", label, choices, _LEAD)}
