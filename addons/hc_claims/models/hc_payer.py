# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcPayer(models.Model):
    """How a payer's remittances are treated."""

    _inherit = "hc.payer"

    unproven_policy = fields.Selection(
        [
            ("remittance", "Hold the whole remittance"),
            ("claim", "Hold the claims concerned, post the others"),
        ],
        "Claims That Do Not Add Up",
        required=True,
        default="remittance",
        tracking=True,
        help="A remittance whose total differs from the payment is held as a whole in any case.",
    )
