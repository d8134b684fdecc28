# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    @api.model
    def _get_phi_models(self):
        """Pages of portals, and what people attach to questions, show the patient."""
        return super()._get_phi_models() | {"hc.eligibility.answer", "hc.eligibility.inquiry"}
