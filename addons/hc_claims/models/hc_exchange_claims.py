# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcExchange(models.Model):
    """The files of claims, and what comes back for them."""

    _inherit = "hc.exchange"

    document_type = fields.Selection(
        selection_add=[
            ("x12_837p", "Claims (837P)"),
            ("x12_837i", "Claims (837I)"),
            ("x12_999", "File Acknowledgement (999, TA1)"),
            ("x12_277ca", "Claim Acknowledgement (277CA)"),
        ],
        ondelete={
            "x12_837p": "cascade",
            "x12_837i": "cascade",
            "x12_999": "cascade",
            "x12_277ca": "cascade",
        },
    )
