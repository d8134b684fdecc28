# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

_MINIMUM_JUSTIFICATION_LENGTH = 10


class HcDenialCloseWizard(models.TransientModel):
    """Why nothing more is done about denials."""

    _name = "hc.denial.close.wizard"
    _description = "Pursue Denials No Further"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False

    denial_ids = fields.Many2many("hc.denial", required=True, readonly=True)
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Close the denials; what is open on their cases stays open."""
        self.ensure_one()
        self.denial_ids.check_access("write")
        self.denial_ids._close_unpursued(self.reason)
        return {"type": "ir.actions.act_window_close"}


class HcDenialWriteOffWizard(models.TransientModel):
    """What a request to write denied amounts off needs."""

    _name = "hc.denial.write.off.wizard"
    _description = "Write Denied Amounts Off"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False
    _guarded_fields = frozenset({"action_ids"})

    denial_ids = fields.Many2many("hc.denial", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_amount", store=True)
    amount = fields.Monetary(compute="_compute_amount", store=True)
    reason_code_id = fields.Many2one(
        "hc.reason.code", "Reason", required=True, domain="[('usage', '=', 'write_off')]"
    )
    justification = fields.Text(required=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Attach Files")
    action_ids = fields.Many2many("hc.controlled.action", string="Requested", readonly=True)

    @api.depends("denial_ids")
    def _compute_amount(self):
        for wizard in self:
            wizard.currency_id = wizard.denial_ids.currency_id[:1]
            wizard.amount = sum(wizard.denial_ids.mapped("amount_denied"))

    def action_request(self):
        """Request the write-off, and tell what became of the request."""
        self.ensure_one()
        self.denial_ids.check_access("write")
        self.lock_for_update(allow_referencing=True)
        self.invalidate_recordset(["action_ids"])
        if not self.action_ids:
            self._check_complete()
            actions = self.denial_ids._request_write_off(
                reason_code=self.reason_code_id,
                justification=self.justification.strip(),
                attachments=self.attachment_ids,
                idempotency_key=f"{self._name}:{self.id}",
            )
            self._write_guarded({"action_ids": [(6, 0, actions.ids)]})
        return self._get_outcome()

    def _check_complete(self):
        if len((self.justification or "").strip()) < _MINIMUM_JUSTIFICATION_LENGTH:
            raise UserError(
                self.env._("Say in a sentence why: whoever decides and the audit log read it.")
            )
        if self.reason_code_id.usage != "write_off":
            raise UserError(self.env._("Choose a reason that belongs to write-offs."))
        if self.attachment_ids.filtered(lambda file: file.create_uid != self.env.user):
            raise UserError(self.env._("Upload the evidence yourself, do not link other files."))

    def _get_outcome(self):
        states = dict(self.action_ids._fields["state"]._description_selection(self.env))
        lines = [f"{action.name}: {states[action.state]}" for action in self.action_ids]
        lines += sorted({reason for reason in self.action_ids.mapped("gate_reason") if reason})
        refused = "rejected" in self.action_ids.mapped("state")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if refused else "success",
                "sticky": refused,
                "message": " · ".join(lines),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
