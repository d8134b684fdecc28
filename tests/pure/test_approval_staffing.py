# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Staffing: whether different people can sign all steps, against trying every choice."""

from approval_policies import route, step
from hc_approval_core.policy import ApproverSource, StepRule
from hc_approval_core.staffing import check_staffing, fill, people_of
from hypothesis import given
from hypothesis import strategies as st

ROLES = {"manager": frozenset({1, 2}), "director": frozenset({2}), "nobody": frozenset()}
STEPS = st.lists(
    st.tuples(st.integers(1, 2), st.frozensets(st.integers(1, 4), max_size=4)), max_size=3
)


def most_signatures(slots, signed=frozenset()):
    """The largest number of signatures by different people, by trying every choice."""
    if not slots:
        return 0
    choices = [1 + most_signatures(slots[1:], signed | {each}) for each in slots[0] - signed]
    return max([most_signatures(slots[1:], signed), *choices])


@given(STEPS)
def test_the_matching_is_as_large_as_any(steps):
    needed, people = [count for count, _ in steps], [members for _, members in steps]
    filled = fill(needed, people)
    slots = [members for count, members in steps for _ in range(count)]
    assert sum(filled) == most_signatures(slots)
    assert all(got <= count for got, count in zip(filled, needed, strict=True))


def test_a_long_chain_of_stand_ins_is_found_without_recursion():
    count = 3000
    # Each step may be signed by its own person or the next one's; the last has one choice less.
    people = [frozenset({number, number + 1}) for number in range(count)] + [frozenset({0})]
    assert sum(fill([1] * (count + 1), people)) == count + 1


def found(*steps, roles=ROLES):
    return [(code, detail) for code, _, detail in check_staffing(route("a", steps=steps), roles)]


def test_one_person_cannot_fill_two_steps():
    steps = (step("one", roles=["director"]), step("two", 20, roles=["director"]))
    assert found(*steps) == [
        ("not_enough_people", {"steps": ("two",), "needed": 2, "found": 1}),
        ("one_person_two_steps", {"steps": ("one", "two"), "people": 1, "users": (2,)}),
    ]


def test_a_stand_in_frees_the_one_who_is_needed_elsewhere():
    steps = (step("one"), step("two", 20, roles=["director"]))
    assert [code for code, _detail in found(*steps)] == ["one_person_two_steps"]


def test_more_signatures_than_members_are_not_enough_people():
    assert found(step("one", needed=3)) == [
        ("not_enough_people", {"steps": ("one",), "needed": 3, "found": 2})
    ]


def test_without_members_numbers_are_not_asked():
    assert found(step("one", roles=["nobody"]), step("two", needed=9)) == [
        ("no_members", {"step": "one", "role": "nobody"})
    ]
    assert found(step("one", roles=[])) == [("no_members", {"step": "one", "role": ""})]


def test_people_known_only_later_are_one_person_each():
    manager, owner = ApproverSource("manager"), ApproverSource("record_field", "owner_id")
    steps = [StepRule(code, code, 10, (source,)) for code, source in (("a", manager), ("b", owner))]
    assert found(*steps) == []
    twice = (steps[0], StepRule("c", "c", 20, (manager,)))
    assert [code for code, _detail in found(*twice)] == [
        "not_enough_people",
        "one_person_two_steps",
    ]


def test_a_named_user_is_the_member_of_that_id():
    assert people_of(ApproverSource("user", "2"), ROLES) == ROLES["director"]
