# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.exceptions import UserError


class HcClaimAnswerWizard(models.TransientModel):
    """Bring in what a clearinghouse or payer sent back: TA1, 999, 277CA."""

    _name = "hc.claim.answer.wizard"
    _description = "Upload Acknowledgements"

    clearinghouse_id = fields.Many2one(
        "hc.clearinghouse",
        required=True,
        default=lambda self: self._get_default_clearinghouse(),
        domain="[('company_id', 'in', allowed_company_ids)]",
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files")

    def _get_default_clearinghouse(self):
        """The only one, where there is one only."""
        found = self.env["hc.clearinghouse"].search([("active", "=", True)], limit=2)
        return found if len(found) == 1 else found.browse()

    def action_upload(self):
        """Store the files; each is processed at once."""
        self.ensure_one()
        if not self.attachment_ids:
            raise UserError(self.env._("Choose at least one file."))
        exchanges = self.env["hc.exchange"]
        received = exchanges
        scoped = exchanges.with_company(self.clearinghouse_id.company_id)
        for attachment in self.attachment_ids:
            exchange, verdict = scoped._receive_acknowledgement(
                attachment.raw or b"", self.clearinghouse_id.code, attachment.name
            )
            received += exchange
            if verdict == "new":
                exchange.sudo()._process_safely(lambda _done, _left: True)
        # They hold patient data, and are stored where that is guarded.
        self.attachment_ids.unlink()
        statuses = self.env["ir.actions.act_window"]._for_xml_id("hc_claims.hc_claim_status_action")
        return statuses | {"domain": [("exchange_id", "in", received.ids)], "context": {}}
