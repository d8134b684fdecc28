# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.hc_core.facts import FactSpec
from odoo.addons.hc_revenue_base.hc_core.review import ReviewField

DENIAL_LIKELIHOOD = "denial_likelihood_percent"
DENIAL_REASONS = "denial_likelihood_reasons"
# What the AI tells about a case; rules that read these never hold it.
AI_FACTS = frozenset({DENIAL_LIKELIHOOD, DENIAL_REASONS})
_OUTCOMES = [("paid", "Paid"), ("denied", "Denied")]
_BEFORE_BILLING = (
    "draft",
    "charge_review",
    "coding",
    "readiness_check",
    "exception",
    "ready",
    "reopened",
)


class HcBillingCase(models.Model):
    """What a payer is likely to answer first: proposed before billing, known afterwards."""

    _inherit = "hc.billing.case"

    initial_outcome = fields.Selection(
        _OUTCOMES, "First Answer", compute="_compute_initial_outcome"
    )

    @api.depends("stage")
    def _compute_initial_outcome(self):
        outcomes = self._get_initial_outcomes()
        for case in self:
            case.initial_outcome = outcomes.get(case.id, False)

    def _review_fields(self):
        proposals = super()._review_fields()
        if self.stage in _BEFORE_BILLING and self.payer_type != "self_pay" or not self.id:
            label = self.env._("First Answer of the Payer")
            outcomes = tuple(code for code, _label in _OUTCOMES)
            field = ReviewField("choice", label, outcomes, task="foresee_denial")
            proposals = {**proposals, "initial_outcome": field}
        return proposals

    def _write_review(self, values):
        # The payer decides what the answer is; what is written is that somebody has looked.
        outcome = values.pop("initial_outcome", None)
        if outcome:
            text = (
                self.env._("Looked through before billing: a denial is likely.")
                if outcome == "denied"
                else self.env._("Looked through before billing: a denial is not likely.")
            )
            self.message_post(body=text)
        return super()._write_review(values) if values else None

    @api.model
    def _get_readiness_facts(self):
        # Never unknown: a rule that cannot judge holds the case, and this must never hold one.
        return (
            *super()._get_readiness_facts(),
            FactSpec(DENIAL_LIKELIHOOD, "integer", "AI: denial likely, in per cent", False),
            FactSpec(DENIAL_REASONS, "text", "AI: why a denial is likely", False),
        )

    def _load_readiness_facts(self, as_of):
        facts = super()._load_readiness_facts(as_of)
        told = self._get_told_denials()
        for case_id, values in facts.items():
            percent, reasons = told.get(case_id, (0, ""))
            values[DENIAL_LIKELIHOOD] = percent
            values[DENIAL_REASONS] = reasons
        return facts

    def _get_told_denials(self):
        """Denials that a live policy foresees and nobody rejected: ``{case id: (percent, why)}``"""
        suggestions_sudo = (
            self.env["hc.ai.suggestion"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("field_name", "=", "initial_outcome"),
                    ("state", "in", ("pending", "accepted")),
                    ("policy_id.mode", "=", "live"),
                ],
                order="id",
            )
        )
        return {
            suggestion.res_id: (
                round(100 * suggestion.confidence),
                "; ".join(suggestion.reasons or ())[:500],
            )
            for suggestion in suggestions_sudo
            if suggestion.value == "denied"
        }
