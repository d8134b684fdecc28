# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

_LETTER_MODELS = ("hc.statement", "hc.contact")


class IrAttachment(models.Model):
    """Letters of statements show patient data and stay as they went out."""

    _inherit = "ir.attachment"

    @api.model
    def _get_phi_models(self):
        return super()._get_phi_models() | {
            "hc.statement",
            "hc.contact",
            "hc.billing.dispute",
            "hc.collection.account",
            "hc.payment.plan",
            "hc.payment.promise",
            "hc.placement",
        }

    def _check_not_received(self):
        super()._check_not_received()
        if self.env.su:
            return
        # By who holds the file, wherever somebody has moved it.
        holds_one = [("attachment_id", "in", self.ids)]
        if any(self.env[name].sudo().search_count(holds_one, limit=1) for name in _LETTER_MODELS):
            raise self.env["hc.refused.attempt"]._refuse(
                self,
                "write",
                self.env._("Letters that were issued are neither changed nor deleted."),
                reason="issued_statement",
            )
