# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Copies of the layer's database, for tests that commit what others must not see."""

from contextlib import closing, contextmanager


@contextmanager
def cloned(template, name):
    """Make a copy of a database and drop it at the end.

    Args:
        template: name of the database to copy.
        name: of the copy.
    """
    import odoo
    from odoo.modules.registry import Registry

    odoo.sql_db.close_db(template)
    drop = f'DROP DATABASE IF EXISTS "{name}"'
    _administer(drop, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield name
    finally:
        Registry.delete(name)
        odoo.sql_db.close_db(name)
        _administer(drop)


@contextmanager
def opened(name):
    """An environment of the superuser on a database; committed at the end.

    Args:
        name: of the database.
    """
    import odoo
    from odoo.modules.registry import Registry

    with Registry(name).cursor() as cursor:
        yield odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})


def _administer(*statements):
    """Run statements that no transaction may hold: creating and dropping databases."""
    import odoo

    with closing(odoo.sql_db.db_connect("postgres").cursor()) as cursor:
        cursor._cnx.autocommit = True
        for statement in statements:
            cursor.execute(statement)
