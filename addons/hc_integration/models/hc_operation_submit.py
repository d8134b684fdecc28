# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models


class HcOperation(models.AbstractModel):
    """What may be handed over as a document: events come signed, through their own address.

    As a document one would take the number of another system's event before that arrives.
    """

    _inherit = "hc.operation"

    @api.model
    def _get_submittable_types(self):
        return [code for code in super()._get_submittable_types() if code != "event"]
