# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""`./hc test`: prepare what the layers need, run them, sum up."""

import argparse
import os
import subprocess
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from . import browser, lanes, layers, locks, n8n, python_env, results, steps, templates
from .console import progress, say
from .errors import HcError
from .installation import Installation, prepare
from .layers import Layer
from .paths import REPOSITORY, Home, corpus_from
from .results import Result


@dataclass(frozen=True)
class Preparation:
    """What the layers of one run share.

    Attributes:
        home: the home folder.
        installation: the finished set-up, or None where no layer needs Odoo.
        chromium: path of the browser, empty where no layer needs it.
        chains: templates to build, each on top of the one before it.
        templates: name of the template database for each kind that is built.
    """

    home: Home
    installation: Installation | None
    chromium: str
    chains: Sequence[Sequence[templates.Template]] = ()
    templates: dict[str, str] = field(default_factory=dict)

    @property
    def building(self) -> set[str]:
        """The kinds of databases that are not built yet."""
        return {template.serves for chain in self.chains for template in chain} - set(
            self.templates
        )


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
    # Whoever is free begins the longest layer that is left and whose database is built.
    waiting = lanes.Waiting(filled, prepared.building)
    with ThreadPoolExecutor(1) as pool:
        beside = (
            pool.submit(_run_beside, home, prepared, waiting, arguments) if filled[1:] else None
        )
        try:
            _build_first(prepared, waiting)
            for layer in waiting:
                say(f"\n=== {layer.name} ===")
                outcomes[layer.name] = _run_layer(prepared, layer, arguments)
        finally:
            waiting.stop()  # An interrupted run begins no further layer.
        for result in beside.result() if beside else ():
            say(f"\n=== {result.layer} ===")
            if _output(home, result.layer).exists():
                say(_output(home, result.layer).read_text(encoding="utf-8", errors="replace"))
            outcomes[result.layer] = result
    return [outcomes[layer.name] for layer in chosen]


def _run_beside(
    home: Home, prepared: Preparation, waiting: lanes.Waiting, arguments: Sequence[str]
) -> list[Result]:
    """Build and run what the second lane takes; what it writes is shown at the end."""
    try:
        for chain in prepared.chains[1:]:
            _build_chain(prepared, waiting, chain)
        return [
            _run_layer(prepared, layer, arguments, _output(home, layer.name)) for layer in waiting
        ]
    finally:
        waiting.stop()  # The first lane waits for no database that will not come.


def _build_first(prepared: Preparation, waiting: lanes.Waiting) -> None:
    """Build the templates of the first lane."""
    for chain in prepared.chains[:1]:
        kinds = ", ".join(template.serves for template in chain)
        with progress(f"Template databases ({kinds})"):
            _build_chain(prepared, waiting, chain)


def _output(home: Home, name: str) -> Path:
    """Where a layer of the second lane writes."""
    return home.logs / f"{name}.out"


def _prepare(home: Home, chosen: Sequence[Layer]) -> Preparation:
    """Install what the chosen layers need; the lanes build the templates that they clone."""
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
    chains = _chains(installation, kinds) if installation else []
    return Preparation(home, installation, chromium, chains)


def _install_model(home: Home) -> None:
    """Install the language model; without it, such as offline, its tests skip and say so."""
    try:
        steps.run(home, python_env.packages_step(home, "model", "A language model for the tests"))
    except HcError as error:
        say(f"{error} Tests with a language model are skipped.")


def _chains(installation: Installation, kinds: set[str]) -> list[list[templates.Template]]:
    """Return the templates to build, a chain for each lane; drop what a killed run left."""
    databases = installation.databases
    for leftover in databases.names(templates.CLONE_PREFIX):
        databases.drop(leftover)
    modules = templates.suite_modules()
    version = installation.odoo.source.version
    plain = []
    if "base" in kinds:
        base = tuple(name for name in templates.BASE_MODULES if name in modules)
        plain.append(templates.Template(base, False, version, kind="base"))
    if "test" in kinds:
        plain.append(templates.Template(tuple(modules), False, version))
    # Demonstration data takes longest: the other lane begins its layers meanwhile.
    demo = []
    if "demo" in kinds:
        demo.append(templates.Template((templates.demo_module(modules),), True, version))
    return [chain for chain in (plain, demo) if chain]


def _build_chain(
    prepared: Preparation, waiting: lanes.Waiting, chain: Iterable[templates.Template]
) -> None:
    """Build templates one after the other, each on top of the one before."""
    installation, source = prepared.installation, ""
    for template in chain:
        source = templates.build(installation.odoo, installation.databases, template, source=source)
        prepared.templates[template.serves] = source
        waiting.built(template.serves)


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
