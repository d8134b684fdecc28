# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.hc_payment_variance_flow import MINIMUM_REASON_LENGTH


class HcPaymentVarianceWizard(models.TransientModel):
    """Asks why an underpayment is accepted, and requests it as a controlled action."""

    _name = "hc.payment.variance.wizard"
    _description = "Accept an Underpayment"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False

    variance_ids = fields.Many2many("hc.payment.variance", required=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_amount")
    amount = fields.Monetary(compute="_compute_amount")
    reason_code_id = fields.Many2one(
        "hc.reason.code", "Reason", required=True, domain=[("usage", "=", "write_off")]
    )
    justification = fields.Text(required=True)

    @api.depends("variance_ids")
    def _compute_amount(self):
        for wizard in self:
            wizard.currency_id = wizard.variance_ids.currency_id[:1]
            wizard.amount = sum(wizard.variance_ids.mapped("amount"))

    def action_request(self):
        """Request the acceptance of each underpayment; somebody else may have to agree."""
        self.ensure_one()
        self.variance_ids.check_access("read")
        justification = (self.justification or "").strip()
        if len(justification) < MINIMUM_REASON_LENGTH:
            raise UserError(
                self.env._("Say in a sentence why: whoever decides and the audit log read it.")
            )
        if self.reason_code_id.usage != "write_off":
            raise UserError(self.env._("Choose a reason for a write-off."))
        actions = self.env["hc.controlled.action"]._request_many(
            "contract_deviation",
            [
                {
                    "subject": variance,
                    "idempotency_key": f"{self._name}:{self.id}:{variance.id}",
                    "amount": variance.amount,
                    "case_id": variance.case_id.id,
                    "reason_code_id": self.reason_code_id.id,
                    "justification": justification,
                    "parameters": {"responsibility": variance.claim_id._responsibility},
                    "evidence": [
                        {"evidence_type": "justification", "text": justification},
                        {
                            "evidence_type": "record",
                            "res_model": variance._name,
                            "res_id": variance.id,
                        },
                    ],
                }
                for variance in self.variance_ids
            ],
        )
        states = dict(actions._fields["state"]._description_selection(self.env))
        refused = actions.filtered(lambda action: action.state == "rejected")
        lines = sorted({states[action.state] for action in actions})
        lines += sorted({action.gate_reason for action in actions if action.gate_reason})
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if refused else "success",
                "sticky": bool(refused),
                "message": " · ".join(lines),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
