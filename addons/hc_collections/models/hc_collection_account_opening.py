# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import psycopg2

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

_OPENED_AT_ONCE = 1000


class HcCollectionAccount(models.Model):
    """Who owes has an account: opened when the ledger first says so."""

    _inherit = "hc.collection.account"

    @api.model
    def _ensure_for(self, items):
        """See to it that whoever owes these journal items has an account.

        :param items: journal items, about to be posted
        """
        owed = items.filtered(
            lambda item: item.account_type == "asset_receivable" and item.partner_id
        )
        partners = {(item.company_id.id, item.partner_id.id) for item in owed}
        known = self.search_fetch(
            [("partner_id", "in", owed.partner_id.ids)], ["company_id", "partner_id"]
        )
        missing = partners - {(one.company_id.id, one.partner_id.id) for one in known}
        if missing:
            self._open_accounts(missing)

    @api.model
    def _open_accounts(self, keys):
        """Open accounts for those of ``(company id, partner id)`` that are patients or payers."""
        partner_ids = [partner_id for _company_id, partner_id in keys]
        owners = {}
        for party, model in (("payer", "hc.payer"), ("patient", "hc.patient")):
            for record in self.env[model].search_fetch(
                [("partner_id", "in", partner_ids)], ["partner_id", "company_id"]
            ):
                owners[record.company_id.id, record.partner_id.id] = (party, record)
        vals_list = [
            {
                "name": self.env["ir.sequence"].next_by_code("hc.collection.account"),
                "company_id": key[0],
                "partner_id": key[1],
                "party": owners[key][0],
                f"{owners[key][0]}_id": owners[key][1].id,
            }
            for key in sorted(keys & owners.keys())
        ]
        try:
            with self.env.cr.savepoint(flush=False):
                return self._create_guarded(vals_list)
        except psycopg2.errors.UniqueViolation as error:
            raise ConcurrencyError("another transaction opened the same account") from error

    @api.model
    def _adopt_ledger(self):
        """Open the accounts that are missing, and let open items of patients follow theirs.

        What was posted before the module was there has none; set-based, and harmless to repeat.
        """
        self.env["account.move.line"].flush_model()
        self.env.cr.execute(
            """
            SELECT DISTINCT line.company_id, line.partner_id
              FROM account_move_line line
              JOIN account_account account
                ON account.id = line.account_id AND account.account_type = 'asset_receivable'
         LEFT JOIN hc_collection_account known
                ON known.partner_id = line.partner_id AND known.company_id = line.company_id
             WHERE line.parent_state = 'posted' AND line.amount_residual != 0
               AND line.partner_id IS NOT NULL AND known.id IS NULL
          ORDER BY line.company_id, line.partner_id
            """
        )
        keys = self.env.cr.fetchall()
        for start in range(0, len(keys), _OPENED_AT_ONCE):
            self._open_accounts(set(keys[start : start + _OPENED_AT_ONCE]))
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_move_line line SET hc_collection_account_id = known.id
                  FROM hc_collection_account known, account_account account
                 WHERE known.partner_id = line.partner_id AND known.company_id = line.company_id
                   AND known.party = 'patient' AND account.id = line.account_id
                   AND account.account_type = 'asset_receivable'
                   AND line.parent_state = 'posted' AND line.hc_collection_account_id IS NULL
             RETURNING known.id
                """
            )
        )
        adopted = {account_id for (account_id,) in self.env.cr.fetchall()}
        self.env["account.move.line"].invalidate_model(["hc_collection_account_id"])
        accounts = self.browse(sorted(adopted))
        accounts.invalidate_recordset(["item_ids"])
        self.env.add_to_compute(self._fields["amount_open"], accounts)
        accounts.flush_recordset()

    @api.model
    def _find_of_patients(self, items):
        """``{(company id, partner id): account}`` of the patients among the items' partners."""
        accounts = self.search_fetch(
            [("partner_id", "in", items.partner_id.ids), ("party", "=", "patient")],
            ["company_id", "partner_id"],
        )
        return {(one.company_id.id, one.partner_id.id): one for one in accounts}
