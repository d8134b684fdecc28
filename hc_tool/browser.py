# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Chromium, from the packages of the system."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from . import apt
from .errors import HcError
from .files import remove, replacing
from .paths import Home
from .process import is_root, run_logged

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_TODO = "Install Chromium with the system's package manager, or name a browser in HC_CHROMIUM"
_LAUNCHER = """#!/bin/sh
root=$(dirname "$(readlink -f "$0")")
libraries=$(echo "$root"/usr/lib/*-linux-gnu)
export LD_LIBRARY_PATH="$libraries:$libraries/nss:$root/usr/lib"
export FONTCONFIG_PATH="$root/etc/fonts" XDG_DATA_DIRS="$root/usr/share"
exec "$root/usr/lib/chromium/chromium" "$@"
"""


def find(home: Home, environ: Mapping[str, str] = os.environ) -> str | None:
    """Return the path of a browser that is there, or None.

    Args:
        home: the home folder.
        environ: the process environment.
    """
    named = environ.get("HC_CHROMIUM")
    unpacked = home.browser / "chromium"
    # Ubuntu's program of that name is a placeholder that installs a snap.
    found = next(
        (
            path
            for path in map(shutil.which, PROGRAMS)
            if path and "snap" not in os.path.realpath(path)
        ),
        None,
    )
    return named or found or (str(unpacked) if unpacked.exists() else None)


def ensure(home: Home) -> str:
    """Return the path of a browser, installing one where none is there.

    Args:
        home: the home folder.

    Raises:
        HcError: this machine's packages offer none.
    """
    present = find(home)
    if present:
        return present
    machine = apt.this_machine()
    if machine.get("ID") != "debian" or not shutil.which("apt-get"):
        raise HcError("Chromium", "this system offers no package of it", _TODO)
    log = home.logs / "setup.log"
    if is_root():
        _install(log)
    else:
        _unpack(home, machine, log)
    present = find(home)
    if present is None:
        raise HcError("Chromium", "it is still missing after the installation", _TODO)
    return present


def _install(log: Path) -> None:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    for arguments in (
        ["update"],
        ["install", "--yes", "--no-install-recommends", "chromium"],
    ):
        run_logged(["apt-get", "-q", *arguments], log, "Chromium", _TODO, environ=environ)


def _unpack(home: Home, machine: Mapping[str, str], log: Path) -> None:
    """Unpack Chromium and the libraries that the system lacks, without installing."""
    archive = apt.find_archive(home.apt, log, machine)
    if archive is None:
        raise HcError("Chromium", "the Debian archive cannot be verified", _TODO)
    archive.update([archive.codename])
    with replacing(home.browser) as target:
        archive.unpack_with_dependencies("chromium", target)
        launcher = target / "chromium"
        launcher.write_text(_LAUNCHER, encoding="utf-8")
        launcher.chmod(0o755)
    remove(home.apt)
