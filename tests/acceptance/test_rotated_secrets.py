# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""`./hc secrets rotate` for real: its own process, its own key file, one database of secrets."""

import argparse
import os
import sys
from pathlib import Path

import pytest

from hc_tool import database_server, demo, odoo_script, odoo_source, rotation, secret_keys
from hc_tool.errors import HcError
from hc_tool.paths import Home

VALUES = {"clearinghouse": "correct horse battery staple", "webhook": "zażółć gęślą jaźń"}
REPLACED = "the value before"


@pytest.fixture
def home(tmp_path, monkeypatch, database_name):
    """A home folder with keys of its own, whose demo is the layer's database."""
    from odoo import release

    for name in (secret_keys.VARIABLE, secret_keys.FILE_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(demo, "DATABASE", database_name)
    home = Home(tmp_path)
    home.prepare()
    home.environment.symlink_to(sys.prefix)
    roots = Path(release.__file__).resolve().parents
    root = next(folder for folder in roots if odoo_source.describe(folder, "named"))
    monkeypatch.setenv("HC_ODOO_HOME", str(root))
    odoo_source.link(home, odoo_source.from_environment(os.environ))
    database_server.remember(home, database_server.parse_url(os.environ["HC_TEST_DB_URL"]))
    secret_keys.ensure(home)
    odoo_script.with_database(home).odoo.write_config()
    return home


@pytest.fixture
def secrets(home, odoo_env, monkeypatch):
    """Work on the secrets as a server does that reads the keys of a file."""

    def work(do, key_file=home.secret_key):
        with monkeypatch.context() as patch, odoo_env() as env:
            patch.setenv(secret_keys.FILE_VARIABLE, str(key_file))
            return do(env["hc.secret"])

    def fill(model):
        for code, value in VALUES.items():
            model.create({"name": code, "code": code, "value": REPLACED}).value = value

    work(fill)
    yield work
    with odoo_env() as env:
        env["hc.secret"].search([("code", "in", list(VALUES))]).unlink()


def _read(model):
    return {code: model._get_values(code) for code in VALUES}


def _rotate(home):
    rotation.rotate(home, argparse.Namespace())
    return secret_keys.read(home)


def test_all_values_are_read_without_the_old_key(home, secrets, tmp_path):
    before = secrets(_read)
    assert before == {code: [value, REPLACED] for code, value in VALUES.items()}
    keys = secret_keys.read(home)
    old_file = tmp_path / "old.key"
    old_file.write_text(keys[0])
    for _time in range(2):
        keys += _rotate(home)
        assert secrets(_read) == before
    assert len(set(keys)) == 3, "each rotation leaves one key, a new one"
    with pytest.raises(Exception, match="not among the server's"):
        secrets(_read, old_file)


def test_a_lost_key_changes_nothing_and_keeps_what_there_is(home, secrets):
    [lost] = secret_keys.read(home)
    secret_keys.write(home, [secret_keys.new_key()])
    with pytest.raises(HcError, match="not among the server's"):
        _rotate(home)
    secret_keys.write(home, [*secret_keys.read(home), lost])
    assert set(secrets(_read)) == set(VALUES)
    assert len(_rotate(home)) == 1
    assert secrets(_read)["webhook"] == [VALUES["webhook"], REPLACED]
