# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Whether the people that a route asks for are there, and enough of them."""

from collections.abc import Iterator, Mapping, Sequence
from heapq import nsmallest

from .policy import ApproverSource, Route, StepRule

# A user, or the one person whom a source will name when a request is there.
Person = int | tuple[str, str]

_PEOPLE_SHOWN = 10


def people_of(
    source: ApproverSource, role_members: Mapping[str, frozenset[int]]
) -> frozenset[Person]:
    """Return who may sign by one source.

    A field of the record and a requester's manager are one person each, known only later: the
    same field is the same person, and nobody else.
    """
    if source.kind == "role":
        return frozenset(role_members.get(source.value, ()))
    if source.kind == "user":
        return frozenset({int(source.value)})
    return frozenset({(source.kind, source.value)})


def fill(needed: Sequence[int], people: Sequence[frozenset[Person]]) -> tuple[int, ...]:
    """Return how many different people each step gets when as many as possible sign in all.

    Each person signs once. A maximum matching between signatures and people, found by
    augmenting paths.

    >>> fill([1, 1], [frozenset({7, 8}), frozenset({7})])
    (1, 1)
    >>> fill([1, 2], [frozenset({7}), frozenset({7, 8})])
    (1, 1)

    :param needed: signatures that each step needs, one or more
    :param people: who may sign each step
    """
    total = sum(needed)
    # A step with people for all signatures of the route is filled whoever signs the others.
    candidates = {
        step: sorted(members, key=repr)
        for step, members in enumerate(people)
        if len(members) < total
    }
    filled = [0 if step in candidates else count for step, count in enumerate(needed)]
    holder: dict[Person, int] = {}
    for step in candidates:
        while filled[step] < needed[step] and _augment(step, candidates, holder):
            filled[step] += 1
    return tuple(filled)


def _augment(
    start: int, candidates: Mapping[int, Sequence[Person]], holder: dict[Person, int]
) -> bool:
    """Give one step a person more, moving others to steps that they may also sign."""
    came_from: dict[int, tuple[int, Person]] = {}
    reached = [start]
    for step in reached:
        for person in candidates[step]:
            other = holder.get(person)
            if other is None:
                _hand_over(start, step, person, came_from, holder)
                return True
            if other != start and other not in came_from:
                came_from[other] = (step, person)
                reached.append(other)
    return False


def _hand_over(
    start: int,
    step: int,
    person: Person,
    came_from: Mapping[int, tuple[int, Person]],
    holder: dict[Person, int],
) -> None:
    holder[person] = step
    while step != start:
        step, person = came_from[step]
        holder[person] = step


def check_staffing(
    route: Route, role_members: Mapping[str, frozenset[int]]
) -> Iterator[tuple[str, str, dict]]:
    """Yield code, severity and detail of what is wrong with the people of a route.

    Whether there are enough people is asked only where every step has somebody.
    """
    people = []
    for step in route.steps:
        sources = [people_of(source, role_members) for source in step.approvers]
        people.append(frozenset().union(*sources))
        yield from _check_members(step, sources)
        for source in step.escalation:
            if not people_of(source, role_members):
                detail = {"step": step.code, "role": source.value}
                yield "no_escalation_members", "warning", detail
    if all(people):
        yield from _check_numbers(route.steps, people)
    yield from _check_repeats(route.steps, people)


def _check_members(
    step: StepRule, sources: Sequence[frozenset[Person]]
) -> Iterator[tuple[str, str, dict]]:
    severity = "warning" if any(sources) else "error"
    if not sources:
        yield "no_members", severity, {"step": step.code, "role": ""}
    for source, members in zip(step.approvers, sources, strict=True):
        if not members:
            yield "no_members", severity, {"step": step.code, "role": source.value}


def _check_numbers(
    steps: Sequence[StepRule], people: Sequence[frozenset[Person]]
) -> Iterator[tuple[str, str, dict]]:
    filled = fill([step.needed for step in steps], people)
    short = tuple(
        step.code for step, count in zip(steps, filled, strict=True) if count < step.needed
    )
    if short:
        needed = sum(step.needed for step in steps)
        yield (
            "not_enough_people",
            "error",
            {"steps": short, "needed": needed, "found": sum(filled)},
        )


def _check_repeats(
    steps: Sequence[StepRule], people: Sequence[frozenset[Person]]
) -> Iterator[tuple[str, str, dict]]:
    seen: set[Person] = set()
    repeated: set[Person] = set()
    for members in people:
        repeated |= seen & members
        seen |= members
    if repeated:
        users = (person for person in repeated if isinstance(person, int))
        pairs = zip(steps, people, strict=True)
        detail = {
            "steps": tuple(step.code for step, members in pairs if members & repeated),
            "people": len(repeated),
            "users": tuple(nsmallest(_PEOPLE_SHOWN, users)),
        }
        yield "one_person_two_steps", "warning", detail
