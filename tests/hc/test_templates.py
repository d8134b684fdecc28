# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import ast

import pytest

from hc_tool import templates
from hc_tool.errors import HcError


@pytest.fixture
def addons(tmp_path):
    root = tmp_path / "addons"
    for name, manifest in {
        "hc_one": "{'name': 'One'}",
        "hc_off": "{'name': 'Off', 'installable': False}",
    }.items():
        (root / name / "models").mkdir(parents=True)
        (root / name / "__manifest__.py").write_text(manifest)
        (root / name / "models" / "thing.py").write_text("x = 1\n")
    (root / "not_a_module").mkdir()
    return root


def key(addons, modules=("hc_one",), with_demo=False, version="19.0"):
    return templates.Template(modules, with_demo, version, addons).key


def test_only_installable_modules_count(addons):
    assert templates.suite_modules(addons) == ["hc_one"]


def test_glue_is_left_to_odoo(addons):
    glue = addons / "hc_glue"
    glue.mkdir()
    (glue / "__manifest__.py").write_text("{'depends': ['hc_one', 'absent'], 'auto_install': True}")
    assert templates.suite_modules(addons) == ["hc_one"]
    assert templates.suite_modules(addons, with_glue=True) == ["hc_glue", "hc_one"]


def test_the_key_changes_with_code_modules_and_version(addons):
    first = key(addons)
    assert key(addons) == first
    assert key(addons, modules=("hc_one", "hc_two")) != first
    assert key(addons, version="20.0") != first
    (addons / "hc_one" / "models" / "thing.py").write_text("x = 2\n")
    assert key(addons) != first


def test_the_key_ignores_what_is_never_installed(addons):
    first = key(addons)
    (addons / "hc_one" / "tests").mkdir()
    (addons / "hc_one" / "tests" / "test_thing.py").write_text("pass\n")
    (addons / "hc_one" / "__pycache__").mkdir()
    (addons / "hc_one" / "__pycache__" / "x.pyc").write_text("")
    assert key(addons) == first


def test_names_of_both_kinds_differ_and_are_database_names(addons):
    names = {templates.Template(("m",), demo, "19.0", addons).name for demo in (True, False)}
    assert len(names) == 2
    assert all(name.islower() and len(name) < 63 for name in names)


def test_the_suite_brings_the_demo_where_it_is_there():
    assert templates.demo_module(["hc_revenue_base"]) == "hc_revenue_base"
    assert templates.demo_module(["hc_revenue_base", "hc_revenue_suite"]) == "hc_revenue_suite"
    with pytest.raises(HcError, match="holds none of hc_revenue_suite"):
        templates.demo_module(["hc_claims"])


def test_tests_install_the_test_modules_and_the_demo_does_not():
    modules = templates.suite_modules()
    assert {"test_hc_contracts", "test_hc_suite"} <= set(modules)
    pending, installed = [templates.demo_module(modules)], set()
    while pending:
        name = pending.pop()
        manifest = templates.ADDONS / name / "__manifest__.py"
        if name not in installed and manifest.exists():
            installed.add(name)
            pending += ast.literal_eval(manifest.read_text(encoding="utf-8"))["depends"]
    assert "hc_revenue_base" in installed
    assert not {name for name in installed if name.startswith("test_")}


class _Databases:
    """Remembers what was done to it."""

    def __init__(self, *names, modules=(("hc_one", "t"),)):
        self.present = list(names)
        self.modules = modules

    def query(self, database, statement):
        assert database in self.present
        assert "ir_module_module" in statement
        return [list(row) for row in self.modules]

    def exists(self, name):
        return name in self.present

    def names(self, prefix):
        return [name for name in self.present if name.startswith(prefix)]

    def create(self, name):
        self.present.append(name)

    def clone(self, template, name):
        assert template in self.present
        self.present.append(name)

    def drop(self, name):
        self.present = [other for other in self.present if other != name]

    def rename(self, name, new_name):
        self.present[self.present.index(name)] = new_name

    def relax_durability(self, name):
        assert name in self.present


class _Odoo:
    def __init__(self, home, error=None, log=""):
        self.home = home
        self.log = log
        self.error = error
        self.runs = []

    def run(self, database, *arguments, what, log):
        self.runs.append((database, *arguments))
        log.write_text(self.log)
        if self.error:
            raise self.error


def test_a_template_is_built_once_and_older_ones_go(home, addons):
    template = templates.Template(("hc_one",), True, "19.0", addons)
    databases, odoo = (
        _Databases("hc_template_demo_old", "hc_template_test_x", "hc_demo"),
        _Odoo(home),
    )
    assert templates.build(odoo, databases, template) == template.name
    assert templates.build(odoo, databases, template) == template.name
    assert odoo.runs == [("hc_template_demo_building", "--init=hc_one", "--with-demo")]
    assert sorted(databases.present) == sorted(["hc_template_test_x", "hc_demo", template.name])


def test_a_template_on_top_of_another_installs_what_that_lacks(home, addons):
    template = templates.Template(("hc_one", "hc_two"), False, "19.0", addons)
    databases = _Databases("hc_template_base_x", modules=(("hc_one", "f"),))
    odoo = _Odoo(home)
    with pytest.raises(HcError, match="installing hc_two"):
        templates.build(odoo, databases, template, source="hc_template_base_x")
    assert odoo.runs == [("hc_template_test_building", "--init=hc_two")]
    assert "hc_template_base_x" in databases.present


def test_a_failed_build_is_never_taken_for_a_template(home, addons):
    template = templates.Template(("hc_one",), False, "19.0", addons)
    databases = _Databases()
    with pytest.raises(HcError):
        templates.build(_Odoo(home, HcError("a", "b", "c")), databases, template)
    assert not databases.exists(template.name)
    templates.build(_Odoo(home), databases, template)
    assert databases.present == [template.name]


FAILED_DEMO = """\
2026-01-01 10:00:00,000 1 WARNING db odoo.modules.loading: Module hc_one demo data failed to install
Traceback (most recent call last):
  File "x.py", line 1, in <module>
AttributeError: no such method

The above exception was the direct cause of the following exception:

odoo.tools.convert.ParseError: while parsing demo.xml:4
2026-01-01 10:00:01,000 1 ERROR db odoo: ValueError: another matter
"""


def test_swallowed_failures_of_demo_data_are_brought_to_light(home, addons):
    template = templates.Template(("hc_one",), True, "19.0", addons)
    databases = _Databases(modules=(("base", "t"), ("hc_one", "f")))
    with pytest.raises(HcError, match=r"^demo data of hc_one: AttributeError: no such method\."):
        templates.build(_Odoo(home, log=FAILED_DEMO), databases, template)
    assert not databases.exists(template.name)


def test_a_module_that_odoo_ignored_is_named(home, addons):
    template = templates.Template(("hc_one", "hc_two"), False, "19.0", addons)
    with pytest.raises(HcError, match="^installing hc_two: there is no such module"):
        templates.build(_Odoo(home), _Databases(), template)


def test_a_log_without_failure_tells_none():
    assert templates.demo_failure("all is well\n") is None
    assert templates.demo_failure("demo data failed to install\n") == "the log tells no cause"


def test_the_first_cause_is_told_where_odoo_stumbles_over_the_remains(home, addons):
    template = templates.Template(("hc_one",), True, "19.0", addons)
    odoo = _Odoo(home, HcError("installing", "MissingError", "Look"), log=FAILED_DEMO)
    with pytest.raises(HcError, match=r"installing hc_one: AttributeError: no such method\. Look"):
        templates.build(odoo, _Databases(), template)
