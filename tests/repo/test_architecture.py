# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import architecture
import pytest
from tree import assert_none, sample_tree

BASE = architecture.BASE


@pytest.mark.parametrize(
    "check",
    [
        architecture.check_manifests,
        architecture.check_imports,
        architecture.check_names,
        architecture.check_diagram,
        architecture.check_models_drawn,
    ],
)
def test_star(tree, check):
    assert_none(check(tree))


def manifest(*depends, **keys):
    return repr({"name": "Sample", "depends": list(depends), **keys})


def two_modules(tmp_path, files):
    manifests = {
        f"addons/{BASE}/__manifest__.py": manifest("account"),
        "addons/hc_claims/__manifest__.py": manifest(BASE),
        "addons/hc_claims/models/hc_claim.py": "class Claim:\n    _name = 'hc.claim'\n",
        f"addons/{BASE}/models/hc_case.py": "class Case:\n    _name = 'hc.case'\n",
    }
    return sample_tree(tmp_path, manifests | files)


def test_good_star_passes(tmp_path):
    files = {
        "addons/hc_claims/models/hc_case.py": "class Case:\n    _inherit = 'hc.case'\n",
        "addons/hc_claims/views/a.xml": f'<field ref="{BASE}.view"/>',
        "addons/hc_claims/tests/test_a.py": f"from odoo.addons.{BASE}.tests import common\n",
    }
    sample = two_modules(tmp_path, files)
    assert_none(architecture.check_manifests(sample))
    assert_none(architecture.check_imports(sample))
    assert_none(architecture.check_names(sample))


def test_sibling_dependency_is_found(tmp_path):
    files = {"addons/hc_collections/__manifest__.py": manifest(BASE, "hc_claims")}
    [finding] = architecture.check_manifests(two_modules(tmp_path, files))
    assert "hc_claims" in finding.message


def test_missing_dependency_is_found(tmp_path):
    files = {"addons/hc_collections/__manifest__.py": manifest("account")}
    assert list(architecture.check_manifests(two_modules(tmp_path, files)))


@pytest.mark.parametrize(
    ("name", "text", "good"),
    [
        ("hc_claims_collections", manifest("hc_claims", "hc_collections", auto_install=True), True),
        ("hc_queue_job", manifest(BASE, "queue_job", auto_install=True), True),
        ("hc_claims_collections", manifest("hc_claims", "hc_collections"), False),
        ("hc_bridge", manifest("hc_claims", "hc_collections", auto_install=True), False),
    ],
)
def test_glue_says_whom_it_joins(tmp_path, name, text, good):
    sample = two_modules(tmp_path, {f"addons/{name}/__manifest__.py": text})
    assert bool(list(architecture.check_manifests(sample))) is not good


def test_glue_reaches_what_it_joins_and_no_more(tmp_path):
    files = {
        "addons/hc_queue_job/__manifest__.py": manifest(BASE, "queue_job", auto_install=True),
        "addons/hc_queue_job/models/a.py": f"import odoo.addons.{BASE}\nname = 'hc.case'\n",
    }
    sample = two_modules(tmp_path, files)
    assert_none(architecture.check_imports(sample))
    assert_none(architecture.check_names(sample))
    bad = {"addons/hc_queue_job/models/b.py": "import odoo.addons.hc_claims\nn = 'hc.claim'\n"}
    sample = two_modules(tmp_path, files | bad)
    assert len(list(architecture.check_imports(sample))) == 1
    [finding] = architecture.check_names(sample)
    assert finding.message == "names hc.claim, which is out of reach"


@pytest.mark.parametrize(
    "line",
    [
        "from odoo.addons.hc_collections.models import a",
        "import odoo.addons.hc_revenue_suite",
        "def f():\n    from odoo.addons.hc_integration import b",
    ],
)
def test_import_of_sibling_is_found(tmp_path, line):
    sample = two_modules(tmp_path, {"addons/hc_claims/models/a.py": line + "\n"})
    assert list(architecture.check_imports(sample))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("models/a.py", "model = self.env['hc.claim']"),
        ("models/b.py", "if 'hc_claims' in installed: pass"),
        ("views/a.xml", '<field name="model">hc.claim</field>'),
        ("security/a.csv", "a,hc_collections.group"),
    ],
)
def test_base_naming_a_sibling_is_found(tmp_path, name, text):
    [finding] = architecture.check_names(two_modules(tmp_path, {f"addons/{BASE}/{name}": text}))
    assert "out of reach" in finding.message


def test_longer_names_are_other_names(tmp_path):
    text = "model = self.env['hc.claimant']; other = 'my_hc_claims'"
    sample = two_modules(tmp_path, {f"addons/{BASE}/models/a.py": text})
    assert not list(architecture.check_names(sample))


def diagram(edges, built):
    lines = [f"  {source} --> {target}" for source, target in sorted(edges)]
    text = "\n".join([*lines, f"  class {','.join(built)} built"])
    return {architecture.DIAGRAM: f"# A\n\n```mermaid\nflowchart BT\n{text}\n```\n"}


def diagram_messages(tmp_path, edges, built):
    sample = two_modules(tmp_path, diagram(edges, built))
    return [finding.message for finding in architecture.check_diagram(sample)]


def test_diagram_is_held_against_table_and_tree(tmp_path):
    edges = architecture.allowed_edges()
    built = [BASE, "hc_claims"]
    sibling_edge = ("hc_claims", "hc_collections")
    own_edge = ("hc_claims", BASE)
    assert diagram_messages(tmp_path / "a", edges, built) == []
    assert diagram_messages(tmp_path / "b", edges | {sibling_edge}, built) == [
        "hc_claims --> hc_collections is not allowed"
    ]
    assert diagram_messages(tmp_path / "c", edges - {own_edge}, built) == [
        f"hc_claims --> {BASE} is not drawn"
    ]
    assert diagram_messages(tmp_path / "d", edges, [BASE]) == ["hc_claims is not marked"]
    assert diagram_messages(tmp_path / "e", edges, [*built, "hc_ai_assist"]) == [
        "hc_ai_assist is marked as built and is not there"
    ]


def test_missing_diagram_is_found(tmp_path):
    sample = two_modules(tmp_path, {architecture.DIAGRAM: "# A\n"})
    assert list(architecture.check_diagram(sample))


def test_model_that_does_not_exist_is_found(tmp_path):
    text = (
        "# A\n\n```mermaid\nflowchart TD\n  a[hc.claim] --> b[hc.dream]\n```\n\n"
        "| contract | promise |\n| --- | --- |\n| `hc.case` | x |\n| `hc.ghost` | x |\n"
        "\n`hc.later` comes later\n"
    )
    sample = two_modules(tmp_path, {architecture.DIAGRAM: text})
    assert [finding.message for finding in architecture.check_models_drawn(sample)] == [
        "shows the model hc.dream, which does not exist",
        "shows the model hc.ghost, which does not exist",
    ]
