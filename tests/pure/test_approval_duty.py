# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Segregation of duties: every conflict is told, and nothing takes it away again."""

from dataclasses import replace

import pytest
from hc_approval_core.duty import DUTY_CODES, DutyFacts, refusals
from hypothesis import given
from hypothesis import strategies as st

PEOPLE = st.integers(1, 5)
GROUPS = st.frozensets(PEOPLE, max_size=3)
SETS = (
    "subject_owner_ids",
    "policy_author_ids",
    "decided_ids",
    "related_user_ids",
    "preparer_ids",
    "reviewer_ids",
)
FACTS = st.builds(
    DutyFacts,
    requester_id=PEOPLE,
    **dict.fromkeys(SETS, GROUPS),
    delegator_id=st.none() | PEOPLE,
    delegate_chain=st.lists(PEOPLE, max_size=2).map(tuple),
)
REQUESTER, PERSON, OTHER = 1, 2, 3
PERSON_ONLY = frozenset({PERSON})
OTHER_ONLY = frozenset({OTHER})


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ()),
        ({"requester_id": PERSON}, ("requester",)),
        ({"preparer_ids": PERSON_ONLY}, ("preparer",)),
        ({"subject_owner_ids": PERSON_ONLY}, ("subject_owner",)),
        ({"related_user_ids": PERSON_ONLY}, ("related_person",)),
        ({"policy_author_ids": PERSON_ONLY}, ("author_of_rule",)),
        ({"reviewer_ids": PERSON_ONLY}, ("reviewer",)),
        ({"decided_ids": PERSON_ONLY}, ("decided_already",)),
        ({"decided_ids": OTHER_ONLY}, ()),
        ({"delegator_id": OTHER}, ()),
        (
            {"delegator_id": OTHER, "requester_id": PERSON},
            ("requester", "delegation_to_requester"),
        ),
        (
            {"delegator_id": OTHER, "decided_ids": PERSON_ONLY},
            ("decided_already", "delegation_to_decider"),
        ),
        ({"delegator_id": OTHER, "delegate_chain": (4,)}, ("delegation_chained",)),
        ({"delegator_id": REQUESTER}, ("delegator_excluded",)),
        ({"delegator_id": OTHER, "decided_ids": OTHER_ONLY}, ("delegator_excluded",)),
        ({"delegator_id": OTHER, "related_user_ids": OTHER_ONLY}, ("delegator_excluded",)),
    ],
)
def test_each_conflict_has_its_code(changed, expected):
    assert refusals(PERSON, DutyFacts(**{"requester_id": REQUESTER, **changed})) == expected


def test_the_table_above_covers_every_code():
    rows = test_each_conflict_has_its_code.pytestmark[0].args[1]
    assert {code for _changed, codes in rows for code in codes} == set(DUTY_CODES)


@given(FACTS, PEOPLE, st.sampled_from(SETS), GROUPS)
def test_more_people_with_a_part_in_it_never_lift_a_refusal(facts, person, name, more):
    wider = replace(facts, **{name: getattr(facts, name) | more})
    assert set(refusals(person, facts)) <= set(refusals(person, wider))


@given(FACTS, PEOPLE, PEOPLE)
def test_a_delegation_never_permits_what_either_may_not_do(facts, person, delegator):
    delegated = replace(facts, delegator_id=delegator)
    own = replace(facts, delegator_id=None)
    if refusals(person, own) or refusals(delegator, own):
        assert refusals(person, delegated)


@given(FACTS)
def test_the_requester_is_always_refused(facts):
    assert "requester" in refusals(facts.requester_id, facts)


@given(FACTS, PEOPLE)
def test_reasons_come_in_order_and_once(facts, person):
    found = refusals(person, facts)
    assert list(found) == [code for code in DUTY_CODES if code in found]
