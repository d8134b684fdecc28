# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import documents
import pytest
from tree import assert_none, sample_tree

EXPECTED = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "docs/architecture.md")
DECISION = "# Title\n\n## Status\n\n## Context\n\n## Decision\n\n## Consequences\n"


@pytest.mark.parametrize("name", EXPECTED)
def test_document_exists(tree, name):
    assert (tree.root / name).read_text(encoding="utf-8").strip()


@pytest.mark.parametrize(
    "check",
    [
        documents.check_links,
        documents.check_index,
        documents.check_titles,
        documents.check_decisions,
        documents.check_length,
    ],
)
def test_documents(tree, check):
    assert_none(check(tree))


def test_dead_link_is_found(tmp_path):
    text = "# A\n[b](b.md) [dead](c.md#part) ![gone](i.png) `[code](no.md)`\n```\n[x](no.md)\n```\n"
    sample = sample_tree(tmp_path, {"a.md": text, "b.md": "# B\n[up](../a) [web](https://e.org/x)"})
    messages = {finding.message for finding in documents.check_links(sample)}
    assert messages == {"leads nowhere: c.md", "leads nowhere: i.png", "leads nowhere: ../a"}


def test_unlisted_document_is_found(tmp_path):
    files = {"docs/index.md": "# I\n[a](a.md)", "docs/a.md": "# A", "docs/b.md": "# B", "C.md": ""}
    paths = [finding.path for finding in documents.check_index(sample_tree(tmp_path, files))]
    assert paths == ["C.md", "docs/b.md"]


def test_missing_index_is_found(tmp_path):
    assert list(documents.check_index(sample_tree(tmp_path, {"docs/a.md": "# A"})))


def test_title_is_exactly_one(tmp_path):
    files = {"good.md": "# A\n```\n# comment\n```\n## B", "none.md": "text", "two.md": "# A\n# B"}
    paths = [finding.path for finding in documents.check_titles(sample_tree(tmp_path, files))]
    assert paths == ["none.md", "two.md"]


def test_decision_needs_number_and_sections(tmp_path):
    files = {
        "docs/adr/0001-good-choice.md": DECISION,
        "docs/adr/0003-skipped.md": DECISION,
        "docs/adr/0004-incomplete.md": DECISION.replace("## Context", ""),
    }
    findings = list(documents.check_decisions(sample_tree(tmp_path, files)))
    assert [finding.path.rpartition("/")[2] for finding in findings] == [
        "0003-skipped.md",
        "0004-incomplete.md",
        "0004-incomplete.md",
    ]


def test_long_contributing_is_found(tmp_path):
    assert list(documents.check_length(sample_tree(tmp_path, {"CONTRIBUTING.md": "a\n" * 121})))
    assert not list(documents.check_length(sample_tree(tmp_path, {"CONTRIBUTING.md": "a\n" * 120})))
