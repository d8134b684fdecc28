# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..hc_claim_core.credits import CAUSES

DECISIONS = [
    ("cause", "Say why it came about"),
    ("refund", "Refund it"),
    ("investigate", "Begin an investigation"),
    ("conclude", "Conclude the investigation"),
    ("offset", "The payer takes it back itself"),
    ("reconsider", "The payer does not take it back"),
    ("correction", "A posting was corrected"),
    ("identified", "It was known earlier"),
]


class HcCreditDecisionWizard(models.TransientModel):
    """What is decided about a credit, with the reason that the log keeps."""

    _name = "hc.credit.decision.wizard"
    _description = "Decide About a Credit"
    _inherit = ["hc.subject.wizard.mixin"]
    _subject_field = "credit_id"

    credit_id = fields.Many2one("hc.credit.balance", "Credit No.", required=True, readonly=True)
    currency_id = fields.Many2one(related="credit_id.currency_id", store=True)
    credit_amount = fields.Monetary(related="credit_id.amount", string="Credit")
    credit_source = fields.Selection(related="credit_id.source")
    credit_case_id = fields.Many2one(related="credit_id.case_id")
    proposed_cause = fields.Selection(related="credit_id.proposed_cause")
    proposal_reason = fields.Char(related="credit_id.proposal_reason")
    decision = fields.Selection(DECISIONS, required=True)
    cause = fields.Selection(list(CAUSES), compute="_compute_cause", store=True, readonly=False)
    day = fields.Date("Known Since")
    payer_id = fields.Many2one(related="credit_id.payer_id")
    adjustment_id = fields.Many2one(
        "hc.provider.adjustment",
        "Announced By",
        domain="[('payer_id', '=', payer_id), ('ledger_use', '=', 'payer_recoupment')]",
    )
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False)
    partner_id = fields.Many2one(related="credit_id.partner_id")
    case_id = fields.Many2one(
        "hc.billing.case",
        "On Account Of",
        domain="['|', ('patient_id.partner_id', '=', partner_id),"
        " ('payer_id.partner_id', '=', partner_id)]",
    )
    reason_code_id = fields.Many2one(
        "hc.reason.code", "Reason", domain="[('usage', '=', 'refund')]"
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Attach Files")
    note = fields.Text("Why", required=True)

    @api.depends("credit_id")
    def _compute_cause(self):
        for wizard in self:
            wizard.cause = wizard.credit_id.cause or wizard.credit_id.proposed_cause

    @api.depends("credit_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.credit_id.amount

    def action_confirm(self):
        """Do what was decided."""
        self.ensure_one()
        credit, note = self.credit_id, self.note
        if self.decision == "refund":
            return self._request_refund()
        {
            "cause": lambda: credit._choose_cause(self.cause, note),
            "investigate": lambda: credit._investigate(note),
            "conclude": lambda: credit._conclude(note),
            "offset": lambda: credit._expect_offset(self.adjustment_id, note),
            "reconsider": lambda: credit._reconsider(note),
            "correction": lambda: credit._record_correction(note),
            "identified": lambda: credit._set_identified(self.day, note),
        }[self.decision]()
        return {"type": "ir.actions.act_window_close"}

    def _request_refund(self):
        if not self.reason_code_id:
            raise UserError(self.env._("Choose the reason of the refund."))
        foreign = self.attachment_ids.filtered(lambda file: file.create_uid != self.env.user)
        if foreign:
            raise UserError(self.env._("Upload the evidence yourself, do not link other files."))
        action = self.credit_id._request_refund(
            self.amount,
            self.case_id,
            idempotency_key=f"{self._name}:{self.id}",
            reason_code_id=self.reason_code_id.id,
            justification=self.note,
            evidence=[
                {"evidence_type": "justification", "text": self.note},
                *[
                    {"evidence_type": "attachment", "attachment_id": file.id}
                    for file in self.attachment_ids
                ],
            ],
        )
        return action.sudo(False)._get_records_action()
