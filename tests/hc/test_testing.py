# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import threading
from unittest.mock import Mock

import pytest

from hc_tool import layers, results, templates, testing
from hc_tool.errors import HcError
from hc_tool.results import Result


def names(chosen):
    return [layer.name for layer in chosen]


def test_the_default_leaves_the_benchmarks_out():
    assert names(layers.select([])) == [
        "pure",
        "repo",
        "odoo",
        "suite",
        "claims",
        "collections",
        "acceptance",
        "recovery",
        "seed",
        "security",
        "attacks",
        "e2e",
        "model",
    ]
    assert names(layers.select(["security"])) == ["security", "attacks"]
    assert names(layers.select(["attacks"])) == ["attacks"]
    assert names(layers.select(["suite"])) == ["suite", "claims", "collections"]
    assert names(layers.select(["bench", "pure", "bench"])) == ["bench", "pure"]


def test_without_a_language_model_the_rest_is_tested(monkeypatch, home, capsys):
    def refuse(*_arguments):
        raise HcError("A language model", "no network", "try again later")

    monkeypatch.setattr(testing.steps, "run", refuse)
    testing._install_model(home)
    assert "Tests with a language model are skipped" in capsys.readouterr().out


def test_an_unknown_layer_is_refused_with_the_choice():
    with pytest.raises(HcError, match=r"no layer 'unit'\. Choose from: pure, repo, odoo"):
        layers.select(["pure", "unit"])


def test_every_test_of_a_module_belongs_to_one_layer():
    folders = [path for layer in layers.LAYERS if layer.loads_odoo for path in layer.paths()]
    assert sorted(folders) == sorted(
        path for path in layers.REPOSITORY.glob("addons/*/tests") if any(path.rglob("test_*.py"))
    )


def test_a_layer_without_test_files_has_no_paths(tmp_path):
    layer = layers.Layer("x", ("tests/x", "addons/*/tests"))
    (tmp_path / "tests/x").mkdir(parents=True)
    (tmp_path / "tests/x/conftest.py").touch()
    assert layer.paths(tmp_path) == []
    (tmp_path / "addons/one/tests").mkdir(parents=True)
    (tmp_path / "addons/one/tests/test_one.py").touch()
    assert layer.paths(tmp_path) == [tmp_path / "addons/one/tests"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], ([], [])),
        (["pure", "repo"], (["pure", "repo"], [])),
        (["odoo", "-k", "ready"], (["odoo"], ["-k", "ready"])),
        (["odoo", "--", "path/test_x.py"], (["odoo"], ["path/test_x.py"])),
    ],
)
def test_words_are_split_between_layers_and_pytest(words, expected):
    assert testing.split_arguments(words) == expected


def test_only_the_odoo_layer_loads_odoo_into_pytest(home):
    by_name = {layer.name: layer for layer in layers.LAYERS}
    environ = {"HC_TEST_DATABASE": "hc_run_odoo"}
    command = testing.pytest_command(home, by_name["odoo"], environ)
    assert "--odoo-database=hc_run_odoo" in command
    assert "no:odoo" not in command
    for name in ("pure", "repo", "security", "e2e", "bench"):
        assert "no:odoo" in testing.pytest_command(home, by_name[name], environ)


def test_pure_tests_cannot_import_odoo(home):
    path = testing.plain_environ(home)["PYTHONPATH"]
    assert str(home.odoo_link) not in path


def prepared(home, *chains):
    return testing.Preparation(home, Mock(), "", chains)


def report(tmp_path, **counts):
    attributes = " ".join(f'{name}="{value}"' for name, value in counts.items())
    path = tmp_path / "report.xml"
    path.write_text(f"<testsuites><testsuite {attributes}/></testsuites>")
    return path


def test_counts_come_from_the_report(tmp_path):
    path = report(tmp_path, tests=10, failures=1, errors=2, skipped=3)
    assert results.read_report("x", path, 1, 2.5) == Result("x", 4, 3, 3, 2.5)


def test_a_crash_without_a_report_is_a_failure(tmp_path):
    result = results.read_report("x", tmp_path / "none.xml", 3, 1.0)
    assert result.failed == 1
    assert "exit code 3" in result.note


def test_an_exit_code_is_never_forgotten(tmp_path):
    path = report(tmp_path, tests=5, failures=0, errors=0, skipped=0)
    assert results.read_report("x", path, 2, 1.0).failed == 1
    assert results.read_report("x", path, 0, 1.0).failed == 0


def test_no_collected_test_is_no_success_and_no_failure(tmp_path):
    path = report(tmp_path, tests=0, failures=0, errors=0, skipped=0)
    result = results.read_report("x", path, 5, 1.0)
    assert (result.passed, result.failed) == (0, 0)
    assert result.note == "no test was collected"


def test_the_last_line_is_the_plain_count():
    lines = results.summary([Result("a", 3, 1, 2, 1.0), Result("b", note="skipped: no tests")])
    assert lines[-1] == "3 passed, 1 failed, 2 skipped"
    assert any("skipped: no tests" in line for line in lines)


def test_a_run_without_any_test_fails(home, monkeypatch):
    import argparse

    monkeypatch.setattr(testing, "_run_layers", lambda *_: [Result("pure", note="none")])
    assert testing.test(home, argparse.Namespace(arguments=["pure"])) == 1
    monkeypatch.setattr(testing, "_run_layers", lambda *_: [Result("pure", passed=1)])
    assert testing.test(home, argparse.Namespace(arguments=["pure"])) == 0
    monkeypatch.setattr(testing, "_run_layers", lambda *_: [Result("pure", passed=1, failed=1)])
    assert testing.test(home, argparse.Namespace(arguments=["pure"])) == 1


def test_two_lanes_take_the_longest_layer_that_is_left(home, monkeypatch):
    chosen = layers.select(["pure", "odoo", "acceptance", "e2e"])
    begun, released, order = threading.Event(), threading.Event(), []

    def run(prepared, layer, arguments, output=None):
        order.append(layer.name)
        if layer.name == "odoo":
            begun.set()
            assert released.wait(30), "the other layers did not run beside it"
        elif layer.name == "e2e":
            assert begun.wait(30), "the other lane began nothing"
        elif layer.name == "acceptance":
            released.set()
        if output:
            output.write_text("what it printed")
        return Result(layer.name, passed=1)

    monkeypatch.setattr(testing, "_prepare", lambda home, chosen: prepared(home))
    monkeypatch.setattr(testing, "_run_layer", run)
    home.prepare()
    outcomes = testing._run_layers(home, chosen, [])
    assert [outcome.layer for outcome in outcomes] == ["pure", "odoo", "acceptance", "e2e"]
    assert sorted(order[:2]) == ["e2e", "odoo"]
    assert order[2:] == ["pure", "acceptance"]


def chains_of(*kinds):
    return [[templates.Template((), kind == "demo", "19.0", kind=kind)] for kind in kinds]


def test_a_layer_begins_as_soon_as_its_own_database_is_built(home, monkeypatch):
    chosen = layers.select(["claims", "e2e", "odoo", "pure"])
    begun, done = [], threading.Event()

    def build(odoo, databases, template, source):
        if template.serves == "demo":
            assert done.wait(30), "the first lane waited for the demonstration"
        begun.append(template.serves)
        return f"built_{template.serves}"

    def run(prepared, layer, arguments, output=None):
        begun.append(layer.name)
        assert not layer.database or prepared.templates[layer.database].startswith("built_")
        if layer.name == "pure":
            done.set()
        return Result(layer.name, passed=1)

    plain = [template for chain in chains_of("base", "test") for template in chain]
    ready = prepared(home, plain, *chains_of("demo"))
    monkeypatch.setattr(testing, "_prepare", lambda home, chosen: ready)
    monkeypatch.setattr(testing, "_run_layer", run)
    monkeypatch.setattr(templates, "build", build)
    home.prepare()
    assert len(testing._run_layers(home, chosen, [])) == 4
    assert begun == ["base", "test", "claims", "odoo", "pure", "demo", "e2e"]


@pytest.mark.parametrize("broken", ["test", "demo"])
def test_a_template_that_cannot_be_built_ends_the_run(home, monkeypatch, broken):
    def build(odoo, databases, template, source):
        if template.serves == broken:
            raise HcError("installing hc_one", "there is no such module", "Correct the cause")
        return "built"

    ready = prepared(home, *chains_of("test", "demo"))
    monkeypatch.setattr(testing, "_prepare", lambda home, chosen: ready)
    monkeypatch.setattr(testing, "_run_layer", lambda _prepared, layer, *_: Result(layer.name))
    monkeypatch.setattr(templates, "build", build)
    home.prepare()
    with pytest.raises(HcError, match="there is no such module"):
        testing._run_layers(home, layers.select(["claims", "e2e"]), [])


def test_an_interrupted_run_begins_no_further_layer(home, monkeypatch):
    begun, interrupted = [], threading.Event()

    def run(prepared, layer, arguments, output=None):
        begun.append(layer.name)
        if output is None:
            interrupted.set()
            raise KeyboardInterrupt
        assert interrupted.wait(30)
        return Result(layer.name, passed=1)

    monkeypatch.setattr(testing, "_prepare", lambda home, chosen: prepared(home))
    monkeypatch.setattr(testing, "_run_layer", run)
    home.prepare()
    with pytest.raises(KeyboardInterrupt):
        testing._run_layers(home, layers.select(["pure", "odoo", "acceptance", "e2e"]), [])
    assert len(begun) <= 3


def test_a_layer_alone_writes_where_one_looks(home, monkeypatch):
    outputs = []

    def run(prepared, layer, arguments, output=None):
        outputs.append(output)
        return Result(layer.name, passed=1)

    monkeypatch.setattr(testing, "_prepare", lambda home, chosen: prepared(home))
    monkeypatch.setattr(testing, "_run_layer", run)
    home.prepare()
    testing._run_layers(home, layers.select(["odoo"]), [])
    assert outputs == [None]


def test_the_slowest_classes_are_named(tmp_path):
    path = tmp_path / "report.xml"
    cases = [("odoo.addons.hc_x.tests.test_a.TestA", 1.5), ("tests.pure.test_b", 2.0)] * 2
    path.write_text(
        "<testsuites><testsuite tests='4'>"
        + "".join(f"<testcase classname='{name}' time='{time}'/>" for name, time in cases)
        + "</testsuite></testsuites>"
    )
    result = results.read_report("x", path, 0, 7.0)
    assert result.slowest == (("tests.pure.test_b", 2, 4.0), ("hc_x.test_a.TestA", 2, 3.0))
    lines = results.slowest([result, Result("none")])
    assert [line.split() for line in lines] == [
        [],
        ["slowest", "of", "x", "tests", "seconds"],
        ["tests.pure.test_b", "2", "4.0"],
        ["hc_x.test_a.TestA", "2", "3.0"],
    ]
