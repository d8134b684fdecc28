# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import float_repr

from odoo.addons.hc_revenue_base.hc_core.facts import FactSpec
from odoo.addons.hc_revenue_base.hc_core.review import ReviewField
from odoo.addons.hc_revenue_base.hc_core.rules import Condition
from odoo.addons.hc_revenue_base.hc_core.scorer import Factor


class HcApprovalRequest(models.Model):
    """What an adviser may know of a request, and propose: its urgency, never a decision."""

    _name = "hc.approval.request"
    _inherit = ["hc.approval.request", "hc.reviewable.mixin"]

    priority = fields.Selection(
        [("0", "Normal"), ("1", "Urgent")],
        default="0",
        copy=False,
        help="For whoever sorts the inbox. It changes no due time and no approver.",
    )

    def action_toggle_urgent(self):
        """Mark the requests as urgent, or as no longer urgent."""
        for request in self:
            request.priority = "0" if request.priority == "1" else "1"

    @api.model
    def _review_fact_specs(self):
        return (
            *super()._review_fact_specs(),
            FactSpec("kind", "text", "Kind", False),
            FactSpec("state", "text", "Status", False),
            FactSpec("amount", "decimal", "Amount", False),
            FactSpec("aggregated_amount", "decimal", "Amount with recent acts", False),
            FactSpec("reason_code", "text", "Reason"),
            FactSpec("payer_type", "text", "Payer type"),
            FactSpec("route", "text", "Route", False),
            FactSpec("days_waiting", "integer", "Days since the request", False),
            FactSpec("is_overdue", "boolean", "Past due", False),
            FactSpec("round", "integer", "Times the steps began", False),
            FactSpec("evidence_types", "text_list", "Evidence given"),
            FactSpec("missing_evidence", "text_list", "Evidence still needed"),
            FactSpec("similar_applied_count", "integer", "Similar requests applied", False),
            FactSpec("similar_rejected_count", "integer", "Similar requests refused", False),
        )

    def _review_facts(self):
        self.ensure_one()
        # The justification is free text, and may name a person.
        similar = self._count_similar()
        return {
            **super()._review_facts(),
            "kind": self.kind,
            "state": self.state,
            "amount": _exact(self.amount, self.currency_id),
            "aggregated_amount": _exact(self.aggregated_amount, self.policy_currency_id),
            "reason_code": self.reason_code_id.code or None,
            "payer_type": self.action_id.payer_type or None,
            "route": self.route_id.code,
            "days_waiting": (self.env.cr.now() - self.create_date).days,
            "is_overdue": self.is_overdue,
            "round": self.round,
            "evidence_types": sorted(set(self.evidence_ids.type_id.mapped("code"))),
            "missing_evidence": sorted(self.missing_evidence_ids.mapped("code")),
            "similar_applied_count": similar.get("applied", 0),
            "similar_rejected_count": similar.get("rejected", 0),
        }

    def _review_priority_factors(self):
        return (
            *super()._review_priority_factors(),
            Factor("overdue", Condition("is_overdue", "equals", "yes"), 50, "it is past due"),
            Factor(
                "waiting",
                Condition("days_waiting", "at_least", "5"),
                30,
                "asked {days_waiting} days ago",
            ),
            Factor("large", Condition("amount", "at_least", "5000"), 20, "{amount} is at stake"),
        )

    def _count_similar(self):
        """Decided requests of the same kind and reason, by state, that the user may read."""
        rows = self._read_group(
            [
                ("kind", "=", self.kind),
                ("state", "in", ("applied", "rejected")),
                ("company_id", "=", self.company_id.id),
                ("action_id.reason_code_id", "=", self.reason_code_id.id),
                ("id", "not in", self.ids),
            ],
            ["state"],
            ["__count"],
        )
        return dict(rows)

    def _review_fields(self):
        return {
            **super()._review_fields(),
            "priority": ReviewField(
                "choice", self.env._("Priority"), ("0", "1"), task="prioritise"
            ),
        }


def _exact(amount, currency):
    return Decimal(float_repr(amount, currency.decimal_places))
