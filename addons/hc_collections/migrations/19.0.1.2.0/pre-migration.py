# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What has to be in order before the fields of the new version are loaded."""

from odoo.tools import sql


def migrate(cr, version):
    """Merge two consent rules, and enter which accounts are to be looked at once.

    :param cr: cursor of the update
    :param str version: installed before
    """
    if not version:
        return
    _merge_consent_rules(cr)
    _enter_rises(cr)


def _merge_consent_rules(cr):
    """An opt-out counts whatever the rule says: one that asks for nothing means the same."""
    cr.execute(
        "UPDATE hc_cadence_channel SET consent = 'unless_opted_out' WHERE consent = 'not_needed'"
    )


def _enter_rises(cr):
    """Let the rule look at every balance once that no collector was told of.

    With the column there, the amounts of all accounts are not read from the ledger again.
    """
    if sql.column_exists(cr, "hc_collection_account", "amount_raised_at"):
        return
    sql.create_column(cr, "hc_collection_account", "amount_raised_at", "timestamp")
    cr.execute(
        """UPDATE hc_collection_account account
              SET amount_raised_at = date_trunc('second', now() AT TIME ZONE 'UTC')
            WHERE account.party = 'patient' AND account.amount_open > 0
              AND NOT EXISTS (SELECT FROM hc_work_item item
                               WHERE item.dedup_key = 'collection_threshold:' || account.id)"""
    )
