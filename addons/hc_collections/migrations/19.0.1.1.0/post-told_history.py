# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How far each debt had come: the version before knew one level per account, not per debt.

A reminder of then told of all that the account owed on its day, and debts that arose later have
heard of fewer levels. Without this every account in follow-up would begin at its first level again.
"""

import logging

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# So many accounts at once: what is sorted stays in memory whatever there is.
_SLICE = 5000


def migrate(cr, version):
    """Enter which debts the reminders of 19.0.1.0.0 told of.

    :param cr: cursor of the update
    :param str version: installed before
    """
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    for company in env["res.company"].with_context(active_test=False).search([("id", ">", 0)]):
        _enter_history(env, company, _SLICE)
    env["hc.cadence.told"].invalidate_model(flush=False)


def _enter_history(env, company, size):
    """Enter the history of a company, some accounts at a time; what is entered stays as it is.

    :param int size: accounts at a time
    """
    zone, last, entered = company._get_office_timezone(), 0, 0
    while ids := _find_accounts(env, company, last, size):
        entered += len(env.execute_query(_get_history_query(ids, zone)))
        last = ids[-1]
    if entered:
        _logger.info("%s debts were told of before the update in company %s", entered, company.id)


def _find_accounts(env, company, last, size):
    """The next accounts that got reminders of which nobody knows what they told of."""
    rows = env.execute_query(
        SQL(
            """
            SELECT DISTINCT contact.account_id
              FROM hc_contact contact
             WHERE contact.company_id = %s AND contact.account_id > %s
               AND contact.level_id IS NOT NULL AND contact.state NOT IN ('cancelled', 'failed')
               AND NOT EXISTS (SELECT FROM hc_cadence_told told
                                WHERE told.contact_id = contact.id)
          ORDER BY contact.account_id LIMIT %s
            """,
            company.id,
            last,
            size,
        )
    )
    return [account_id for (account_id,) in rows]


def _get_history_query(account_ids, zone):
    """Enter what each reminder told of: debts of its day, open then, each at its own next level.

    One that failed, or came back, told of nothing. It counts among those that a debt has lived
    through, so that later ones keep their level.
    """
    return SQL(
        """
        WITH level AS (
        SELECT id, policy_id, row_number() OVER (PARTITION BY policy_id ORDER BY sequence, id)
               AS place
          FROM hc_cadence_level),
             contact AS (
        SELECT id, account_id, level_id, state,
               (happened_at AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date AS day
          FROM hc_contact
         WHERE account_id = ANY(%(accounts)s) AND level_id IS NOT NULL
           AND direction = 'out' AND state != 'cancelled'),
             told AS (
        SELECT contact.id AS contact_id, contact.state, contact.day, contact.account_id,
               account.company_id, line.id AS item_id, own.policy_id, own.place,
               row_number() OVER (PARTITION BY line.id ORDER BY contact.id) AS times
          FROM contact
          JOIN level own ON own.id = contact.level_id
          JOIN hc_collection_account account ON account.id = contact.account_id
          JOIN account_move_line line
            ON line.partner_id = account.partner_id AND line.company_id = account.company_id
           AND line.parent_state = 'posted' AND line.balance > 0 AND line.date <= contact.day
          JOIN account_account receivable
            ON receivable.id = line.account_id AND receivable.account_type = 'asset_receivable'
         WHERE line.amount_residual > 0
            OR EXISTS (SELECT FROM account_partial_reconcile partial
                        WHERE partial.debit_move_id = line.id AND partial.max_date >= contact.day))
        INSERT INTO hc_cadence_told
               (contact_id, account_id, company_id, item_id, level_id, told_on)
        SELECT told.contact_id, told.account_id, told.company_id, told.item_id, level.id, told.day
          FROM told
          JOIN level ON level.policy_id = told.policy_id
           AND level.place = least(told.times, told.place)
         WHERE told.state != 'failed'
           AND NOT EXISTS (SELECT FROM hc_cadence_told known
                            WHERE known.contact_id = told.contact_id)
      ORDER BY told.contact_id, told.item_id
            ON CONFLICT DO NOTHING
     RETURNING id
        """,
        zone=zone,
        accounts=account_ids,
    )
