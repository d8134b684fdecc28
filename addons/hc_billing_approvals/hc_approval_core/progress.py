# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Which steps of a request are done, which are open, and what comes next."""

from collections.abc import Iterable
from dataclasses import dataclass

from .policy import StepRule

WAITING = "waiting"
APPROVED = "approved"
REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class StepState:
    """A step and who decided it.

    :param approvals: ids of the users who approved, in the order of their decisions
    :param rejections: ids of the users who rejected
    """

    rule: StepRule
    approvals: tuple[int, ...] = ()
    rejections: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a request stands.

    :param state: ``waiting``, ``approved`` or ``rejected``
    :param done_steps: steps with all their signatures
    :param open_steps: steps that wait for a decision now
    :param next_steps: steps that open when the open ones are done
    """

    state: str
    done_steps: tuple[StepRule, ...]
    open_steps: tuple[StepRule, ...] = ()
    next_steps: tuple[StepRule, ...] = ()


def progress_of(states: Iterable[StepState]) -> Progress:
    """Judge the steps of one request, given in any order.

    One rejection rejects. A person's signature counts once in the whole request, in the first
    step that needs it; so nobody fills two steps, whatever was recorded. Without steps the
    request is approved: its rule allows it.
    """
    ordered = sorted(states, key=lambda state: (state.rule.sequence, state.rule.code))
    done_steps, missing = _split(ordered)
    if any(state.rejections for state in ordered):
        return Progress(REJECTED, done_steps)
    if not missing:
        return Progress(APPROVED, done_steps)
    open_steps = tuple(rule for rule in missing if rule.sequence == missing[0].sequence)
    later = missing[len(open_steps) :]
    next_steps = tuple(rule for rule in later if rule.sequence == later[0].sequence)
    return Progress(WAITING, done_steps, open_steps, next_steps)


def _split(ordered: list[StepState]) -> tuple[tuple[StepRule, ...], tuple[StepRule, ...]]:
    """Return the steps with all their signatures, and those that lack some."""
    done, missing = [], []
    counted: set[int] = set()
    for state in ordered:
        signers = [user for user in dict.fromkeys(state.approvals) if user not in counted]
        counted.update(signers[: state.rule.needed])
        (missing if len(signers) < state.rule.needed else done).append(state.rule)
    return tuple(done), tuple(missing)
