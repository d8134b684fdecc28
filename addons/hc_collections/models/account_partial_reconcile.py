# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models


class AccountPartialReconcile(models.Model):
    """Aging asks for what was settled after a day: nothing, most times, out of millions."""

    _inherit = "account.partial.reconcile"

    _hc_max_date_index = models.Index("(max_date)")
