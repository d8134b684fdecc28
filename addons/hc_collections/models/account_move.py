# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models


class AccountMove(models.Model):
    """Posting opens the accounts of those who owe."""

    _inherit = "account.move"

    def _post(self, soft=True):
        self.env["hc.collection.account"].sudo()._ensure_for(self.line_ids)
        return super()._post(soft=soft)
