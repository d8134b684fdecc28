# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import re

import pytest

from hc_tool import python_env
from hc_tool.errors import HcError
from hc_tool.files import write_text

LOCKS = {"runtime": 5, "test": 5, "lint": 5, "model": 1}
HASH = "--hash=sha256:" + "0" * 64


@pytest.mark.parametrize(("name", "more_than"), LOCKS.items())
def test_the_lock_files_pin_every_package_with_hashes(name, more_than):
    text = python_env.check_lock(python_env.REQUIREMENTS / f"{name}.lock")
    assert len(re.findall(r"^[a-z0-9._-]+==", text, re.M)) > more_than


@pytest.mark.parametrize("name", LOCKS)
def test_the_lock_files_name_no_index(name):
    text = (python_env.REQUIREMENTS / f"{name}.lock").read_text()
    assert not re.search(r"://|index-url|find-links|trusted-host", text)


@pytest.mark.parametrize("name", LOCKS)
def test_every_wish_is_locked(name):
    wishes = (python_env.REQUIREMENTS / f"{name}.in").read_text().splitlines()
    text = (python_env.REQUIREMENTS / f"{name}.lock").read_text()
    for wish in wishes:
        if wish and wish[0] not in "#-":
            package = re.match(r"[A-Za-z0-9._-]+", wish)[0].lower().replace("_", "-")
            assert re.search(rf"^{re.escape(package)}==", text, re.M), package


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (f"one==1.0 \\\n    {HASH}\ntwo==2.0\n", "'two==2.0' has no hash"),
        (f"one>=1.0 \\\n    {HASH}\n", "'one>=1.0' has no exact version"),
        ("--index-url https://elsewhere.example.org\n", "has no exact version"),
    ],
)
def test_an_untrusted_lock_file_is_refused(tmp_path, content, problem):
    path = tmp_path / "bad.lock"
    write_text(path, content)
    with pytest.raises(HcError, match=problem):
        python_env.check_lock(path)


def test_a_missing_lock_file_is_one_line(tmp_path):
    with pytest.raises(HcError, match=r"lock file: gone\.lock: No such file"):
        python_env.check_lock(tmp_path / "gone.lock")


def test_a_changed_lock_file_is_installed_again(home, tmp_path, monkeypatch):
    monkeypatch.setattr(python_env, "REQUIREMENTS", tmp_path)
    write_text(tmp_path / "runtime.lock", f"one==1.0 {HASH}\n")
    before = python_env.packages_step(home, "runtime", "x").key
    assert python_env.packages_step(home, "runtime", "x").key == before
    write_text(tmp_path / "runtime.lock", f"one==1.1 {HASH}\n")
    assert python_env.packages_step(home, "runtime", "x").key != before


def test_only_what_has_no_wheel_is_compiled():
    assert "--no-binary=libsass" not in python_env.install_options("x86_64")
    for machine in ("x86_64", "aarch64"):
        options = python_env.install_options(machine)
        assert {"--require-hashes", "--no-deps", "--only-binary=:all:"} <= set(options)
    assert "--no-binary=libsass" in options


def test_odoo_runs_without_the_callers_python_settings(home, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("ODOO_RC", "/elsewhere/odoo.conf")
    environ = python_env.odoo_environ(home)
    assert environ["PYTHONPATH"] == str(home.odoo_link)
    assert "ODOO_RC" not in environ
    assert environ["PATH"].startswith(str(home.environment / "bin"))
    # What Python compiles is kept, beside the checkout and not in it.
    assert environ["PYTHONPYCACHEPREFIX"] == str(home.bytecode)
    assert home.bytecode in home.contents()
    assert "PYTHONDONTWRITEBYTECODE" not in environ
