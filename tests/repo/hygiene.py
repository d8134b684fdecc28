# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Every add-on is complete: manifest, data files, description, names of its records."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from tree import Finding, Module, Tree, read

REQUIRED_KEYS = ("name", "summary", "version", "license", "author", "category", "depends")
FIXED_VALUES = {"license": "LGPL-3", "author": "HC Revenue"}
DEPRECATED_KEYS = ("description", "active")
VERSION = re.compile(r"^19\.0\.\d+\.\d+\.\d+$")

# Folders whose files Odoo loads because a manifest says so.
LISTED_FOLDERS = ("data", "security", "views", "wizards", "report", "demo")
LISTED_SUFFIXES = (".xml", ".csv")

VIEW_KINDS = "form|list|search|kanban|pivot|graph|calendar|activity|hierarchy"
RECORD_NAMES = {
    "res.groups": r"group_hc_\w+",
    "res.groups.privilege": r"privilege_hc_\w+",
    "ir.cron": r"ir_cron_\w+",
    "mail.template": r"mail_template_\w+",
    "base.automation": r"automation_\w+",
    "ir.rule": r"ir_rule_\w+",
    "ir.sequence": r"seq_\w+",
    "ir.ui.view": rf"\w+_view_({VIEW_KINDS})(_\w+)?|(report|portal|layout|template)_\w+",
    "ir.actions.act_window": r"\w+_action(_\w+)?",
}
CRON_CALL = re.compile(r"^\s*model\._cron_\w+\(\)\s*$")
TUNED_BY_ADMINS = {"ir.cron", "mail.template", "base.automation"}


def check_manifests(tree: Tree) -> Iterator[Finding]:
    """Keys that are missing, deprecated or carry a wrong value."""
    for module in tree.modules:
        path, manifest = tree.relative(module.path / "__manifest__.py"), module.manifest
        for key in REQUIRED_KEYS:
            if not manifest.get(key):
                yield Finding(path, 1, f"says no {key}")
        for key, value in FIXED_VALUES.items():
            if manifest.get(key, value) != value:
                yield Finding(path, 1, f"{key} is {manifest[key]!r}, not {value!r}")
        for key in DEPRECATED_KEYS:
            if key in manifest:
                yield Finding(path, 1, f"{key} is not read any more")
        if not VERSION.match(str(manifest.get("version", ""))):
            yield Finding(path, 1, "version is not of the form 19.0.x.y.z")


def listed_files(module: Module) -> list[str]:
    return [*module.manifest.get("data", ()), *module.manifest.get("demo", ())]


def check_listed_files(tree: Tree) -> Iterator[Finding]:
    """Files that a manifest names and that are not there, or that it names twice."""
    for module in tree.modules:
        path, listed = tree.relative(module.path / "__manifest__.py"), listed_files(module)
        for name in sorted(set(listed)):
            if not (module.path / name).is_file():
                yield Finding(path, 1, f"names {name}, which does not exist")
            if listed.count(name) > 1:
                yield Finding(path, 1, f"names {name} twice")
        for pattern in _asset_patterns(module):
            if not list((tree.root / "addons").glob(pattern.removeprefix("/"))):
                yield Finding(path, 1, f"the asset {pattern} matches no file")


def _asset_patterns(module: Module) -> Iterator[str]:
    """The module's own files in its asset bundles; entries may be tuples with directives."""
    for entries in module.manifest.get("assets", {}).values():
        for entry in entries:
            pattern = entry if isinstance(entry, str) else entry[-1]
            if pattern.removeprefix("/").startswith(f"{module.name}/"):
                yield pattern


def check_dead_data(tree: Tree) -> Iterator[Finding]:
    """Data files that no manifest lists and no Python file of the module opens."""
    for module in tree.modules:
        listed = set(listed_files(module))
        code = "".join(read(path) for path in sorted(module.path.rglob("*.py")))
        for path in tree.select(*LISTED_SUFFIXES, under=f"addons/{module.name}/"):
            name = path.relative_to(module.path).as_posix()
            is_data = name.partition("/")[0] in LISTED_FOLDERS
            if is_data and name not in listed and path.name not in code:
                yield Finding(tree.relative(path), 1, "nobody loads it: list it or delete it")


def check_description(tree: Tree) -> Iterator[Finding]:
    """Modules without readme, apps without icon and page for the Apps menu."""
    for module in tree.modules:
        wanted = ["readme/DESCRIPTION.md"]
        if module.manifest.get("application"):
            wanted += ["static/description/icon.png", "static/description/index.html"]
        for name in wanted:
            path = module.path / name
            if not path.is_file() or not path.stat().st_size:
                yield Finding(tree.relative(module.path), 1, f"has no {name}")


def records(path: Path) -> Iterator[tuple[ElementTree.Element, bool]]:
    """Each record of a data file, and whether updates leave it alone."""
    try:
        root = ElementTree.fromstring(read(path))  # noqa: S314 - our own files
    except ElementTree.ParseError:
        return
    yield from _records_below(root, keeps=False)


def _records_below(node: ElementTree.Element, keeps: bool):
    keeps = node.get("noupdate", "1" if keeps else "0") in {"1", "True", "true"}
    for child in node:
        if child.tag == "record":
            yield child, keeps
        elif child.tag in {"odoo", "data"}:
            yield from _records_below(child, keeps)


def check_records(tree: Tree) -> Iterator[Finding]:
    """External identifiers, Scheduled Actions and update policy of the data files."""
    for module in tree.modules:
        for path in tree.select(".xml", under=f"addons/{module.name}/"):
            for record, keeps in records(path):
                for message in _record_problems(record, keeps):
                    yield Finding(tree.relative(path), 1, message)


def check_repeated_ids(tree: Tree) -> Iterator[Finding]:
    """Rows of data files in CSV that repeat an id: PostgreSQL refuses the whole file."""
    for path in tree.select(".csv", under="addons/"):
        if path.parent.name not in LISTED_FOLDERS:
            continue
        header, *rows = csv.reader(read(path).splitlines())
        seen = set()
        for number, row in enumerate(rows, 2):
            if header[0] == "id" and row and row[0] in seen:
                yield Finding(tree.relative(path), number, f"repeats the id {row[0]}")
            seen.update(row[:1])


def check_well_formed(tree: Tree) -> Iterator[Finding]:
    """XML files that no parser accepts."""
    for path in tree.select(".xml"):
        try:
            ElementTree.fromstring(read(path))  # noqa: S314 - our own files
        except ElementTree.ParseError as error:
            yield Finding(tree.relative(path), error.position[0], f"is not XML: {error}")


def _record_problems(record: ElementTree.Element, keeps: bool) -> Iterator[str]:
    name, model = record.get("id", ""), record.get("model", "")
    pattern = RECORD_NAMES.get(model)
    # A dotted name changes the record of another module, whose name is not ours to choose.
    if pattern and "." not in name and not re.fullmatch(pattern, name):
        yield f"{name}: the name of a {model} is {pattern}"
    if model in TUNED_BY_ADMINS and not keeps:
        yield f'{name}: admins tune it, so it belongs under noupdate="1"'
    code = record.find("field[@name='code']")
    if model == "ir.cron" and (code is None or not CRON_CALL.match(code.text or "")):
        yield f"{name}: a Scheduled Action calls one `model._cron_…()` and nothing else"
