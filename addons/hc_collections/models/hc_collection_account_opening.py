# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging
from collections import Counter

import psycopg2

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.models.hc_batch_mixin import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)

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
        keys = sorted(keys & owners.keys())
        numbers = self._take_numbers(company_id for company_id, _partner_id in keys)
        vals_list = [
            {
                "name": next(numbers[key[0]]),
                "company_id": key[0],
                "partner_id": key[1],
                "party": owners[key][0],
                f"{owners[key][0]}_id": owners[key][1].id,
            }
            for key in keys
        ]
        # The log says who opened them: a note in each chatter would say it again, at half the cost.
        accounts = self.with_context(mail_create_nolog=True)
        try:
            with self.env.cr.savepoint(flush=False):
                return accounts._create_guarded(vals_list)
        except psycopg2.errors.UniqueViolation as error:
            raise ConcurrencyError("another transaction opened the same account") from error

    @api.model
    def _take_numbers(self, company_ids):
        """``{company id: iterator of its next account numbers}``, one per id that is given."""
        sequences, companies = self.env["ir.sequence"], self.env["res.company"]
        return {
            company_id: iter(
                sequences._draw_numbers(self._name, companies.browse(company_id), count)
            )
            for company_id, count in Counter(company_ids).items()
        }

    @api.model
    def _adopt_ledger(self, limit=None):
        """Open the accounts that are missing, and let items of patients follow theirs.

        What was posted before the module was there has none. Set-based; harmless to repeat.

        :param int limit: of parties; all by default
        :return: how many parties are left
        """
        keys = self._find_unadopted()
        return len(keys) - sum(self._adopt_in_batches(keys[:limit]))

    @api.model
    def _cron_adopt_ledger(self):
        """Adopt the ledger with a commit after each batch: a stopped run goes on where it was.

        :return: whether there was time for all
        """
        commit_progress = self.env["ir.cron"]._commit_progress
        keys = self._find_unadopted()
        commit_progress(remaining=len(keys))
        return all(commit_progress(number) for number in self._adopt_in_batches(keys))

    @api.model
    def _adopt_in_batches(self, keys):
        """Adopt parties, given as ``[(company id, partner id)]``; yields the size of each batch.

        A batch that somebody else works on is left to the next run.
        """
        for start in range(0, len(keys), _OPENED_AT_ONCE):
            batch = keys[start : start + _OPENED_AT_ONCE]
            try:
                with self.env.cr.savepoint():
                    self._adopt(batch)
            except CONCURRENCY_ERRORS as error:
                _logger.info("%s accounts left to the next run: %s", len(batch), error)
            yield len(batch)

    @api.model
    def _find_unadopted(self):
        """``[(company id, partner id)]`` of patients and payers whose items have no account."""
        self.env["account.move.line"].flush_model()
        self.flush_model()
        return self.env.execute_query(
            SQL(
                """
                WITH owed AS (
                  SELECT line.company_id, line.partner_id,
                         bool_or(line.amount_residual != 0) AS is_open,
                         bool_or(line.hc_collection_account_id IS NULL) AS is_unlinked
                    FROM account_move_line line
                    JOIN account_account account
                      ON account.id = line.account_id
                     AND account.account_type = 'asset_receivable'
                   WHERE line.parent_state = 'posted' AND line.partner_id IS NOT NULL
                GROUP BY line.company_id, line.partner_id)
                SELECT owed.company_id, owed.partner_id
                  FROM owed
             LEFT JOIN hc_collection_account known
                    ON known.partner_id = owed.partner_id
                   AND known.company_id = owed.company_id
                 WHERE CASE WHEN known.id IS NULL THEN owed.is_open AND (
                                 EXISTS (SELECT FROM hc_patient patient
                                          WHERE patient.partner_id = owed.partner_id
                                            AND patient.company_id = owed.company_id)
                              OR EXISTS (SELECT FROM hc_payer payer
                                          WHERE payer.partner_id = owed.partner_id
                                            AND payer.company_id = owed.company_id))
                            ELSE known.party = 'patient' AND owed.is_unlinked END
              ORDER BY owed.company_id, owed.partner_id
                """
            )
        )

    @api.model
    def _adopt(self, keys):
        """Adopt the items of some parties, given as ``[(company id, partner id)]``."""
        partner_ids = sorted({partner_id for _company_id, partner_id in keys})
        known = self.search_fetch([("partner_id", "in", partner_ids)], ["company_id", "partner_id"])
        self._open_accounts(set(keys) - {(one.company_id.id, one.partner_id.id) for one in known})
        self.flush_model()
        adopted = self.env.execute_query(
            SQL(
                """
                UPDATE account_move_line line SET hc_collection_account_id = known.id
                  FROM hc_collection_account known, account_account account
                 WHERE known.partner_id = line.partner_id AND known.company_id = line.company_id
                   AND known.party = 'patient' AND account.id = line.account_id
                   AND account.account_type = 'asset_receivable'
                   AND line.partner_id = ANY(%s)
                   AND line.parent_state = 'posted' AND line.hc_collection_account_id IS NULL
             RETURNING known.id
                """,
                partner_ids,
            )
        )
        self.env["account.move.line"].invalidate_model(["hc_collection_account_id"])
        accounts = self.browse(sorted({account_id for (account_id,) in adopted}))
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
