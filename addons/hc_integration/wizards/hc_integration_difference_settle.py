# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcIntegrationDifferenceSettle(models.TransientModel):
    """Why differences of a daily proof are right as they are."""

    _name = "hc.integration.difference.settle"
    _description = "Settle Differences"

    difference_ids = fields.Many2many("hc.integration.difference", required=True)
    reason = fields.Text(required=True)

    def action_settle(self):
        """Settle the differences with this reason."""
        self.ensure_one()
        self.difference_ids._settle(self.reason)
