# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import leaks
import pytest
from tree import assert_none, sample_tree

HEADER = (
    "# Copyright 2026 HC Revenue contributors\n"
    "# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)\n"
)


def test_nothing_of_one_machine(tree):
    assert_none(leaks.check_machine(tree))


def test_every_python_file_has_its_header(tree):
    assert_none(leaks.check_headers(tree))


@pytest.mark.parametrize(
    "text",
    [
        *("see https://" + ".".join(parts) + "/simple" for parts in leaks.MIRROR_HOSTS),
        "cd /" + "work/main",
        "path = '/" + "tmp/sample'",
        "HOME=/" + "home/alex/src",
        "/" + "root/.config",
    ],
)
def test_leak_is_found(tmp_path, text):
    assert list(leaks.check_machine(sample_tree(tmp_path, {"a.md": text})))


@pytest.mark.parametrize(
    "text",
    [
        "docs/" + "farm/flow.md",
        "https://www.gnu.org/licenses",
        "$HOME/" + "farm/a",
        "the homework/tmp folder",
        "/home/ and /tmp/ are folders",
    ],
)
def test_harmless_text_passes(tmp_path, text):
    assert not list(leaks.check_machine(sample_tree(tmp_path, {"a.md": text})))


@pytest.mark.parametrize(
    "text", ["a = 1\n", HEADER.replace("HC Revenue", "Somebody"), "\n" + HEADER]
)
def test_missing_header_is_found(tmp_path, text):
    assert list(leaks.check_headers(sample_tree(tmp_path, {"a.py": text})))


@pytest.mark.parametrize(
    "text", ["", "\n", HEADER, "#!/usr/bin/env python3\n" + HEADER + "a = 1\n"]
)
def test_header_or_empty_file_passes(tmp_path, text):
    assert not list(leaks.check_headers(sample_tree(tmp_path, {"a.py": text})))
