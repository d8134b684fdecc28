# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from types import SimpleNamespace

import pytest

from hc_tool import cli, seeding
from hc_tool.errors import HcError
from hc_tool.seed.plan import make_plan


@pytest.mark.parametrize("cases", [50, 300, 2000, 20_000, 150_050, 200_000])
def test_the_plan_holds_exactly_the_cases_asked_for(cases):
    plan = make_plan(cases, seed=1)
    assert plan.case_count == cases
    assert plan.history.case_count * 5 == plan.current.case_count * 45


@pytest.mark.parametrize("cases", [0, -50, 49, 51, 199_999])
def test_a_number_that_no_mixture_gives_is_refused(cases):
    with pytest.raises(ValueError, match=f"{cases} is no positive multiple of 50"):
        make_plan(cases, seed=1)


def test_larger_databases_are_copied_from_more_different_cases():
    sizes = [make_plan(cases, 1).history.case_count for cases in (300, 2000)]
    assert sizes == sorted(set(sizes))


def test_copies_are_made_from_the_oldest_to_the_newest():
    mould = make_plan(20_000, 1).history
    ages = [mould.age_days(copy) for copy in range(1, mould.copy_count + 1)]
    assert ages == sorted(ages, reverse=True)
    assert ages[0] > 400
    assert ages[-1] == 0


class Databases:
    """Databases with their comments, as a dictionary."""

    def __init__(self, **comments):
        self.comments = comments

    def exists(self, name):
        return name in self.comments

    def comment(self, name):
        return self.comments[name]

    def names(self):
        return set(self.comments)

    def drop(self, name):
        del self.comments[name]

    def rename(self, name, new_name):
        self.comments[new_name] = self.comments.pop(name)

    def note(self, name, comment):
        self.comments[name] = comment


def installation(**comments):
    return SimpleNamespace(databases=Databases(**comments))


def request(database="hc_seed_50", origin=""):
    return seeding.Request(50, 1, database, origin)


def test_the_very_same_database_is_not_made_again():
    there = installation(hc_seed_50="made by hc seed, key abc")
    assert seeding._is_made(there, request(), "abc")
    assert not seeding._is_made(there, request(), "changed")
    assert not seeding._is_made(there, request("hc_seed_100"), "abc")


def test_a_database_of_somebody_else_is_never_replaced_unless_named_as_origin():
    demo = installation(hc_demo="")
    with pytest.raises(HcError, match="was not made by this command"):
        seeding._is_made(demo, request("hc_demo"), "abc")
    with pytest.raises(HcError, match="was not made by this command"):
        seeding._is_made(demo, request("hc_demo", origin="other"), "abc")
    assert not seeding._is_made(demo, request("hc_demo", origin="hc_demo"), "abc")


def test_a_finished_database_is_known_again_but_one_added_to_is_not_the_commands_own():
    made = installation(hc_seed_50="old", hc_seed_50_building="", hc_demo="", hc_demo_building="")
    seeding._publish(made, request(), "hc_seed_50_building", "abc")
    assert seeding._is_made(made, request(), "abc")
    seeding._publish(made, request("hc_demo", "hc_demo"), "hc_demo_building", "abc")
    assert made.databases.comments["hc_demo"] == ""


def test_only_a_seeded_database_is_dropped(home, monkeypatch):
    there = installation(hc_seed_50="made by hc seed, key abc", hc_demo="")
    monkeypatch.setattr(seeding, "ready", lambda home: there)
    with pytest.raises(HcError, match="hc_demo is no database that this command made"):
        seeding._drop(home, request("hc_demo"))
    assert seeding._drop(home, request()) == 0
    assert there.databases.names() == {"hc_demo"}


def test_a_wrong_number_of_cases_is_one_line(home):
    options = cli.build_parser().parse_args(["seed", "--cases", "70"])
    with pytest.raises(HcError, match=r"70 is no positive multiple of 50\. Give --cases as 50"):
        options.action(home, options)


def test_steps_reach_the_user_and_noise_does_not(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(seeding, "_SCRIPT", tmp_path / "script")
    (tmp_path / "script").write_text("")
    program = "print('noise'); print('hc-seed: a step: 1.0 s')"
    seeding._run(["python3", "-c", program], {"PATH": "/usr/bin:/bin"}, tmp_path / "log")
    assert capsys.readouterr().out == "  a step: 1.0 s\n"


def test_a_seeder_that_gives_no_result_says_where_to_look(home, monkeypatch):
    monkeypatch.setattr(seeding, "odoo_environ", lambda home: {})
    monkeypatch.setattr(seeding, "_run", lambda command, environ, log: None)
    fake = SimpleNamespace(home=home, odoo=SimpleNamespace(command=lambda *a, **k: []))
    with pytest.raises(HcError, match=r"Odoo ended before it gave a result.*seed\.log"):
        seeding._fill(fake, request(), "hc_seed_50_building")
