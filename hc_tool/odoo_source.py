# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Finding or fetching Odoo 19.

The order is: `HC_ODOO_HOME`, an Odoo 19 installed on the machine, the Debian archive,
a shallow clone of the branch 19.0.
"""

import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from . import apt
from .errors import HcError
from .files import remove, replacing
from .paths import Home
from .process import output_of, run_logged

SERIES = "19.0"
GIT_URL = "https://github.com/odoo/odoo.git"
DOWNLOAD_BYTES = 3_000_000_000

# Debian splits the fonts and scripts of the web client into packages of their own and
# links to them. Its unstable font-awesome 7 lacks the files that Odoo 19 names.
UNSTABLE_PACKAGES = (
    "odoo-19",
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-ocr-b",
)
STABLE_PACKAGES = ("fonts-font-awesome", "fonts-inconsolata")
# Debian leaves out the library that blurs the background of video calls. Without the file
# every page of the web client reports an error; with an empty one, calls are not blurred.
LEFT_OUT_FILES = ("mail/static/lib/selfie_segmentation/selfie_segmentation.js",)


@dataclass(frozen=True)
class OdooSource:
    """An Odoo 19 on disk.

    Attributes:
        origin: how it was found, in words.
        package: the folder of the Python package `odoo`.
        script: the program that starts the server.
        addons: folders of standard modules, in the order of the configuration.
        version: what its `release.py` says.
    """

    origin: str
    package: Path
    script: Path
    addons: tuple[Path, ...]
    version: str


def read_version(package: Path) -> str | None:
    """Return the version of an `odoo` package without importing it.

    Args:
        package: the folder of the package.

    Returns:
        For instance `19.0`, or None where this is no Odoo.
    """
    try:
        text = (package / "release.py").read_text(encoding="utf-8")
    except OSError:
        return None
    match = re.search(r"^version_info\s*=\s*\((\d+),\s*(\d+)", text, re.M)
    return f"{match[1]}.{match[2]}" if match else None


def describe(root: Path, origin: str) -> OdooSource | None:
    """Recognise an Odoo 19 in a folder: a source checkout or an unpacked package.

    Args:
        root: the folder.
        origin: how it was found, in words.
    """
    layouts = (
        ("odoo", "odoo-bin", "addons"),
        ("usr/lib/python3/dist-packages/odoo", "usr/bin/odoo", ""),
    )
    for package_name, script_name, addons_name in layouts:
        package, script = root / package_name, root / script_name
        version = read_version(package)
        if version != SERIES or not script.is_file():
            continue
        addons = [package / "addons"]
        if addons_name:
            addons.append(root / addons_name)
        return OdooSource(origin, package, script, tuple(addons), version)
    return None


def dangling_links(root: Path) -> list[Path]:
    """Return the symbolic links below a folder that lead nowhere.

    Args:
        root: a file system root; absolute links are followed inside it.
    """
    broken = []
    for folder, folders, names in os.walk(root):
        for name in (*folders, *names):
            path = Path(folder, name)
            if path.is_symlink() and not path.exists():
                broken.append(path)
    return broken


def _relink(root: Path) -> None:
    """Make absolute links of unpacked packages point inside their own root."""
    for link in dangling_links(root):
        target = os.readlink(link)
        inside = root / target.lstrip("/")
        if target.startswith("/") and inside.exists():
            link.unlink()
            link.symlink_to(os.path.relpath(inside, link.parent))


def fill_gaps(addons: Path) -> None:
    """Put an empty script where Debian's package leaves out one that bundles name.

    Args:
        addons: the folder of the unpacked standard modules.
    """
    for name in LEFT_OUT_FILES:
        path = addons / name
        if path.parents[2].is_dir() and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("// Left out by Debian: calls work, backgrounds are not blurred.\n")


def from_environment(environ: Mapping[str, str]) -> OdooSource | None:
    """Return the Odoo that `HC_ODOO_HOME` names.

    Args:
        environ: the process environment.

    Raises:
        HcError: it is set and no Odoo 19 is there.
    """
    named = environ.get("HC_ODOO_HOME")
    if not named:
        return None
    found = describe(Path(named).expanduser().resolve(), "HC_ODOO_HOME")
    if found is None:
        raise HcError(
            "HC_ODOO_HOME",
            f"{named} holds no Odoo {SERIES}",
            "Set it to a source checkout (with odoo-bin), or unset it to have Odoo downloaded",
        )
    return found


def from_system(root: Path = Path("/")) -> OdooSource | None:
    """Return the Odoo 19 that is installed as a package of the system.

    Args:
        root: the file system root.
    """
    return describe(root, "installed package")


def _from_debian(home: Home, archive: apt.DebianArchive) -> None:
    archive.update(["unstable", archive.codename])
    with replacing(home.odoo) as target:
        archive.unpack([f"{name}/unstable" for name in UNSTABLE_PACKAGES], target)
        archive.unpack([f"{name}/{archive.codename}" for name in STABLE_PACKAGES], target)
        _relink(target)
        fill_gaps(target / "usr/lib/python3/dist-packages/odoo/addons")
        _verify(target)
    remove(home.apt)


def _from_git(home: Home) -> None:
    with replacing(home.odoo) as target:
        run_logged(
            ["git", "clone", "-q", "--depth=1", f"--branch={SERIES}", GIT_URL, target],
            home.logs / "setup.log",
            "downloading Odoo",
            "Install git and check the network connection, or set HC_ODOO_HOME to an "
            "Odoo 19 source folder, then run the same command again",
            environ={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
        )
        _verify(target)


def _verify(root: Path) -> None:
    """Refuse a download that is no complete Odoo 19."""
    source = describe(root, "download")
    broken = dangling_links(source.package) if source else []
    if source is None or broken:
        why = f"{broken[0]} leads nowhere" if broken else f"it is no Odoo {SERIES}"
        raise HcError(
            "downloaded Odoo",
            why,
            "Run the same command again, or set HC_ODOO_HOME to an Odoo 19 source folder",
        )


def fetch(home: Home) -> None:
    """Download Odoo 19 into the home folder from the first source that has it.

    Args:
        home: the home folder.

    Raises:
        HcError: no source has it.
    """
    archive = apt.find_archive(home.apt, home.logs / "setup.log", apt.this_machine())
    if archive:
        try:
            return _from_debian(home, archive)
        except HcError:
            if not shutil.which("git"):
                raise
            reachable = output_of(["git", "ls-remote", "--heads", GIT_URL, SERIES])
            if not reachable:
                raise
    return _from_git(home)


def link(home: Home, source: OdooSource) -> None:
    """Offer the package `odoo`, and nothing beside it, to our interpreter.

    A system's package folder holds many other packages, which would hide the locked
    ones if the whole folder were put on the import path.

    Args:
        home: the home folder.
        source: the Odoo to use.
    """
    target = home.odoo_link / "odoo"
    if target.is_symlink() and Path(os.readlink(target)) == source.package:
        return
    remove(home.odoo_link)
    home.odoo_link.mkdir(parents=True)
    target.symlink_to(source.package)


def locate(home: Home, environ: Mapping[str, str]) -> OdooSource | None:
    """Return the Odoo to use without downloading anything.

    Args:
        home: the home folder.
        environ: the process environment.

    Returns:
        The source, or None where one has to be fetched.
    """
    return from_environment(environ) or from_system() or describe(home.odoo, "downloaded")
