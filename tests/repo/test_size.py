# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import size
from tree import assert_none, sample_tree


def test_files_are_small(tree):
    assert_none(size.check_files(tree))


def test_functions_are_small(tree):
    assert_none(size.check_functions(tree))


def test_the_middle_is_small(tree):
    assert_none(size.check_distribution(tree))


def test_long_file_is_found(tmp_path):
    sample = sample_tree(tmp_path, {"fits.py": "a = 1\n" * 500, "long.py": "a = 1\n" * 501})
    assert [finding.path for finding in size.check_files(sample)] == ["long.py"]


def test_long_function_is_found(tmp_path):
    def function(name, lines):
        return f"@decorator\ndef {name}():\n" + "    a = 1\n" * (lines - 1)

    sample = sample_tree(tmp_path, {"a.py": function("fits", 50) + function("long", 51)})
    [finding] = size.check_functions(sample)
    assert "long has 51 lines" in finding.message


def test_fat_tree_is_found(tmp_path):
    files = {f"file_{number}.py": "a = 1\n" * 130 for number in range(18)}
    files |= {f"large_{number}.py": "a = 1\n" * 400 for number in range(3)}
    messages = [
        finding.message for finding in size.check_distribution(sample_tree(tmp_path, files))
    ]
    assert messages == [
        "median file 130 lines, budget 120",
        "95th percentile 400 lines, budget 350",
    ]


def test_description_counts_source_only(tmp_path):
    files = {"a.py": "def f():\n    return 1\n", "tests/test_a.py": "a = 1\n" * 400}
    lines = list(size.describe(sample_tree(tmp_path, files)))
    assert lines == [
        "1 files: median 2, 95 % 2, max 2 lines",
        "1 functions: median 2, 95 % 2, max 2 lines",
    ]
