# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.hc_remittance_matching import _UNSENT

_POSTING = ("posting", "posted")


class HcRemittancePickWizard(models.TransientModel):
    """Which claim an answer answers: candidates with what speaks for each, or any by its number."""

    _name = "hc.remittance.pick.wizard"
    _description = "Pick the Claim of an Answer"
    _inherit = ["hc.guarded.mixin"]

    answer_id = fields.Many2one("hc.remittance.claim", required=True, readonly=True)
    company_id = fields.Many2one(related="answer_id.company_id")
    currency_id = fields.Many2one(related="answer_id.currency_id")
    payer_id = fields.Many2one(related="answer_id.payer_id")
    patient_control_number = fields.Char(related="answer_id.patient_control_number")
    payer_claim_number = fields.Char(related="answer_id.payer_claim_number")
    patient_name = fields.Char(related="answer_id.patient_name")
    patient_member_id = fields.Char(related="answer_id.patient_member_id")
    service_date_from = fields.Date(related="answer_id.service_date_from")
    service_date_to = fields.Date(related="answer_id.service_date_to")
    amount_charged = fields.Monetary(related="answer_id.amount_charged")
    amount_paid = fields.Monetary(related="answer_id.amount_paid")
    match_note = fields.Char(related="answer_id.match_note")
    posts_at_once = fields.Boolean(compute="_compute_posts_at_once")
    candidate_ids = fields.One2many(
        "hc.remittance.pick.candidate",
        "wizard_id",
        "Candidates",
        compute="_compute_candidate_ids",
        store=True,
    )
    claim_id = fields.Many2one(
        "hc.claim",
        "Another Claim",
        domain=[("state", "not in", (*_UNSENT, "void"))],
    )

    @api.depends("answer_id")
    def _compute_posts_at_once(self):
        for wizard in self:
            wizard.posts_at_once = wizard.answer_id.remittance_id.state in _POSTING

    @api.depends("answer_id")
    def _compute_candidate_ids(self):
        for wizard in self:
            # Stored, so computed with all rights: candidates are those that the user may read.
            answer = wizard.answer_id.sudo(False)
            ranked = answer._get_ranked_candidates() if answer else []
            wizard.candidate_ids = [Command.clear()] + [
                Command.create({"claim_id": claim.id, "reasons": ", ".join(reasons)})
                for claim, reasons in ranked
            ]

    def action_confirm(self):
        """Take the claim that was found by its number."""
        self.ensure_one()
        if not self.claim_id:
            raise UserError(self.env._("Choose a claim first."))
        return self._pick(self.claim_id)

    def _pick(self, claim):
        """Give the answer its claim, and post it where its remittance is posted already."""
        answer = self.answer_id
        answer.action_pick_claim(claim.id)
        if self.posts_at_once:
            answer.action_try_again()
        return {"type": "ir.actions.act_window_close"}


class HcRemittancePickCandidate(models.TransientModel):
    """A claim that an answer could mean."""

    _name = "hc.remittance.pick.candidate"
    _description = "Candidate for an Answer"
    _inherit = ["hc.guarded.mixin", "hc.phi.mixin"]
    _guards_computed_fields = False

    wizard_id = fields.Many2one(
        "hc.remittance.pick.wizard", required=True, ondelete="cascade", index=True
    )
    claim_id = fields.Many2one("hc.claim", required=True, readonly=True, ondelete="cascade")
    reasons = fields.Char("What Speaks for It", readonly=True)
    case_id = fields.Many2one(related="claim_id.case_id")
    patient_id = fields.Many2one(related="claim_id.patient_id")
    service_date = fields.Date(related="claim_id.case_id.service_date_from", string="Service Date")
    amount_charged = fields.Monetary(related="claim_id.amount_charged")
    amount_paid = fields.Monetary(related="claim_id.amount_paid", string="Paid So Far")
    currency_id = fields.Many2one(related="claim_id.currency_id")
    state = fields.Selection(related="claim_id.state", string="Claim Is")

    def action_pick(self):
        """Take this claim."""
        self.ensure_one()
        return self.wizard_id._pick(self.claim_id)
