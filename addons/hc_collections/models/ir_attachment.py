# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models


class IrAttachment(models.Model):
    """Letters of statements show patient data and stay as they went out."""

    _inherit = "ir.attachment"

    @api.model
    def _get_phi_models(self):
        return super()._get_phi_models() | {"hc.statement", "hc.contact"}

    def _check_not_received(self):
        super()._check_not_received()
        if self.env.su:
            return
        letters = self.sudo().filtered(lambda one: one.res_model == "hc.statement")
        frozen = self.env["hc.statement"].sudo().browse(letters.mapped("res_id")).attachment_id
        if letters & frozen:
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "write",
                self.env._("Issued statements are neither changed nor deleted."),
                reason="issued_statement",
            )
