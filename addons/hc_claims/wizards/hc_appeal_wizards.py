# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

from ..lifecycles import APPEAL_DECIDED_STATES
from ..models.hc_appeal import CHANNELS


class HcAppealSubmitWizard(models.TransientModel):
    """How and when an appeal went to the payer."""

    _name = "hc.appeal.submit.wizard"
    _description = "Appeal Sent"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False

    appeal_id = fields.Many2one("hc.appeal", required=True, readonly=True)
    packet_name = fields.Char(related="appeal_id.packet_name")
    packet_sha256 = fields.Char(related="appeal_id.packet_sha256")
    deadline = fields.Date(related="appeal_id.deadline")
    channel = fields.Selection(CHANNELS, required=True, default="portal")
    submitted_on = fields.Date("Sent On", required=True, default=fields.Date.context_today)
    reference = fields.Char(
        "Confirmation No.", required=True, help="Of the portal, the fax report or the mail."
    )
    is_late = fields.Boolean(compute="_compute_is_late")
    late_reason = fields.Text("Good Cause")

    @api.depends("submitted_on", "deadline")
    def _compute_is_late(self):
        for wizard in self:
            wizard.is_late = bool(
                wizard.deadline and wizard.submitted_on and wizard.submitted_on > wizard.deadline
            )

    def action_confirm(self):
        """Note that the packet was sent."""
        self.ensure_one()
        self.appeal_id.check_access("write")
        self.appeal_id._submit(
            channel=self.channel,
            submitted_on=self.submitted_on,
            reference=self.reference,
            late_reason=self.late_reason,
        )
        return {"type": "ir.actions.act_window_close"}


class HcAppealDecisionWizard(models.TransientModel):
    """What the payer decided, with its letter."""

    _name = "hc.appeal.decision.wizard"
    _description = "Payer's Decision"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False

    appeal_id = fields.Many2one("hc.appeal", required=True, readonly=True)
    currency_id = fields.Many2one(related="appeal_id.currency_id", store=True)
    disputed_amount = fields.Monetary("In Dispute", related="appeal_id.amount")
    outcome = fields.Selection(
        selection=lambda self: [
            (code, label)
            for code, label in self.env["hc.appeal"]._get_lifecycle("state").selection()
            if code in APPEAL_DECIDED_STATES
        ],
        required=True,
        default="overturned",
    )
    amount = fields.Monetary(
        "Payer Will Pay", compute="_compute_amount", store=True, readonly=False
    )
    won_denial_ids = fields.Many2many("hc.denial", string="Payer Gives Way On")
    denial_ids = fields.Many2many(related="appeal_id.denial_ids")
    decided_on = fields.Date(required=True, default=fields.Date.context_today)
    note = fields.Text("What It Says", required=True)
    document = fields.Binary("Decision Letter", required=True, groups=PHI_GROUP)
    document_name = fields.Char()

    @api.depends("outcome", "appeal_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.appeal_id.amount if wizard.outcome == "overturned" else 0.0

    def action_confirm(self):
        """Enter the decision; what is left can go to the next level."""
        self.ensure_one()
        self.appeal_id.check_access("write")
        self.appeal_id._decide(
            self.outcome,
            decided_on=self.decided_on,
            note=self.note,
            document=self.document,
            document_name=self.document_name,
            amount=self.amount,
            won=self.won_denial_ids,
        )
        return {"type": "ir.actions.act_window_close"}
