# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Each file here commits, kills and looks at what is left: on a database of its own."""

from contextlib import contextmanager

import databases
import pytest


@pytest.fixture(scope="module")
def own_database(odoo_env, database_name, template_name, request):
    """Name of a copy of the layer's database, for one file of tests."""
    part = request.module.__name__.rpartition(".")[2]
    with databases.cloned(template_name, f"{database_name}_{part}") as name:
        yield name


@pytest.fixture(scope="module")
def own_env(own_database):
    """Open an environment of the superuser on the file's own database, as `odoo_env` does."""
    import odoo
    from odoo.modules.registry import Registry

    @contextmanager
    def open_environment():
        with Registry(own_database).cursor() as cursor:
            yield odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})

    return open_environment
