# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools.sql import column_exists, create_column


class AccountMoveLine(models.Model):
    """Receivable items of patients follow their account, so that its amounts follow the ledger.

    Those of payers do not: workers that post many remittances of one payer side by side would
    wait for the payer's one row.
    """

    _inherit = "account.move.line"

    hc_collection_account_id = fields.Many2one(
        "hc.collection.account",
        "Collection Account",
        compute="_compute_hc_collection_account",
        store=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _auto_init(self):
        # A column that the framework adds is computed for every item of the ledger, in one
        # transaction. Items that were there first are adopted with their accounts, in batches.
        if not column_exists(self.env.cr, self._table, "hc_collection_account_id"):
            create_column(self.env.cr, self._table, "hc_collection_account_id", "int4")
        return super()._auto_init()

    @api.depends("parent_state", "partner_id", "account_id")
    def _compute_hc_collection_account(self):
        owed = self.filtered(
            lambda item: (
                item.parent_state == "posted"
                and item.partner_id
                and item.account_id.account_type == "asset_receivable"
            )
        )
        accounts = self.env["hc.collection.account"].sudo()._find_of_patients(owed)
        (self - owed).hc_collection_account_id = False
        for item in owed:
            item.hc_collection_account_id = accounts.get((item.company_id.id, item.partner_id.id))
