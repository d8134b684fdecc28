# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Receivable items by the hundred thousand, for benchmarks: rows inserted into the ledger."""

from odoo.fields import Command
from odoo.tools import SQL

_ITEMS_PER_ACCOUNT = 5


def insert_items(env, count):
    """Insert open receivable items of patients, of ages from 0 to 364 days.

    Rows are copies of one patient, account and posted item; they need no entry of their own, since
    nothing posts, settles or prints them.

    :return: ids of the collection accounts that owe them, five items each
    """
    item = _post_item(env)
    env.flush_all()
    partners, patients, opened, items = _get_copies(item, count // _ITEMS_PER_ACCOUNT)
    env.cr.execute(
        SQL(
            "WITH partners AS (%s RETURNING id), patients AS (%s RETURNING id, partner_id),"
            " opened AS (%s RETURNING id, partner_id), items AS (%s) SELECT id FROM opened",
            partners,
            patients,
            opened,
            items,
        )
    )
    ids = [row[0] for row in env.cr.fetchall()]
    env.cr.execute("ANALYZE account_move_line, hc_collection_account, res_partner, hc_patient")
    env.invalidate_all()
    return ids


def _get_copies(item, count):
    """SQL that copies the item and whom it belongs to: partners, patients, accounts, items."""
    account = item.hc_collection_account_id
    patient = account.patient_id
    accounts = SQL("generate_series(1, %s) number", count)
    partners = _copy(patient.partner_id, {"name": SQL("'bench ' || number")}, accounts)
    patients = _copy(
        patient,
        {"mrn": SQL("'BENCH' || source.id"), "partner_id": SQL("source.id")},
        SQL("partners source"),
    )
    opened = _copy(
        account,
        {
            "name": SQL("'BENCH' || source.id"),
            "partner_id": SQL("source.partner_id"),
            "patient_id": SQL("source.id"),
        },
        SQL("patients source"),
    )
    items = _copy(
        item,
        {
            "partner_id": SQL("source.partner_id"),
            "hc_collection_account_id": SQL("source.id"),
            "date": SQL("current_date - ((source.id * 7 + number * 61) %% 365)::int"),
        },
        SQL("opened source, generate_series(1, %s) number", _ITEMS_PER_ACCOUNT),
    )
    return partners, patients, opened, items


def _copy(record, values, source):
    """SQL that inserts a copy of a record, with other values, for each row of a source."""
    names = [
        name
        for name, field in record._fields.items()
        if field.store and field.column_type and name != "id" and name not in values
    ]
    return SQL(
        "INSERT INTO %s (%s) SELECT %s FROM %s, %s model WHERE model.id = %s",
        SQL.identifier(record._table),
        SQL(", ").join(SQL.identifier(name) for name in (*names, *values)),
        SQL(", ").join((*(SQL.identifier("model", name) for name in names), *values.values())),
        source,
        SQL.identifier(record._table),
        record.id,
    )


def _post_item(env):
    """A receivable item of a posted invoice of a patient."""
    patient = env["hc.patient"].create({"mrn": "BENCH", "last_name": "Bench", "first_name": "Pat"})
    invoice = env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": patient.partner_id.id,
            "invoice_date": "2026-01-05",
            "invoice_line_ids": [Command.create({"name": "Visit", "price_unit": 123.45})],
        }
    )
    invoice.action_post()
    return invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
