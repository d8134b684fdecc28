# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Progress of a request: steps open in order, and a signature counts once."""

import pytest
from approval_policies import step
from hc_approval_core.progress import StepState, progress_of
from hypothesis import given
from hypothesis import strategies as st

LEAD = step("lead", 10)
PANEL = step("panel", 20, needed=2)
CODER = step("coder", 20)
OFFICER = step("officer", 30)


@st.composite
def requests(draw):
    """Steps in some order with approvals by few people, so that they repeat themselves."""
    count = draw(st.integers(1, 4))
    people = st.lists(st.integers(1, 6), max_size=4).map(tuple)
    rules = [step(f"s{n}", draw(st.integers(0, 2)), draw(st.integers(1, 2))) for n in range(count)]
    return [StepState(rule, draw(people)) for rule in rules]


def told(*states):
    found = progress_of(states)
    names = [
        [rule.code for rule in rules]
        for rules in (found.done_steps, found.open_steps, found.next_steps)
    ]
    return (found.state, *names)


@pytest.mark.parametrize(
    ("lead", "panel", "coder", "officer", "expected"),
    [
        ((), (), (), (), ("waiting", [], ["lead"], ["coder", "panel"])),
        ((1,), (), (), (), ("waiting", ["lead"], ["coder", "panel"], ["officer"])),
        ((1,), (2,), (3,), (), ("waiting", ["lead", "coder"], ["panel"], ["officer"])),
        ((1,), (2, 2), (3,), (), ("waiting", ["lead", "coder"], ["panel"], ["officer"])),
        ((1,), (2, 1), (3,), (), ("waiting", ["lead", "coder"], ["panel"], ["officer"])),
        ((1,), (2, 4), (3,), (), ("waiting", ["lead", "coder", "panel"], ["officer"], [])),
        ((1,), (2, 4), (3,), (5,), ("approved", ["lead", "coder", "panel", "officer"], [], [])),
    ],
)
def test_steps_open_one_sequence_after_the_other(lead, panel, coder, officer, expected):
    states = zip((OFFICER, PANEL, CODER, LEAD), (officer, panel, coder, lead), strict=True)
    assert told(*(StepState(rule, approvals) for rule, approvals in states)) == expected


def test_a_signature_that_a_step_does_not_need_counts_in_a_later_one():
    assert told(StepState(LEAD, (1, 2)), StepState(OFFICER, (2,)))[0] == "approved"


def test_no_steps_are_approved():
    assert told() == ("approved", [], [], [])


@given(requests(), st.data())
def test_one_rejection_rejects(states, data):
    position = data.draw(st.integers(0, len(states) - 1))
    states[position] = StepState(states[position].rule, states[position].approvals, (9,))
    found = progress_of(states)
    assert (found.state, found.open_steps, found.next_steps) == ("rejected", (), ())


@given(requests(), st.randoms())
def test_the_order_of_steps_does_not_matter(states, random):
    shuffled = list(states)
    random.shuffle(shuffled)
    assert progress_of(states) == progress_of(shuffled)


@given(requests())
def test_approval_takes_as_many_people_as_signatures(states):
    found = progress_of(states)
    if found.state == "approved":
        people = {user for state in states for user in state.approvals}
        assert len(people) >= sum(state.rule.needed for state in states)
    else:
        [now] = {rule.sequence for rule in found.open_steps}
        assert all(rule.sequence > now for rule in found.next_steps)
        left = [state.rule for state in states if state.rule not in found.done_steps]
        assert now == min(rule.sequence for rule in left)


@given(requests(), st.integers(1, 9), st.data())
def test_another_approval_never_takes_the_request_back(states, user, data):
    before = progress_of(states)
    position = data.draw(st.integers(0, len(states) - 1))
    more = StepState(states[position].rule, (*states[position].approvals, user))
    after = progress_of([*states[:position], more, *states[position + 1 :]])
    if before.state == "approved":
        assert after == before


@given(requests())
def test_different_people_at_the_open_steps_bring_it_home(states):
    states = [StepState(state.rule) for state in states]
    signatures, people = 0, iter(range(1, 99))
    while (found := progress_of(states)).state == "waiting":
        position = next(n for n, each in enumerate(states) if each.rule in found.open_steps)
        state = states[position]
        states[position] = StepState(state.rule, (*state.approvals, next(people)))
        signatures += 1
    assert found.state == "approved"
    assert signatures == sum(state.rule.needed for state in states)


def test_a_step_written_twice_is_signed_twice():
    assert told(StepState(LEAD, (1,)), StepState(LEAD))[0] == "waiting"
