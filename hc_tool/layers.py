# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The layers of tests: where they live and what each needs to run."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .errors import HcError
from .paths import REPOSITORY


@dataclass(frozen=True)
class Layer:
    """One kind of tests.

    Attributes:
        name: as given to `./hc test`.
        folders: where its tests live, as patterns below the repository.
        database: the kind of template to clone: `""`, `"base"` (the base alone), `"test"` (all
            modules) or `"demo"`.
        besides: folders among these that belong to another layer.
        minutes: about how long it takes; of two lanes that run side by side, the next free one
            takes the longest that is left and whose database is built.
        loads_odoo: pytest runs the tests inside Odoo.
        needs_server: a server runs on the clone meanwhile.
        needs_browser: Chromium is driven.
        needs_n8n: a real n8n is installed.
        needs_model: a small language model is installed.
        needs_linters: it runs the judges of `./hc lint`.
        is_default: `./hc test` without names runs it.
        part_of: the layer by whose name it runs as well.
    """

    name: str
    folders: tuple[str, ...]
    database: str = ""
    loads_odoo: bool = False
    needs_server: bool = False
    needs_browser: bool = False
    needs_n8n: bool = False
    needs_model: bool = False
    needs_linters: bool = False
    is_default: bool = True
    besides: tuple[str, ...] = ()
    minutes: int = 1
    part_of: str = ""

    def paths(self, root: Path = REPOSITORY) -> list[Path]:
        """Return the folders of this layer that hold test files.

        Args:
            root: the repository.
        """
        folders = [path for pattern in self.folders for path in sorted(root.glob(pattern))]
        other = {root / folder for folder in self.besides}
        return [path for path in folders if path not in other and any(path.rglob("test_*.py"))]


BASE_TESTS = (
    "addons/hc_revenue_base/tests",
    "addons/hc_queue_job/tests",
    "addons/test_hc_contracts/tests",
)
# Whoever adds a big module gives its tests a layer of their own, so that two lanes share them.
CLAIMS_TESTS = "addons/hc_claims/tests"
COLLECTIONS_TESTS = "addons/hc_collections/tests"
LAYERS = (
    Layer("pure", ("tests/pure", "tests/hc"), minutes=2),
    Layer("repo", ("tests/repo",), needs_linters=True, minutes=2),
    Layer("odoo", BASE_TESTS, database="base", loads_odoo=True, minutes=4),
    Layer(
        "suite",
        ("addons/*/tests",),
        database="test",
        loads_odoo=True,
        besides=(*BASE_TESTS, CLAIMS_TESTS, COLLECTIONS_TESTS),
        minutes=7,
    ),
    Layer("claims", (CLAIMS_TESTS,), database="test", loads_odoo=True, minutes=5, part_of="suite"),
    Layer(
        "collections",
        (COLLECTIONS_TESTS,),
        database="test",
        loads_odoo=True,
        minutes=7,
        part_of="suite",
    ),
    Layer("acceptance", ("tests/acceptance",), database="base", minutes=2),
    Layer("recovery", ("tests/recovery",), database="test", minutes=3),
    Layer("seed", ("tests/seed",), database="test"),
    Layer("security", ("tests/security",), database="demo", needs_server=True),
    Layer(
        "attacks",
        ("tests/attacks",),
        database="test",
        needs_server=True,
        minutes=6,
        part_of="security",
    ),
    Layer(
        "e2e",
        ("tests/e2e",),
        database="demo",
        needs_server=True,
        needs_browser=True,
        minutes=9,
    ),
    Layer("model", ("tests/model",), database="test", needs_model=True),
    Layer(
        "n8n", ("tests/n8n",), database="test", needs_server=True, needs_n8n=True, is_default=False
    ),
    Layer("bench", ("tests/bench",), database="test", is_default=False),
)


def select(names: Sequence[str]) -> list[Layer]:
    """Return the layers to run.

    Args:
        names: as given by the user; none means the default ones.

    Raises:
        HcError: there is no such layer.
    """
    by_name = {layer.name: layer for layer in LAYERS}
    unknown = [name for name in names if name not in by_name]
    if unknown:
        raise HcError(
            "test",
            f"there is no layer '{unknown[0]}'",
            f"Choose from: {', '.join(by_name)}",
        )
    if names:
        whole = [
            layer.name for name in names for layer in LAYERS if name in (layer.name, layer.part_of)
        ]
        return [by_name[name] for name in dict.fromkeys(whole)]
    return [layer for layer in LAYERS if layer.is_default]
