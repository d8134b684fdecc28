# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Template databases: built once for each state of the modules, then cloned."""

import ast
import re
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from . import locks
from .database import Databases
from .errors import HcError
from .files import digest, tree_digest
from .paths import REPOSITORY
from .server import Odoo

ADDONS = REPOSITORY / "addons"
DEMO_MODULES = ("hc_revenue_suite", "hc_revenue_base")
# The base and the sibling that its own tests are made for: a module with policies of its own
# would answer them otherwise.
BASE_MODULES = ("hc_revenue_base", "test_hc_contracts")
CLONE_PREFIX = "hc_run_"
_LOG_LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:")
_EXCEPTION = re.compile(r"[\w.]+(Error|Exception|Warning|Violation): ")
# What a module's tests and texts say never changes the database it installs.
_NOT_INSTALLED = ("tests", "readme", "README.md", "README.rst")


def suite_modules(addons: Path = ADDONS, *, with_glue: bool = False) -> list[str]:
    """Return the names of the modules of this repository that are installed by name.

    Args:
        addons: the folder that holds them.
        with_glue: name the glue modules too. Odoo installs these itself where all that they
            join is there, which may be a module that this machine lacks.
    """
    names = []
    for manifest in sorted(addons.glob("*/__manifest__.py")):
        content = ast.literal_eval(manifest.read_text(encoding="utf-8"))
        by_name = with_glue or not content.get("auto_install")
        if content.get("installable", True) and by_name:
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
            f"{ADDONS} holds none of {', '.join(DEMO_MODULES)}",
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
        kind: what tells its names from those of other templates.
    """

    modules: tuple[str, ...]
    with_demo: bool
    version: str
    addons: Path = ADDONS
    kind: str = "test"

    @property
    def serves(self) -> str:
        """The kind of database that layers of tests ask for."""
        return "demo" if self.with_demo else self.kind

    @property
    def prefix(self) -> str:
        """What the names of all templates of this kind start with."""
        return f"hc_template_{self.serves}_"

    @property
    def key(self) -> str:
        """Hash of everything that the content of the database comes from."""
        code = tree_digest(self.addons, skip=_NOT_INSTALLED)
        return digest(code, self.version, *self.modules)

    @property
    def name(self) -> str:
        """Name of the database."""
        return self.prefix + self.key


def demo_failure(log: str) -> str | None:
    """Return why demonstration data could not be loaded.

    Odoo only logs such a failure, installs the module without the data and ends well.

    Args:
        log: text of Odoo's log.
    """
    _, found, after = log.partition("demo data failed to install")
    if not found:
        return None
    lines = takewhile(lambda line: not _LOG_LINE.match(line), after.splitlines()[1:])
    causes = [line for line in lines if _EXCEPTION.match(line)]
    return causes[0] if causes else "the log tells no cause"


def _text(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""


def verify(databases: Databases, name: str, template: Template, log: Path) -> None:
    """Refuse a database in which a module or its demonstration data is missing.

    Args:
        databases: where it is.
        name: the database.
        template: what it must hold.
        log: what Odoo wrote while it installed the modules.

    Raises:
        HcError: something is missing.
    """
    todo = f"Correct the cause, then run the same command again (details: {log})"
    rows = databases.query(
        name, "SELECT name, demo FROM ir_module_module WHERE state = 'installed'"
    )
    installed = {module for module, _ in rows}
    missing = [module for module in template.modules if module not in installed]
    if missing:
        raise HcError(f"installing {missing[0]}", "there is no such module", todo)
    if template.with_demo:
        without = [module for module, has_demo in rows if has_demo != "t"]
        cause = demo_failure(_text(log))
        if without and cause:
            raise HcError(f"demo data of {without[-1]}", cause, todo)


def _not_installed(databases: Databases, source: str, modules: tuple[str, ...]) -> list[str]:
    if not source:
        return list(modules)
    rows = databases.query(source, "SELECT name FROM ir_module_module WHERE state = 'installed'")
    installed = {row[0] for row in rows}
    return [name for name in modules if name not in installed]


def build(odoo: Odoo, databases: Databases, template: Template, *, source: str = "") -> str:
    """Build a template unless it exists, and drop older ones of its kind.

    Args:
        odoo: the Odoo that installs the modules.
        databases: where it goes.
        template: what to build.
        source: a database to start from, which holds some of the modules.

    Returns:
        Name of the database.

    Raises:
        HcError: it could not be built, or another command is building it.
    """
    # Tests build theirs while other commands may be at work.
    with locks.exclusive(odoo.home, f"template-{template.serves}"):
        return _build(odoo, databases, template, source)


def _build(odoo: Odoo, databases: Databases, template: Template, source: str) -> str:
    name = template.name
    if not databases.exists(name):
        building = f"{template.prefix}building"
        log = odoo.home.logs / f"{building.replace('_', '-')}.log"
        log.unlink(missing_ok=True)
        databases.drop(building)
        if source:
            databases.clone(source, building)
        else:
            databases.create(building)
        databases.relax_durability(building)
        options = ["--with-demo"] if template.with_demo else []
        wanted = _not_installed(databases, source, template.modules)
        what = f"installing {', '.join(wanted)}"
        try:
            odoo.run(building, f"--init={','.join(wanted)}", *options, what=what, log=log)
        except HcError as error:
            # Odoo goes on after demo data failed and may stumble over the remains.
            cause = demo_failure(_text(log))
            raise (HcError(what, cause, error.todo) if cause else error) from None
        verify(databases, building, template, log)
        databases.rename(building, name)
    for other in databases.names(template.prefix):
        if other != name:
            databases.drop(other)
    return name
