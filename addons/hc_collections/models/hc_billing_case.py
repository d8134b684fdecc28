# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class HcBillingCase(models.Model):
    """The day on which the patient was first told what the case costs them.

    Notification periods of 26 CFR 1.501(r)-6 and of several states run from it.
    """

    _inherit = "hc.billing.case"

    first_statement_on = fields.Date(readonly=True, copy=False, index="btree_not_null")

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"first_statement_on"}
