# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcPlacementWizard(models.TransientModel):
    """Asks which agency gets accounts, and why."""

    _name = "hc.placement.wizard"
    _description = "Place with an Agency"
    _inherit = ["hc.guarded.mixin"]

    account_ids = fields.Many2many("hc.collection.account", string="Accounts", required=True)
    agency_id = fields.Many2one("hc.collection.agency", required=True)
    justification = fields.Text("Why", required=True)

    def action_confirm(self):
        """Request the placement of each account; tell what became of it."""
        self.ensure_one()
        placements = self.env["hc.placement"]
        for account in self.account_ids:
            placements |= placements._request(
                account,
                self.agency_id,
                justification=self.justification,
                idempotency_key=f"{self._name}:{self.id}:{account.id}",
            )
        return self.env["hc.dispute.decision.wizard"]._tell(placements.sudo().action_id)


class HcPlacementRecallWizard(models.TransientModel):
    """Asks why an account is taken back from an agency."""

    _name = "hc.placement.recall.wizard"
    _description = "Recall from an Agency"
    _inherit = ["hc.guarded.mixin"]

    placement_id = fields.Many2one("hc.placement", required=True)
    reason = fields.Text("Why", required=True)

    def action_confirm(self):
        """Take the account back."""
        self.ensure_one()
        self.placement_id._recall(self.reason)
        return {"type": "ir.actions.act_window_close"}
