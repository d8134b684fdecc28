# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What an empty list of rights meant before is written out: from this version on it means none."""

from odoo.tools import SQL


def migrate(cr, version):
    """Name every type and operation where nothing was named.

    :param cr: cursor of the update
    :param str version: installed before
    """
    if not version:
        return
    for column in ("allowed_event_types", "allowed_operations"):
        name = SQL.identifier(column)
        cr.execute(
            SQL("UPDATE hc_integration_source SET %s = '*' WHERE coalesce(%s, '') = ''", name, name)
        )
