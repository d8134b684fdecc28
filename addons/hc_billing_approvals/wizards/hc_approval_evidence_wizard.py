# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class HcApprovalEvidenceWizard(models.TransientModel):
    """The requester adds evidence that a step asks for."""

    _name = "hc.approval.evidence.wizard"
    _description = "Add Evidence"

    request_id = fields.Many2one("hc.approval.request", required=True, readonly=True)
    wanted_type_ids = fields.Many2many(related="request_id.missing_evidence_ids")
    type_id = fields.Many2one(
        "hc.approval.evidence.type",
        "Evidence",
        required=True,
        domain="[('source', 'in', ('attachment', 'justification'))]",
    )
    source = fields.Selection(related="type_id.source")
    note = fields.Char(related="type_id.note")
    file = fields.Binary(attachment=False)
    file_name = fields.Char()
    text = fields.Text("Words")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        request = self.env["hc.approval.request"].browse(values.get("request_id"))
        values.setdefault("type_id", request.missing_evidence_ids[:1].id)
        return values

    def action_add(self):
        """Add the evidence to the request."""
        self.ensure_one()
        self.request_id._add_evidence(self.type_id, self.file, self.file_name, self.text)
        return {"type": "ir.actions.act_window_close"}

    def action_add_another(self):
        """Add the evidence and ask for the next piece."""
        self.action_add()
        if not self.request_id.missing_evidence_ids:
            return {"type": "ir.actions.act_window_close"}
        return self.request_id.action_open_add_evidence()
