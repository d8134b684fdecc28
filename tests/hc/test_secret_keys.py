# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The key file of the demo, and its rotation."""

import argparse
from contextlib import nullcontext

import pytest

from hc_tool import odoo_script, rotation, secret_keys
from hc_tool.errors import HcError
from hc_tool.python_env import odoo_environ


@pytest.fixture(autouse=True)
def without_keys_of_the_user(monkeypatch):
    for name in (secret_keys.VARIABLE, secret_keys.FILE_VARIABLE):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def rotate(home, monkeypatch):
    """Rotate with a given answer of Odoo; returns the keys that Odoo found in the file."""
    secret_keys.ensure(home)
    monkeypatch.setattr(rotation.locks, "exclusive", lambda _home: nullcontext())
    monkeypatch.setattr(odoo_script, "with_database", lambda _home, is_locked: home)

    def call(answer):
        seen = []

        def run(*_arguments):
            seen.extend(secret_keys.read(home))
            return answer

        monkeypatch.setattr(odoo_script, "run", run)
        try:
            rotation.rotate(home, argparse.Namespace())
        finally:
            call.seen = seen

    return call


def test_the_key_is_made_once_and_only_the_owner_reads_it(home):
    secret_keys.ensure(home)
    text = home.secret_key.read_text()
    secret_keys.ensure(home)
    assert home.secret_key.read_text() == text
    assert home.secret_key.stat().st_mode & 0o777 == 0o600
    assert len(bytes.fromhex(text.strip())) == 32
    assert home.secret_key in home.contents()


def test_odoo_is_told_the_file_unless_the_user_has_a_key(home, monkeypatch):
    assert odoo_environ(home)[secret_keys.FILE_VARIABLE] == str(home.secret_key)
    monkeypatch.setenv(secret_keys.VARIABLE, "00" * 32)
    assert secret_keys.FILE_VARIABLE not in odoo_environ(home)


def test_while_odoo_rotates_the_new_key_stands_before_the_old_one(home, rotate):
    [old] = secret_keys.read(home)
    rotate({"rotated": 2, "current": 0})
    [new] = secret_keys.read(home)
    assert new != old
    assert rotate.seen == [new, old]


def test_a_failed_rotation_keeps_the_old_key(home, rotate):
    [old] = secret_keys.read(home)
    with pytest.raises(HcError, match="no key fits"):
        rotate({"error": "no key fits"})
    assert old in secret_keys.read(home)


def test_keys_of_the_user_are_left_alone(home, rotate, monkeypatch):
    monkeypatch.setenv(secret_keys.VARIABLE, "00" * 32)
    before = secret_keys.read(home)
    rotate({"rotated": 0, "current": 1})
    assert secret_keys.read(home) == before
