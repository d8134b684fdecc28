# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcApprovalDecisionWizard(models.TransientModel):
    """Words that go with a decision: why it is refused, what is asked, what is answered."""

    _name = "hc.approval.decision.wizard"
    _description = "Approval Decision"

    request_ids = fields.Many2many("hc.approval.request", required=True, readonly=True)
    verdict = fields.Selection(
        [("reject", "Refuse"), ("ask", "Ask"), ("answer", "Answer")], required=True, readonly=True
    )
    text = fields.Text("Words", required=True)

    def action_confirm(self):
        """Decide with these words."""
        self.ensure_one()
        if self.verdict == "reject":
            return self.request_ids._decide("reject", self.text) or {
                "type": "ir.actions.act_window_close"
            }
        decide = self.request_ids._ask if self.verdict == "ask" else self.request_ids._answer
        decide(self.text)
        return {"type": "ir.actions.act_window_close"}
