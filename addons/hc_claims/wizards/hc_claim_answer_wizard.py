# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class HcClaimAnswerWizard(models.TransientModel):
    """Bring in what a clearinghouse or payer sent back: TA1, 999, 277CA, 271."""

    _name = "hc.claim.answer.wizard"
    _description = "Upload Acknowledgements"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False

    # Files beyond it are processed in the background.
    _bytes_at_once = 500_000

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
        """Store the files and process them: small ones at once, others in the background."""
        self.ensure_one()
        files = self.attachment_ids.sorted("id")
        if not files:
            raise UserError(self.env._("Drop a file, or choose one."))
        received = self.env["hc.exchange"]
        scoped = received.with_company(self.clearinghouse_id.company_id)
        budget = self._bytes_at_once
        for file in files:
            content = file.raw or b""
            exchange, verdict = scoped._receive_acknowledgement(
                content, self.clearinghouse_id.code, file.name
            )
            received += exchange
            budget -= len(content)
            if verdict == "new" and budget >= 0:
                exchange.sudo()._process_safely(lambda _done, _left: True)
        if budget < 0:
            self.env.ref("hc_revenue_base.ir_cron_process_exchanges").sudo()._trigger()
        # The exchange keeps the file; what was uploaded for this form is no second copy of it.
        self.write({"attachment_ids": [Command.clear()]})
        files.filtered(lambda file: file.res_model == self._name and not file.res_id).unlink()
        # Somebody else may have brought the same file in before; it is theirs, and not read here.
        answers = set(received.sudo().mapped("document_type"))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_claims.hc_eligibility_answer_action"
            if answers == {"x12_271"}
            else "hc_claims.hc_claim_status_action"
        )
        return action | {"domain": [("exchange_id", "in", received.ids)], "context": {}}
