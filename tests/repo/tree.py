# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the repository checks look at: its files, modules and manifests.

Every checker is a function that takes a `Tree` (or one file of it) and returns findings.
The same function runs on this repository and, in its own test, on a small bad sample.
"""

import ast
import functools
import os
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

PURE_PACKAGES = (
    "hc_core",
    "hc_approval_core",
    "hc_x12",
    "hc_dunning_core",
    "hc_webhook_core",
    "hc_ai_core",
    "hc_fhir",
    "hc_kpi_core",
)

SKIPPED_FOLDERS = {".git", ".hc", "__pycache__", "node_modules", ".pytest_cache", ".ruff_cache"}


@dataclass(frozen=True, order=True)
class Finding:
    """One thing to repair: where it is and what to do."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Module:
    """One add-on: its folder and its manifest, empty when it cannot be read."""

    path: Path
    manifest: dict

    @property
    def name(self) -> str:
        return self.path.name

    def depends(self) -> set[str]:
        """Technical names of the modules that the manifest depends on."""
        return set(self.manifest.get("depends", ()))


@dataclass(frozen=True)
class Tree:
    """A checkout, or a sample of one in a test."""

    root: Path

    def relative(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    @functools.cached_property
    def files(self) -> list[Path]:
        """All files that belong to the project: tracked or about to be, never ignored ones."""
        return sorted(_files_of_git(self.root) or _files_of_folder(self.root))

    def is_test(self, path: Path) -> bool:
        """Whether a file is a test or a helper of tests."""
        in_folder = "tests" in path.relative_to(self.root).parts
        return in_folder or path.name.startswith(("test_", "conftest"))

    def select(self, *suffixes: str, under: str = "") -> Iterator[Path]:
        """The files with one of the suffixes, in a folder of the root."""
        for path in self.files:
            if path.suffix in suffixes and self.relative(path).startswith(under):
                yield path

    @functools.cached_property
    def modules(self) -> list[Module]:
        """The add-ons of the tree, by name."""
        manifests = sorted((self.root / "addons").glob("*/__manifest__.py"))
        return [Module(path.parent, _read_manifest(path)) for path in manifests]

    def pure_files(self) -> Iterator[Path]:
        """Python files of the pure packages, which must run without Odoo."""
        for path in self.select(".py", under="addons/"):
            parts = path.relative_to(self.root).parts
            if len(parts) > 3 and parts[2] in PURE_PACKAGES:
                yield path


def this_tree() -> Tree:
    """The checkout that these tests stand in, or the one that HC_TREE names."""
    return Tree(Path(os.environ.get("HC_TREE") or Path(__file__).parents[2]).resolve())


def sample_tree(root: Path, files: dict[str, str]) -> Tree:
    """Write the given files below `root`, for a test of a checker."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Tree(root)


def read(path: Path) -> str:
    """The text of a file; what is not text reads as empty."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def parse(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return _parse_text(read(path))


# Several checkers walk the same files; the text is the key, since samples are rewritten.
@functools.lru_cache(maxsize=2000)
def _parse_text(text: str) -> ast.Module:
    return ast.parse(text)


def dotted(node: ast.AST) -> str:
    """The name that an expression spells, `a.b.c`, or nothing where it is more than a name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr}" if base else f".{node.attr}"
    return ""


def imports(path: Path) -> Iterator[tuple[int, int, str]]:
    """(line, level, module) of every import in a file, those inside functions included.

    `from . import a` counts as module `a` of level 1.
    """
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, 0, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.level, node.module
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, node.level, alias.name) for alias in node.names)


def assert_none(findings: Iterable[Finding]) -> None:
    """Fail with one line per finding."""
    lines = [str(finding) for finding in sorted(set(findings))]
    assert not lines, f"{len(lines)} findings\n" + "\n".join(lines)


def _files_of_git(root: Path) -> list[Path]:
    """What Git tracks or would track; empty outside a checkout of its own."""
    if not (root / ".git").exists():
        return []
    command = ["git", "-C", str(root), "ls-files", "-z", "-co", "--exclude-standard"]
    names = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    paths = [root / name for name in names.split("\0") if name]
    return [path for path in paths if path.is_file()]


def _files_of_folder(root: Path) -> list[Path]:
    paths = (path for path in root.rglob("*") if path.is_file())
    return [path for path in paths if not SKIPPED_FOLDERS & set(path.relative_to(root).parts)]


def _read_manifest(path: Path) -> dict:
    try:
        manifest = ast.literal_eval(read(path))
    except (SyntaxError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}
