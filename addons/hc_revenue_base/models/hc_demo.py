# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models


class HcDemo(models.AbstractModel):
    """Builds the demonstration group's records; called by the demo files only."""

    _name = "hc.demo"
    _description = "Demonstration Data"

    @api.model
    def _set_up_accounts(self, company_id):
        """Give the demonstration company a chart of accounts, without taxes on care."""
        company = self.env["res.company"].browse(company_id)
        if not company.chart_template:
            self.env["account.chart.template"]._load(
                "generic_coa", company, install_demo=False
            )
            company.account_sale_tax_id = False
