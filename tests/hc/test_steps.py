# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import pytest

from hc_tool import steps
from hc_tool.errors import HcError
from hc_tool.files import replacing, require_disk_space, tree_digest, write_json, write_text


def counting_step(key="k", fail=False, is_intact=lambda: True):
    calls = []

    def action():
        calls.append(1)
        if fail:
            raise HcError("step", "it broke", "Try again")

    return steps.Step("name", "title", key, action, is_intact), calls


def test_a_finished_step_is_not_repeated(home):
    step, calls = counting_step()
    assert steps.run(home, step) is True
    assert steps.run(home, step) is False
    assert len(calls) == 1


def test_a_step_is_repeated_when_its_inputs_change(home):
    steps.run(home, counting_step(key="old")[0])
    step, calls = counting_step(key="new")
    assert steps.run(home, step) is True
    assert len(calls) == 1


def test_a_failed_step_leaves_no_stamp_and_runs_again(home):
    with pytest.raises(HcError):
        steps.run(home, counting_step(fail=True)[0])
    step, calls = counting_step()
    assert not steps.is_done(home, step)
    assert steps.run(home, step) is True
    assert len(calls) == 1


def test_a_failing_repetition_takes_the_old_stamp_away(home):
    steps.run(home, counting_step(key="old")[0])
    with pytest.raises(HcError):
        steps.run(home, counting_step(key="new", fail=True)[0])
    assert not steps.is_done(home, counting_step(key="old")[0])


def test_a_step_is_repeated_when_its_result_is_gone(home):
    steps.run(home, counting_step()[0])
    assert not steps.is_done(home, counting_step(is_intact=lambda: False)[0])


def test_a_broken_stamp_counts_as_not_done(home):
    steps.run(home, counting_step()[0])
    (home.stamps / "name.json").write_text("{half")
    assert not steps.is_done(home, counting_step()[0])


def test_a_folder_is_replaced_only_on_success(tmp_path):
    target = tmp_path / "target"
    with replacing(target) as building:
        (building / "first").touch()
    with pytest.raises(RuntimeError), replacing(target) as building:
        (building / "half").touch()
        raise RuntimeError
    assert [path.name for path in target.iterdir()] == ["first"]
    with replacing(target) as building:
        assert list(building.iterdir()) == []
        (building / "second").touch()
    assert [path.name for path in target.iterdir()] == ["second"]
    assert [path.name for path in tmp_path.iterdir()] == ["target"]


def test_too_little_disk_space_is_one_clear_line(tmp_path):
    with pytest.raises(HcError, match=r"disk space: .* GB free, .* are needed\. Free some"):
        require_disk_space(tmp_path, 10**18)
    require_disk_space(tmp_path, 0)


def test_a_secret_file_is_never_readable_by_others(tmp_path):
    path = tmp_path / "state.json"
    write_json(path, {"password": "x"}, mode=0o600)
    assert path.stat().st_mode & 0o077 == 0
    write_text(path, "again", mode=0o600)
    assert path.read_text() == "again"


def test_the_digest_of_a_tree_follows_names_and_content(tmp_path):
    (tmp_path / "a").write_text("1")
    first = tree_digest(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text("x")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text("x")
    assert tree_digest(tmp_path, skip=["tests"]) == first
    assert tree_digest(tmp_path) != first
    (tmp_path / "a").write_text("2")
    assert tree_digest(tmp_path, skip=["tests"]) != first


def test_a_complete_reset_leaves_files_of_others_alone(home, monkeypatch):
    import argparse

    from hc_tool import commands

    theirs = home.root / "my-thesis.txt"
    theirs.write_text("precious")
    home.odoo.mkdir()
    home.state.write_text("{}")
    assert commands.reset(home, argparse.Namespace(all=True)) == 0
    assert theirs.read_text() == "precious"
    assert not home.odoo.exists()
    assert not home.state.exists()
