# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class ResPartner(models.Model):
    """Ledger partners that have an account: collectors choose among their saved methods."""

    _inherit = "res.partner"

    hc_collection_account_ids = fields.One2many(
        "hc.collection.account",
        "partner_id",
        "Collection Accounts",
        readonly=True,
        groups="hc_revenue_base.group_hc_user",
    )
