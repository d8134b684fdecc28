# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class HcProviderAdjustmentCode(models.Model):
    """Why a payment to the provider differs from the sum of its claims (PLB of an 835).

    A positive amount reduces the payment.
    """

    _name = "hc.provider.adjustment.code"
    _description = "Provider Adjustment Code"
    _inherit = ["hc.remittance.code.mixin"]
    _order = "code, date_from desc"

    posting = fields.Char(translate=True, help="Where the office posts it.")
    sign_note = fields.Char("Sign", translate=True, help="What a plus or a minus means.")
    needs_review = fields.Boolean(help="Nobody has checked its meaning against a payer's guide.")

    _code_unique = models.UniqueIndex(
        "(code, date_from)", "This code exists already with this effective date."
    )

    @api.model
    def _find(self, codes, as_of):
        """``{code: record}`` of the codes that are in force on a day."""
        return self._find_in_force([], codes, as_of)

    @api.model
    def get_import_templates(self):
        template = "/hc_revenue_base/static/import/provider_adjustment_codes_sample.csv"
        return [{"label": self.env._("Provider adjustment codes"), "template": template}]
