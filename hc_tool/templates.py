# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Template databases: built once for each state of the modules, then cloned."""

import ast
from dataclasses import dataclass
from pathlib import Path

from .database import Databases
from .errors import HcError
from .files import digest, tree_digest
from .paths import REPOSITORY
from .server import Odoo

ADDONS = REPOSITORY / "addons"
DEMO_MODULES = ("hc_revenue_suite", "hc_revenue_base")
CLONE_PREFIX = "hc_run_"
# What a module's tests and texts say never changes the database it installs.
_NOT_INSTALLED = ("tests", "readme", "README.md", "README.rst")


def suite_modules(addons: Path = ADDONS) -> list[str]:
    """Return the names of the installable modules of this repository.

    Args:
        addons: the folder that holds them.
    """
    names = []
    for manifest in sorted(addons.glob("*/__manifest__.py")):
        content = ast.literal_eval(manifest.read_text(encoding="utf-8"))
        if content.get("installable", True):
            names.append(manifest.parent.name)
    return names


def demo_module(modules: list[str]) -> str:
    """Return the module that brings the demonstration.

    Args:
        modules: the modules of this repository.

    Raises:
        HcError: none of them does.
    """
    found = next((name for name in DEMO_MODULES if name in modules), None)
    if found is None:
        raise HcError(
            "modules",
            f"{ADDONS} holds neither {' nor '.join(DEMO_MODULES)}",
            "Check out the whole repository, or name a module with --module",
        )
    return found


@dataclass(frozen=True)
class Template:
    """A database with some modules installed.

    Attributes:
        modules: what is installed, with what they depend on.
        with_demo: demonstration data is loaded too.
        version: of Odoo.
        addons: the folder with the modules.
    """

    modules: tuple[str, ...]
    with_demo: bool
    version: str
    addons: Path = ADDONS

    @property
    def prefix(self) -> str:
        """What the names of all templates of this kind start with."""
        return "hc_template_demo_" if self.with_demo else "hc_template_test_"

    @property
    def key(self) -> str:
        """Hash of everything that the content of the database comes from."""
        code = tree_digest(self.addons, skip=_NOT_INSTALLED)
        return digest(code, self.version, *self.modules)

    @property
    def name(self) -> str:
        """Name of the database."""
        return self.prefix + self.key


def build(odoo: Odoo, databases: Databases, template: Template) -> str:
    """Build a template unless it exists, and drop older ones of its kind.

    Args:
        odoo: the Odoo that installs the modules.
        databases: where it goes.
        template: what to build.

    Returns:
        Name of the database.
    """
    name = template.name
    if not databases.exists(name):
        kind = "demo" if template.with_demo else "test"
        building = f"{template.prefix}building"
        log = odoo.home.logs / f"template-{kind}.log"
        log.unlink(missing_ok=True)
        databases.drop(building)
        databases.create(building)
        databases.relax_durability(building)
        options = ["--with-demo"] if template.with_demo else []
        odoo.run(
            building,
            f"--init={','.join(template.modules)}",
            *options,
            what=f"installing {', '.join(template.modules)}",
            log=log,
        )
        databases.rename(building, name)
    for other in databases.names(template.prefix):
        if other != name:
            databases.drop(other)
    return name
