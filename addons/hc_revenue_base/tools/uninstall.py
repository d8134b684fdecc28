# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What a module of the suite puts in order before it goes."""

from odoo.tools import SQL


def get_models(env, module):
    """The models of a module that have a table of their own."""
    return [
        model
        for model in env.values()
        if model._original_module == module and model._auto and not model._abstract
    ]


def release_records(env, module, reason):
    """Close what nobody could do any more, and let all records of a module go at once.

    Open work and waiting jobs about records that go would stay open for ever. The records go with
    their tables; keys between them would only make Odoo fail to delete one before the other.

    Args:
        env: the environment that an uninstall hook is given.
        module: technical name of the module.
        reason: what the log says of work and jobs.
    """
    models = get_models(env, module)
    about = ("res_model", "in", [model._name for model in models])
    items = env["hc.work.item"].search([about, ("state", "not in", ("resolved", "cancelled"))])
    items._transition_where_allowed("cancelled", reason=reason)
    jobs = env["hc.job"].search([about, ("state", "in", ("pending", "dead"))])
    jobs._transition("cancelled", reason=reason)
    env.flush_all()
    _drop_keys(env, [model._table for model in models])


def _drop_keys(env, tables):
    """Drop the foreign keys of tables that refuse the deletion of what they point at."""
    rows = env.execute_query(
        SQL(
            """SELECT keys.conrelid::regclass::text, keys.conname FROM pg_constraint keys
                 JOIN pg_class tables ON tables.oid IN (keys.conrelid, keys.confrelid)
                WHERE keys.contype = 'f' AND keys.confdeltype = 'r' AND tables.relname IN %s""",
            tuple(tables),
        )
    )
    for table, name in sorted(set(rows)):
        env.cr.execute(
            SQL("ALTER TABLE %s DROP CONSTRAINT %s", SQL.identifier(table), SQL.identifier(name))
        )
