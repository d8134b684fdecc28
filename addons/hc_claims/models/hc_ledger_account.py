# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.hc_core.ledger_acts import LedgerAccount

LEDGER_ACCOUNTS = (
    LedgerAccount(
        "remittance_receipts", "Payer Payments in Transit", "asset_current", "101810", True
    ),
    LedgerAccount("remittance_clearing", "Remittances to Post", "asset_current", "101820"),
    LedgerAccount("balance_transfer", "Balances Moved to Patients", "asset_current", "101830"),
    LedgerAccount("payer_recoupment", "Payer Takebacks", "liability_current", "211810", True),
    LedgerAccount("payer_withholding", "Withheld by Payers", "asset_current", "101840"),
    LedgerAccount("payer_interest", "Interest From Payers", "income_other", "441810"),
    LedgerAccount("payer_settlement", "Payer Settlements", "income_other", "441820"),
    LedgerAccount("payer_penalty", "Payer Penalties and Fees", "expense", "659110"),
)


class HcLedgerAccount(models.Model):
    """Where remittances are posted."""

    _inherit = "hc.ledger.account"

    kind = fields.Selection(
        selection_add=[(use.kind, use.label) for use in LEDGER_ACCOUNTS],
        ondelete={use.kind: "cascade" for use in LEDGER_ACCOUNTS},
    )

    @api.model
    def _get_uses(self):
        return (*super()._get_uses(), *LEDGER_ACCOUNTS)
