# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models


class HcCollectionHold(models.Model):
    """What a hold means for e-mails that are in Odoo's queue."""

    _inherit = "hc.collection.hold"

    def _after_placing(self):
        result = super()._after_placing()
        self.env["hc.contact"]._stop_mails(self.account_id)
        return result
