# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The machine's Debian archive, read through a private package-manager state.

`apt-get` keeps its own signature check, proxy and mirror settings; only its lists,
cache and log live in our folder, so nothing of the system changes and no privilege is
needed. The mirror is the one that the machine itself uses.
"""

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import HcError
from .process import is_root, output_of, run_logged

KEYRINGS = (
    "/usr/share/keyrings/debian-archive-keyring.gpg",
    "/usr/share/keyrings/debian-archive-keyring.pgp",
)
_DEBIAN_SUITES = {"stable", "oldstable", "testing", "unstable", "sid"}


def parse_os_release(text: str) -> dict[str, str]:
    """Return the variables of an `os-release` file.

    Args:
        text: the content of the file.
    """
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {name.strip(): value.strip().strip("\"'") for name, _, value in pairs}


def candidate_sites(index_targets: str, codename: str) -> list[str]:
    """Return the mirrors that may be the Debian archive, most likely first.

    Args:
        index_targets: output of `apt-get indextargets`, one `site<space>release` a line.
        codename: the code name of the machine's release.
    """
    sites: dict[str, None] = {}
    for line in index_targets.splitlines():
        site, _, release = line.strip().partition(" ")
        if site and release in {codename, *_DEBIAN_SUITES}:
            sites[site] = None
    return sorted(sites, key=lambda site: not site.rstrip("/").endswith("/debian"))


def sources_list(site: str, suites: Iterable[str], keyring: str) -> str:
    """Return the content of a sources list.

    Args:
        site: the mirror.
        suites: suites or code names to read.
        keyring: the file with the keys that must have signed them.
    """
    return "".join(f"deb [signed-by={keyring}] {site} {suite} main\n" for suite in suites)


def apt_options(folder: Path, as_root: bool) -> list[str]:
    """Return the options that move the state of `apt-get` into a folder.

    Args:
        folder: the private state.
        as_root: root must not drop to a user who cannot write there; others cannot
            take the system's lock and need none.
    """
    options = [
        f"-oDir::Etc::SourceList={folder}/sources.list",
        "-oDir::Etc::SourceParts=/dev/null",
        f"-oDir::State::Lists={folder}/lists",
        f"-oDir::Cache={folder}/cache",
        f"-oDir::Log={folder}/log",
        "-oAcquire::Languages=none",
        "-oAcquire::Retries=3",
    ]
    options.append("-oAPT::Sandbox::User=root" if as_root else "-oDebug::NoLocking=1")
    return options


@dataclass(frozen=True)
class DebianArchive:
    """The Debian archive as this machine reaches it.

    Attributes:
        folder: where the private state is kept.
        codename: code name of the machine's release.
        keyring: the archive's keys, as installed by the system.
        log: where output of `apt-get` goes.
    """

    folder: Path
    codename: str
    keyring: str
    log: Path

    def update(self, suites: Sequence[str]) -> None:
        """Read the package lists of some suites.

        Args:
            suites: suites or code names.

        Raises:
            HcError: no configured mirror offers them with a valid signature.
        """
        targets = output_of(["apt-get", "indextargets", "--format", "$(SITE) $(RELEASE)"])
        sites = candidate_sites(targets or "", self.codename)
        failure = HcError(
            "Debian archive",
            "the machine's package sources name no Debian mirror",
            "Set HC_ODOO_HOME to an Odoo 19 source folder",
        )
        for part in ("lists/partial", "cache/archives/partial", "log", "debs"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        for site in sites:
            (self.folder / "sources.list").write_text(
                sources_list(site, suites, self.keyring), encoding="utf-8"
            )
            try:
                return self._apt_get(["-q", "update", "--error-on=any"], self.folder)
            except HcError as error:
                failure = error
        raise failure

    def unpack(self, packages: Iterable[str], target: Path) -> None:
        """Download packages and unpack them into a folder without installing them.

        Args:
            packages: names as `apt-get download` takes them.
            target: the folder that becomes their file system root.

        Raises:
            HcError: a package cannot be had or its signature chain is broken.
        """
        debs = self.folder / "debs"
        shutil.rmtree(debs, ignore_errors=True)
        debs.mkdir(parents=True)
        self._apt_get(["-q", "download", *packages], debs)
        self._unpack_all(debs, target)

    def unpack_with_dependencies(self, package: str, target: Path) -> None:
        """Unpack a package and those it needs that the system does not have.

        Args:
            package: its name.
            target: the folder that becomes their file system root.

        Raises:
            HcError: a package cannot be had or its signature chain is broken.
        """
        install = ["install", "--download-only", "--yes", "--no-install-recommends"]
        self._apt_get(["-q", *install, package], self.folder)
        self._unpack_all(self.folder / "cache" / "archives", target)

    def _unpack_all(self, debs: Path, target: Path) -> None:
        for deb in sorted(debs.glob("*.deb")):
            run_logged(
                ["dpkg", "-x", deb, target],
                self.log,
                "unpacking " + deb.name,
                "Check the free disk space, then run the same command again",
            )
            deb.unlink()

    def _apt_get(self, arguments: Sequence[str], cwd: Path) -> None:
        run_logged(
            ["apt-get", *apt_options(self.folder, is_root()), *arguments],
            self.log,
            "Debian archive",
            "Check the network connection and the machine's package sources, then run "
            "the same command again; finished steps are kept",
            cwd=cwd,
            environ={**os.environ, "LC_ALL": "C"},
        )


def find_archive(
    folder: Path,
    log: Path,
    os_release: Mapping[str, str],
    keyrings: Iterable[str] = KEYRINGS,
) -> DebianArchive | None:
    """Return the Debian archive, or None where this machine cannot verify one.

    Args:
        folder: where the private state is kept.
        log: where output goes.
        os_release: the machine's release.
        keyrings: files that may hold the archive's keys.
    """
    keyring = next((path for path in keyrings if Path(path).is_file()), None)
    has_tools = shutil.which("apt-get") and shutil.which("dpkg")
    if os_release.get("ID") != "debian" or not keyring or not has_tools:
        return None
    codename = os_release.get("VERSION_CODENAME") or "stable"
    return DebianArchive(folder, codename, keyring, log)


def this_machine() -> dict[str, str]:
    """Return the release of this machine."""
    try:
        return parse_os_release(Path("/etc/os-release").read_text(encoding="utf-8"))
    except OSError:
        return {}
