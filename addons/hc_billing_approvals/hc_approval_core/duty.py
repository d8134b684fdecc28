# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Segregation of duties: why a person may not decide a request."""

from dataclasses import dataclass

# In the order in which they are told.
DUTY_CODES = (
    "requester",
    "preparer",
    "subject_owner",
    "related_person",
    "author_of_rule",
    "reviewer",
    "decided_already",
    "delegation_to_requester",
    "delegation_to_decider",
    "delegation_chained",
    "delegator_excluded",
)


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """The people around a request, as user ids.

    :param subject_owner_ids: those whose own work is judged: collector, owner of a disputed charge
    :param policy_author_ids: who wrote or submitted the policy version that routes the request
    :param decided_ids: who decided any step of this round
    :param related_user_ids: users who are the patient or belong to the family
    :param preparer_ids: who prepared the act, such as the entries of a refund
    :param reviewer_ids: who judged a break-glass grant of the request
    :param delegator_id: in whose name the person would decide; ``None`` for the person's own
    :param delegate_chain: people from whom the delegator in turn holds the right
    """

    requester_id: int
    subject_owner_ids: frozenset[int] = frozenset()
    policy_author_ids: frozenset[int] = frozenset()
    decided_ids: frozenset[int] = frozenset()
    related_user_ids: frozenset[int] = frozenset()
    preparer_ids: frozenset[int] = frozenset()
    reviewer_ids: frozenset[int] = frozenset()
    delegator_id: int | None = None
    delegate_chain: tuple[int, ...] = ()


def refusals(person_id: int, facts: DutyFacts) -> tuple[str, ...]:
    """Return every reason why the person may not decide; empty where nothing speaks against it.

    No role changes the answer. Who stands in for somebody may decide only what both may. Asked
    of the payer of a refund, with its approvers in ``decided_ids``, it keeps preparer, approver
    and payer three people.

    >>> refusals(7, DutyFacts(requester_id=7, decided_ids=frozenset({9})))
    ('requester',)
    >>> refusals(8, DutyFacts(requester_id=7, decided_ids=frozenset({9}), delegator_id=9))
    ('delegator_excluded',)

    :return: codes among ``DUTY_CODES``, in that order
    """
    own = _own_refusals(person_id, facts)
    delegator_id = facts.delegator_id
    if delegator_id is None:
        return tuple(code for code in DUTY_CODES if code in own)
    applies = {
        "delegation_to_requester": "requester" in own,
        "delegation_to_decider": "decided_already" in own,
        "delegation_chained": bool(facts.delegate_chain),
        "delegator_excluded": bool(_own_refusals(delegator_id, facts)),
    }
    return tuple(code for code in DUTY_CODES if code in own or applies.get(code))


def _own_refusals(person_id: int, facts: DutyFacts) -> set[str]:
    applies = {
        "requester": person_id == facts.requester_id,
        "preparer": person_id in facts.preparer_ids,
        "subject_owner": person_id in facts.subject_owner_ids,
        "related_person": person_id in facts.related_user_ids,
        "author_of_rule": person_id in facts.policy_author_ids,
        "reviewer": person_id in facts.reviewer_ids,
        "decided_already": person_id in facts.decided_ids,
    }
    return {code for code, is_true in applies.items() if is_true}
