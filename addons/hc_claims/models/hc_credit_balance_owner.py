# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcCreditBalance(models.Model):
    """Who sees to it that a credit goes back to whose money it is."""

    _inherit = "hc.credit.balance"

    responsible_user_id = fields.Many2one(
        "res.users", "Owner", readonly=True, index="btree_not_null", tracking=True, copy=False
    )

    def action_take(self):
        """From now on these credits are mine."""
        self.check_access("write")
        self.write({"responsible_user_id": self.env.uid})
