# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcWorkItem(models.Model):
    """Amounts that stand out, which a person found worth looking at."""

    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[("anomaly", "Amount to Check")], ondelete={"anomaly": "cascade"}
    )
