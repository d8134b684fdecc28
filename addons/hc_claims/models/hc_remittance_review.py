# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from odoo.addons.hc_revenue_base.hc_core.facts import FactSpec
from odoo.addons.hc_revenue_base.hc_core.money import to_decimal
from odoo.addons.hc_revenue_base.hc_core.review import ReviewField


class HcRemittance(models.Model):
    """What somebody who advises on a remittance may know: sums, counts and codes, no person.

    Nothing of its money can be proposed: what does not add up is the payer's to explain. Who takes
    care of it can.
    """

    _name = "hc.remittance"
    _inherit = ["hc.remittance", "hc.reviewable.mixin"]

    @api.model
    def _review_fact_specs(self):
        return (
            *super()._review_fact_specs(),
            FactSpec("state", "text", "State", False),
            FactSpec("payer_type", "text", "Payer type"),
            FactSpec("payment_method", "text", "Payment method"),
            FactSpec("payment", "decimal", "Payment", False),
            FactSpec("paid_on_claims", "decimal", "Paid on claims", False),
            FactSpec("provider_adjustments", "decimal", "Provider adjustments", False),
            FactSpec("difference", "decimal", "Difference", False),
            FactSpec("answer_count", "integer", "Answers", False),
            FactSpec("unproven_count", "integer", "Answers that do not add up", False),
            FactSpec("held_reasons", "text_list", "Why answers are held"),
            FactSpec("adjustment_codes", "text_list", "Provider adjustment codes"),
            FactSpec("finding_codes", "text_list", "Findings in the file"),
            FactSpec("is_duplicate", "boolean", "The payment came before", False),
        )

    def _review_facts(self):
        self.ensure_one()

        def decimal(amount):
            return to_decimal(amount, self.currency_id.decimal_places)

        held = self.claim_ids.filtered(lambda answer: answer.state == "held")
        findings = self.env["hc.remittance.finding"].search([("remittance_id", "=", self.id)])
        return {
            **super()._review_facts(),
            "state": self.state,
            "payer_type": self.payer_id.payer_type or None,
            "payment_method": self.payment_method or None,
            "payment": decimal(self.payment_amount),
            "paid_on_claims": decimal(self.amount_claims),
            "provider_adjustments": decimal(self.amount_provider_adjustments),
            "difference": decimal(self.amount_difference),
            "answer_count": self.claim_count,
            "unproven_count": self.unproven_count,
            "held_reasons": sorted(set(held.mapped("hold_code"))),
            "adjustment_codes": sorted(set(self.provider_adjustment_ids.mapped("reason_code"))),
            "finding_codes": sorted(set(findings.mapped("code"))),
            "is_duplicate": bool(self.duplicate_of_id),
        }

    def _review_fields(self):
        owners = self.env.ref("hc_revenue_base.group_hc_claims_specialist").all_user_ids
        mine = owners.filtered(lambda user: self.company_id in user.company_ids)
        proposals = super()._review_fields()
        if mine:
            label = self.env._("Taken Care Of By")
            proposals = {**proposals, "owner_id": ReviewField("record", label, tuple(mine.ids))}
        return proposals
