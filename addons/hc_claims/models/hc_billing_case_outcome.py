# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models


class HcBillingCase(models.Model):
    _inherit = "hc.billing.case"

    def _get_initial_outcomes(self):
        """The first answer to the case: denied where the payer denied any of it."""
        answers_sudo = (
            self.env["hc.remittance.claim"]
            .sudo()
            .search(
                [("case_id", "in", self.ids), ("reversal_of_id", "=", False)],
                order="id desc",
            )
        )
        outcomes = super()._get_initial_outcomes()
        # The oldest is read last and stays.
        for answer in answers_sudo:
            if answer.amount_paid > 0 or answer.amount_denied > 0:
                is_denied = answer.currency_id.compare_amounts(answer.amount_denied, 0) > 0
                outcomes[answer.case_id.id] = "denied" if is_denied else "paid"
        return outcomes
