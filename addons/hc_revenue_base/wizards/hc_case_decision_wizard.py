# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

_MINIMUM_NOTE_LENGTH = 10


class HcCaseDecisionWizard(models.TransientModel):
    """Asks for the reason of a decision about cases, and carries it out."""

    _name = "hc.case.decision.wizard"
    _description = "Decision About Cases"
    _inherit = ["hc.guarded.mixin"]

    decision = fields.Selection(
        [
            ("cancel", "Cancel"),
            ("not_billable", "Not Billable"),
            ("reopen", "Reopen"),
            ("void_rebill", "Void and Rebill"),
        ],
        required=True,
    )
    case_ids = fields.Many2many("hc.billing.case", string="Cases", required=True)
    case_count = fields.Integer(compute="_compute_case_count")
    reason_code_id = fields.Many2one(
        "hc.reason.code", "Reason", required=True, domain="[('usage', '=', decision)]"
    )
    note = fields.Text("Explanation", required=True)

    @api.depends("case_ids")
    def _compute_case_count(self):
        for wizard in self:
            wizard.case_count = len(wizard.case_ids)

    def action_confirm(self):
        """Carry out the decision on all cases, or on none."""
        self.ensure_one()
        note = (self.note or "").strip()
        if len(note) < _MINIMUM_NOTE_LENGTH:
            raise UserError(
                self.env._("Explain the decision in a sentence: it goes into the audit log.")
            )
        if self.reason_code_id.usage != self.decision:
            raise UserError(self.env._("Choose a reason that belongs to this decision."))
        self.case_ids.check_access("write")
        methods = {
            "cancel": self.case_ids._cancel,
            "not_billable": self.case_ids._set_not_billable,
            "reopen": self.case_ids._reopen,
            "void_rebill": self.case_ids._void_and_rebill,
        }
        methods[self.decision](self.reason_code_id, note)
        return {"type": "ir.actions.act_window_close"}
