# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.hc_revenue_base.hc_core.ledger_acts import LEDGER_ACTS

from ..models.hc_adjustment_policy import KINDS


class HcAdjustmentProposalWizard(models.TransientModel):
    """Requests what a policy proposes, one controlled action per case."""

    _name = "hc.adjustment.proposal.wizard"
    _description = "Request Adjustments"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False
    _guarded_fields = frozenset({"action_ids"})

    kind = fields.Selection(KINDS, "Type", required=True, readonly=True)
    # The proposals themselves are no table that a relation could point at.
    case_ids = fields.Many2many("hc.billing.case", string="Cases", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_amount")
    amount = fields.Monetary("Sum", compute="_compute_amount")
    proposal_count = fields.Integer("Proposed", compute="_compute_amount")
    reason_usage = fields.Char(compute="_compute_reason_usage")
    reason_code_id = fields.Many2one("hc.reason.code", "Reason", required=True)
    justification = fields.Text("Why", required=True)
    action_ids = fields.Many2many("hc.controlled.action", string="Requested", readonly=True)

    @api.depends("kind")
    def _compute_reason_usage(self):
        for wizard in self:
            wizard.reason_usage = LEDGER_ACTS[wizard.kind].reason_usage if wizard.kind else False

    def _get_proposals(self):
        """What is still proposed of the cases."""
        return self.env["hc.adjustment.proposal"].search(
            [("kind", "=", self.kind), ("case_id", "in", self.case_ids.ids)]
        )

    @api.depends("kind", "case_ids")
    def _compute_amount(self):
        for wizard in self:
            proposals = wizard._get_proposals()
            wizard.currency_id = proposals.currency_id[:1]
            wizard.amount = sum(proposals.mapped("amount"))
            wizard.proposal_count = len(proposals)

    def action_request(self):
        """Request the adjustments; asked again, show what was requested."""
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["action_ids"])
        if not self.action_ids:
            if len((self.justification or "").strip()) < 10:
                raise UserError(self.env._("Say in a sentence why: whoever decides reads it."))
            if self.reason_code_id.usage != self.reason_usage:
                raise UserError(self.env._("Choose a reason that belongs to this type."))
            proposals = self._get_proposals()
            if not proposals:
                raise UserError(self.env._("Nothing of it is proposed any more. Reload the list."))
            actions = proposals._request(
                self.reason_code_id, self.justification.strip(), f"{self._name}:{self.id}"
            )
            self._write_guarded({"action_ids": [(6, 0, actions.ids)]})
        return self.action_ids._get_records_action()
