# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class HcApprovalWithdrawalWizard(models.TransientModel):
    """Why a published version of the policy must not be used any more."""

    _name = "hc.approval.withdrawal.wizard"
    _description = "Withdraw an Approval Policy"

    policy_id = fields.Many2one("hc.approval.policy", required=True, readonly=True)
    consequence = fields.Text("What Happens", compute="_compute_consequence")
    reason = fields.Text("Why", required=True)

    @api.depends("policy_id")
    def _compute_consequence(self):
        for wizard in self:
            policy_sudo = wizard.policy_id.sudo()
            wizard.consequence = (
                policy_sudo._describe_withdrawal() if policy_sudo._get_stand_in() else False
            )

    def action_confirm(self):
        """Ask for the withdrawal."""
        self.ensure_one()
        self.policy_id.check_access("read")
        action = self.policy_id._request_withdrawal(self.reason)
        return action.approval_request_ids._get_records_action()
