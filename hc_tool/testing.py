# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""`./hc test`: prepare what the layers need, run them, sum up."""

import argparse
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from . import browser, layers, locks, n8n, python_env, results, steps, templates
from .console import progress, say
from .database import Databases
from .errors import HcError
from .installation import Installation, prepare
from .layers import Layer
from .paths import REPOSITORY, Home, corpus_from
from .results import Result
from .server import Odoo


@dataclass(frozen=True)
class Preparation:
    """What the layers of one run share.

    Attributes:
        home: the home folder.
        installation: the finished set-up, or None where no layer needs Odoo.
        templates: name of the template database for each kind.
        chromium: path of the browser, empty where no layer needs it.
    """

    home: Home
    installation: Installation | None
    templates: dict[str, str]
    chromium: str


def test(home: Home, options: argparse.Namespace) -> int:
    """Run layers of tests; exit code 1 where one failed."""
    names, arguments = split_arguments(options.arguments)
    chosen = layers.select(names)
    with locks.exclusive(home, "test"):
        outcomes = _run_layers(home, chosen, arguments)
    for line in [*results.slowest(outcomes), "", *results.summary(outcomes)]:
        say(line)
    nothing_ran = not any(outcome.passed or outcome.failed for outcome in outcomes)
    return 1 if nothing_ran or any(outcome.failed for outcome in outcomes) else 0


def bench(home: Home, options: argparse.Namespace) -> int:
    """Run the benchmarks."""
    options.arguments = ["bench", *options.arguments]
    return test(home, options)


def split_arguments(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Separate names of layers from what is meant for pytest.

    Args:
        words: as given by the user; the first option starts pytest's part.

    Returns:
        The names and the arguments for pytest.
    """
    position = next((index for index, word in enumerate(words) if word.startswith("-")), len(words))
    rest = list(words[position:])
    return list(words[:position]), rest[1:] if rest[:1] == ["--"] else rest


def _run_layers(home: Home, chosen: Sequence[Layer], arguments: Sequence[str]) -> list[Result]:
    filled = [layer for layer in chosen if layer.paths()]
    with locks.exclusive(home):
        prepared = _prepare(home, filled)
    outcomes = {
        layer.name: Result(layer.name, note="skipped: it has no tests yet")
        for layer in chosen
        if layer not in filled
    }
    # Both lanes take from the one iterator: whoever is free begins the longest layer that is left.
    waiting = iter(sorted(filled, key=lambda layer: -layer.minutes))
    with ThreadPoolExecutor(1) as pool:
        beside = (
            pool.submit(_run_beside, home, prepared, waiting, arguments) if filled[1:] else None
        )
        try:
            for layer in waiting:
                say(f"\n=== {layer.name} ===")
                outcomes[layer.name] = _run_layer(prepared, layer, arguments)
        finally:
            for _layer in waiting:
                pass  # An interrupted run begins no further layer.
        for result in beside.result() if beside else ():
            say(f"\n=== {result.layer} ===")
            if _output(home, result.layer).exists():
                say(_output(home, result.layer).read_text(encoding="utf-8", errors="replace"))
            outcomes[result.layer] = result
    return [outcomes[layer.name] for layer in chosen]


def _run_beside(
    home: Home, prepared: Preparation, waiting: Iterator[Layer], arguments: Sequence[str]
) -> list[Result]:
    """Run the layers of the second lane, whose output is shown at the end."""
    return [_run_layer(prepared, layer, arguments, _output(home, layer.name)) for layer in waiting]


def _output(home: Home, name: str) -> Path:
    """Where a layer of the second lane writes."""
    return home.logs / f"{name}.out"


def _prepare(home: Home, chosen: Sequence[Layer]) -> Preparation:
    """Install what the chosen layers need and build the templates they clone."""
    home.prepare()
    kinds = {layer.database for layer in chosen} - {""}
    installation = None
    if kinds:
        installation = prepare(home)
    else:
        steps.run(home, python_env.environment_step(home))
    steps.run(home, python_env.packages_step(home, "test", "Packages for the tests"))
    if any(layer.needs_linters for layer in chosen):
        steps.run(home, python_env.packages_step(home, "lint", "Packages for the linters"))
    if any(layer.needs_model for layer in chosen):
        _install_model(home)
    chromium = ""
    if any(layer.needs_browser for layer in chosen):
        with progress("Chromium"):
            chromium = browser.ensure(home)
    if any(layer.needs_n8n for layer in chosen):
        with progress("n8n"):
            n8n.ensure(home)
    names = _build_templates(installation, kinds) if installation else {}
    return Preparation(home, installation, names, chromium)


def _install_model(home: Home) -> None:
    """Install the language model; without it, such as offline, its tests skip and say so."""
    try:
        steps.run(home, python_env.packages_step(home, "model", "A language model for the tests"))
    except HcError as error:
        say(f"{error} Tests with a language model are skipped.")


def _build_templates(installation: Installation, kinds: set[str]) -> dict[str, str]:
    """Build the missing templates, two at a time."""
    databases, odoo = installation.databases, installation.odoo
    for leftover in databases.names(templates.CLONE_PREFIX):
        databases.drop(leftover)
    modules = templates.suite_modules()
    version = odoo.source.version
    # Demonstration data takes longest; what builds on the base alone goes beside it.
    chains: list[list[templates.Template]] = []
    if "demo" in kinds:
        chains.append([templates.Template((templates.demo_module(modules),), True, version)])
    plain = []
    if "base" in kinds:
        base = tuple(name for name in templates.BASE_MODULES if name in modules)
        plain.append(templates.Template(base, False, version, kind="base"))
    if "test" in kinds:
        plain.append(templates.Template(tuple(modules), False, version))
    chains.append(plain)
    with (
        progress(f"Template databases ({', '.join(sorted(kinds))})"),
        ThreadPoolExecutor(len(chains)) as pool,
    ):
        building = [pool.submit(_build_chain, odoo, databases, chain) for chain in chains]
        return {kind: name for future in building for kind, name in future.result().items()}


def _build_chain(
    odoo: Odoo, databases: Databases, chain: Sequence[templates.Template]
) -> dict[str, str]:
    """Build templates one after the other, each on top of the one before."""
    names: dict[str, str] = {}
    source = ""
    for template in chain:
        source = templates.build(odoo, databases, template, source=source)
        names["demo" if template.with_demo else template.kind] = source
    return names


def _run_layer(
    prepared: Preparation, layer: Layer, arguments: Sequence[str], output: Path | None = None
) -> Result:
    """Run one layer; what it writes goes to a file where one is named."""
    start = time.monotonic()
    report = prepared.home.logs / f"{layer.name}.xml"
    for stale in (report, output):
        if stale:
            stale.unlink(missing_ok=True)
    try:
        with _clone(prepared, layer) as environ, _stream(output) as stream:
            command = pytest_command(prepared.home, layer, environ)
            command += [f"--junitxml={report}", *arguments]
            exit_code = subprocess.run(
                command, cwd=REPOSITORY, env=environ, stdout=stream, stderr=stream, check=False
            ).returncode
    except HcError as error:
        return Result(layer.name, failed=1, seconds=time.monotonic() - start, note=str(error))
    return results.read_report(layer.name, report, exit_code, time.monotonic() - start)


@contextmanager
def _stream(output: Path | None) -> Iterator[IO[bytes] | None]:
    if output is None:
        yield None
        return
    with output.open("wb") as stream:
        yield stream


def pytest_command(home: Home, layer: Layer, environ: dict[str, str]) -> list[str]:
    """Return the command that runs the tests of a layer.

    Args:
        home: the home folder.
        layer: the layer.
        environ: the variables of its tests.
    """
    command = [str(home.python), "-m", "pytest"]
    command += [str(path.relative_to(REPOSITORY)) for path in layer.paths()]
    if layer.loads_odoo:
        database = environ["HC_TEST_DATABASE"]
        return [
            *command,
            f"--odoo-config={home.config}",
            f"--odoo-database={database}",
            "--odoo-http",
            f"--odoo-extra=db-filter=^{database}$",
        ]
    return [*command, "-p", "no:odoo"]


@contextmanager
def _clone(prepared: Preparation, layer: Layer) -> Iterator[dict[str, str]]:
    """Give a layer its own database and server; yield the variables of its tests."""
    if not layer.database:
        yield plain_environ(prepared.home)
        return
    databases, odoo = prepared.installation.databases, prepared.installation.odoo
    name = templates.CLONE_PREFIX + layer.name
    environ = python_env.odoo_environ(prepared.home)
    origin = _origin(prepared, layer)
    environ.update(
        _shared_variables(),
        HC_TEST_DATABASE=name,
        HC_TEST_TEMPLATE=origin,
        HC_TEST_CONFIG=str(prepared.home.config),
        HC_TEST_DB_URL=odoo.server.url(name),
        HC_TEST_CHROMIUM=prepared.chromium,
    )
    databases.clone(origin, name)
    databases.relax_durability(name)
    try:
        log = prepared.home.logs / f"server-{layer.name}.log"
        serving = odoo.serving(name, log) if layer.needs_server else nullcontext("")
        with serving as url:
            yield {**environ, "HC_TEST_URL": url}
    finally:
        databases.drop(name)


def _origin(prepared: Preparation, layer: Layer) -> str:
    """Return the database that a layer gets a copy of; benchmarks may name a seeded one."""
    named = os.environ.get("HC_BENCH_DATABASE") if layer.name == "bench" else None
    if named and not prepared.installation.databases.exists(named):
        raise HcError(
            "HC_BENCH_DATABASE", f"there is no database {named}", "Make one with ./hc seed"
        )
    return named or prepared.templates[layer.database]


def plain_environ(home: Home) -> dict[str, str]:
    """Return the variables of tests that run without Odoo.

    Args:
        home: the home folder.
    """
    environ = python_env.odoo_environ(home)
    modules = [str(path.parent) for path in templates.ADDONS.glob("*/__manifest__.py")]
    environ["PYTHONPATH"] = os.pathsep.join([str(REPOSITORY), *sorted(modules)])
    return {**environ, **_shared_variables()}


def _shared_variables() -> dict[str, str]:
    return {"HC_CORPUS": str(corpus_from(os.environ))}
