# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class HcApprovalReassignWizard(models.TransientModel):
    """A supervisor names who is to decide open steps."""

    _name = "hc.approval.reassign.wizard"
    _description = "Hand Approvals On"

    step_ids = fields.Many2many(
        "hc.approval.step", "hc_approval_reassign_step_rel", "wizard_id", required=True
    )
    user_ids = fields.Many2many(
        "res.users",
        "hc_approval_reassign_user_rel",
        "wizard_id",
        string="To",
        required=True,
        domain="[('id', 'in', candidate_ids)]",
    )
    candidate_ids = fields.Many2many(
        "res.users", "hc_approval_reassign_candidate_rel", compute="_compute_candidate_ids"
    )
    reason = fields.Char(required=True)

    @api.depends("step_ids")
    def _compute_candidate_ids(self):
        """Whom the rules of all the steps know; who of them may decide is asked on confirming."""
        for wizard in self:
            steps_sudo = wizard.step_ids.sudo()
            known = steps_sudo[:1]._get_known_people()
            for step in steps_sudo[1:]:
                known &= step._get_known_people()
            wizard.candidate_ids = known

    def action_confirm(self):
        """Hand the steps on."""
        self.ensure_one()
        self.step_ids._reassign(self.user_ids, self.reason)
        return {"type": "ir.actions.act_window_close"}
