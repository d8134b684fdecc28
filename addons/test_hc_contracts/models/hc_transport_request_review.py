# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from odoo.addons.hc_revenue_base.hc_core.facts import FactSpec, fact_register
from odoo.addons.hc_revenue_base.hc_core.review import ReviewField
from odoo.addons.hc_revenue_base.hc_core.rules import Condition
from odoo.addons.hc_revenue_base.hc_core.scorer import Factor, ScoreCard

URGENCY_FACTORS = (
    Factor("late", Condition("hours_to_pickup", "less_than", "24"), 60, "Less than a day is left."),
    Factor("unowned", Condition("has_carrier", "equals", "no"), 30, "No carrier is named."),
)


class HcTransportRequest(models.Model):
    """What an adviser may know and propose, and how pressing a request is."""

    _inherit = "hc.transport.request"

    @api.model
    def _review_fact_specs(self):
        return (
            *super()._review_fact_specs(),
            FactSpec("hours_to_pickup", "integer", "Hours until the ride", False),
            FactSpec("has_carrier", "boolean", "A carrier is named", False),
        )

    def _review_facts(self):
        left = self.pickup_at - self.env.cr.now()
        return {
            **super()._review_facts(),
            "hours_to_pickup": int(left.total_seconds() // 3600),
            "has_carrier": bool(self.carrier),
        }

    def _review_fields(self):
        urgencies = tuple(code for code, _label in self._fields["urgency"].selection)
        return {
            **super()._review_fields(),
            "urgency": ReviewField("choice", self.env._("Urgency"), urgencies),
        }

    def _score_urgency(self):
        """How pressing the request is, with the reasons."""
        card = ScoreCard.compile(URGENCY_FACTORS, fact_register(self._review_fact_specs()))
        return card.score(self._get_review_facts())
