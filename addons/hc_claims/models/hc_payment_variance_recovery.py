# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the payer pays after all, and what becomes of it when that payment is taken back."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..hc_claim_core.adjudication import ADJUDICATION_CODES


class HcPaymentVariance(models.Model):
    _inherit = "hc.payment.variance"

    recovering_answer_ids = fields.Many2many(
        "hc.remittance.claim",
        "hc_payment_variance_recovery_rel",
        "variance_id",
        "answer_id",
        "Recovered By",
        readonly=True,
        copy=False,
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"recovering_answer_ids"}

    @api.model
    def _recover_from(self, answers, results):
        """A correction that pays what was missing recovers what had been disputed."""
        disputed = self.sudo().search(
            [
                ("claim_id", "in", answers.claim_id.ids),
                ("answer_id", "not in", answers.ids),
                ("state", "=", "closed"),
                ("closing", "=", "reversed"),
                ("disputed_on", "!=", False),
            ]
        )
        by_claim = {answer.claim_id: answer for answer in answers if answer in results}
        for variance in disputed.filtered(lambda each: each.claim_id in by_claim):
            left = results[by_claim[variance.claim_id]]["amount_underpaid"]
            recovered = variance.currency_id.round(variance.amount_underpaid - left)
            if variance.currency_id.compare_amounts(recovered, 0) > 0:
                answer = by_claim[variance.claim_id]
                variance._write_guarded(
                    {"amount_recovered": recovered, "recovering_answer_ids": [(6, 0, answer.ids)]}
                )
                variance._transition("recovered", facts={"answer": answer.id})

    def action_recover(self):
        """The payer has paid what was missing, or a part of it, by a later answer that stands.

        :raise UserError: no such payment is posted
        """
        for variance in self:
            variance._transition("recovered")
            later = variance.sudo()._get_later_answers()
            paid = min(sum(later.mapped("amount_paid")), variance.amount_underpaid)
            if variance.currency_id.compare_amounts(paid, 0) <= 0:
                raise UserError(
                    self.env._(
                        "%(variance)s: no later payment of this claim is posted. Post what the "
                        "payer sent first. Where it takes the payment back and pays anew, the "
                        "recovery is noted by itself.",
                        variance=variance.display_name,
                    )
                )
            variance._write_guarded(
                {"amount_recovered": paid, "recovering_answer_ids": [(6, 0, later.ids)]}
            )
            variance._log_decision(facts={"answers": later.ids})

    def _get_later_answers(self):
        """Answers that pay the claim once more; what is kept for the payer as credit does not."""
        self.ensure_one()
        return self.claim_id.answer_ids.filtered(
            lambda answer: (
                answer.id > self.answer_id.id
                and answer.state == "posted"
                and answer.status_code in ADJUDICATION_CODES
                and answer.settlement != "credit"
            )
        )

    def _lose_recovery(self):
        """The payment that recovered these is no more: they are what they were before.

        What other answers paid stays recovered.
        """
        for variance in self.filtered(lambda each: each.state == "recovered"):
            left = variance.recovering_answer_ids.filtered(lambda answer: answer.state == "posted")
            paid = min(sum(left.mapped("amount_paid")), variance.amount_recovered)
            lost = variance.recovering_answer_ids - left
            variance._write_guarded(
                {"amount_recovered": paid, "recovering_answer_ids": [(6, 0, left.ids)]}
            )
            if left:
                variance._log_decision(facts={"lost_answers": lost.ids})
                continue
            facts = {"lost_answers": lost.ids}
            if variance.answer_id.state == "posted":
                variance._write_guarded({"closing": False})
                variance._transition("disputed", facts=facts)
            else:
                variance._write_guarded({"closing": "reversed"})
                variance._transition("closed", facts=facts)


class HcRemittanceClaim(models.Model):
    _inherit = "hc.remittance.claim"

    def _move(self, target, field_name, reason, facts, on_behalf_of):
        posted = self.filtered(lambda answer: answer.state == "posted")
        result = super()._move(target, field_name, reason, facts, on_behalf_of)
        if target != "posted" and posted:
            self.env["hc.payment.variance"].sudo().search(
                [("recovering_answer_ids", "in", posted.ids), ("state", "=", "recovered")]
            )._lose_recovery()
        return result
