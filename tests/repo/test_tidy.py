# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import pytest
import tidy
from tree import assert_none, sample_tree


def test_no_banned_construct(tree):
    assert_none(tidy.check_python(tree))


def test_exceptions_have_reasons(tree):
    assert_none(tidy.check_allowances(tree))


def test_no_construct_of_older_versions(tree):
    assert_none(tidy.check_views(tree))


def test_no_leftover(tree):
    assert_none(tidy.check_leftovers(tree))


def rules_found(tmp_path, line, name="addons/hc_sample/models/a.py"):
    sample = sample_tree(tmp_path, {name: line + "\n"})
    return [finding.message.split(":")[0] for finding in tidy.check_python(sample)]


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        ("clock", "stamp = datetime.now()"),
        ("clock", "stamp = datetime.datetime.utcnow()"),
        ("clock", "day = date.today()"),
        ("clock", "day = fields.Date.today()"),
        ("clock", "stamp = fields.Datetime(default=fields.Datetime.now)"),
        ("clock", "seconds = time.time()"),
        ("commit", "self.env.cr.commit()"),
        ("commit", "cr.rollback()"),
        ("odoo-orm", "from odoo.orm.fields import Field"),
        ("odoo-orm", "import odoo.orm"),
        ("safe-eval", "from odoo.tools.safe_eval import safe_eval"),
        ("safe-eval", "eval(text)"),
        ("search-all", "model.search([])"),
        ("search-all", "model.search_read(domain=[])"),
        ("print", "print(1)"),
        ("float-money", "amount_due = fields.Float()"),
        ("float-money", "fee = fields.Float(digits=(16, 2))"),
        ("sql-constraints", "_sql_constraints = []"),
        ("newer-python", "from datetime import UTC, date"),
        ("newer-python", "now = datetime.now(datetime.UTC)"),
    ],
)
def test_banned_construct_is_found(tmp_path, rule, line):
    assert rule in rules_found(tmp_path, line)


@pytest.mark.parametrize(
    "line",
    [
        "stamp = self.env.cr.now()",
        "day = fields.Date.context_today(self)",
        "seconds = time.monotonic()",
        "cron._commit_progress(1)",
        "model.search([], limit=100)",
        "model.search([('active', '=', True)])",
        "ratio = fields.Float()",
        "amount = fields.Monetary()",
        "coffee = fields.Float()",
        "literal_eval(text)",
        "text = 'print(1)'",
        "cr.commit()  # tidy: allow commit - refused attempts survive the rollback",
    ],
)
def test_good_construct_passes(tmp_path, line):
    assert rules_found(tmp_path, line) == []


def test_tests_may_read_the_clock_but_not_commit(tmp_path):
    name = "addons/hc_sample/tests/test_a.py"
    assert rules_found(tmp_path, "datetime.now()", name) == []
    assert rules_found(tmp_path, "cr.commit()", name) == ["commit"]


@pytest.mark.parametrize(
    "comment", ["allow commit", "allow commit - short", "allow nothing - a long reason"]
)
def test_bad_exception_is_found(tmp_path, comment):
    sample = sample_tree(tmp_path, {"addons/hc_sample/a.py": f"cr.commit()  # tidy: {comment}\n"})
    assert list(tidy.check_allowances(sample))
    assert list(tidy.check_python(sample))


@pytest.mark.parametrize(
    "text", ["<tree>", '<field name="a" attrs="{}"/>', '<button states="draft"/>']
)
def test_old_view_is_found(tmp_path, text):
    assert list(tidy.check_views(sample_tree(tmp_path, {"addons/hc_sample/views/a.xml": text})))


def test_new_view_passes(tmp_path):
    text = '<list><field name="a" invisible="not b"/></list>'
    assert not list(tidy.check_views(sample_tree(tmp_path, {"addons/hc_sample/views/a.xml": text})))


@pytest.mark.parametrize("word", ["FIX" + "ME", "TO" + "DO", "XX" + "X"])
def test_leftover_is_found(tmp_path, word):
    assert list(tidy.check_leftovers(sample_tree(tmp_path, {"a.py": f"# {word}: later\n"})))
    assert not list(tidy.check_leftovers(sample_tree(tmp_path / "b", {"a.py": f"{word}Y = 1\n"})))
