# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Scores with reasons: points for facts, weights as data.

A factor gives its points when its condition is true; a condition that compares an unknown fact
gives none, and the score says that it is unknown. The total is clipped to the card's bounds. The
same facts give the same score and the same reasons, whatever the order of the factors.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .canonical import canonical_digest
from .errors import HcError
from .facts import FactSpec
from .operators import OPERATORS, Register, Test, operators_for
from .rules import Condition
from .templates import render


class ScoreError(HcError):
    """A score card cannot be compiled; ``params["problems"]`` lists what is wrong."""

    messages = {
        "card_empty": "The score card holds no factor: nothing could be scored.",
        "card_invalid": "{count} factors of the score card cannot be used: {problems}",
        "bounds_invalid": "The score's lowest value {minimum} is not below its highest {maximum}.",
    }


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing that counts.

    :param name: stable code of the factor
    :param condition: when it counts
    :param points: how much, below zero where it lowers the score
    :param reason: what to tell people; ``{fact_name}`` placeholders
    """

    name: str
    condition: Condition
    points: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A factor that counted: its points and its text, which may hold values of facts."""

    name: str
    points: int
    text: str


@dataclass(frozen=True, slots=True)
class Score:
    """The clipped total, the reasons for it, and the factors that nobody could judge.

    Reasons are ordered by weight, the heaviest first, and by name where they weigh the same.
    """

    total: int
    reasons: tuple[Reason, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """Compiled factors, ready to score any number of records.

    :param digest: identifies the content: equal factors and bounds, equal digest
    """

    minimum: int
    maximum: int
    digest: str
    _factors: tuple[tuple[Factor, Test], ...]

    @classmethod
    def compile(
        cls,
        factors: Iterable[Factor],
        facts: Register,
        *,
        minimum: int = 0,
        maximum: int = 100,
    ) -> "ScoreCard":
        """Compile factors against the register of facts.

        :raises ScoreError: ``card_empty``, ``bounds_invalid`` or ``card_invalid`` with all
            problems at once
        """
        if minimum >= maximum:
            raise ScoreError("bounds_invalid", minimum=minimum, maximum=maximum)
        ordered = sorted(factors, key=lambda factor: (-abs(factor.points), factor.name))
        if not ordered:
            raise ScoreError("card_empty")
        names = [factor.name for factor in ordered]
        problems = [f"{name} occurs twice" for name in sorted(set(names)) if names.count(name) > 1]
        compiled = []
        for factor in ordered:
            try:
                compiled.append((factor, _compile_condition(factor.condition, facts)))
            except (ValueError, HcError) as error:
                problems.append(f"{factor.name}: {error}")
        if problems:
            raise ScoreError("card_invalid", count=len(problems), problems=tuple(problems))
        content = {
            factor.name: (str(factor.condition), factor.points, factor.reason) for factor in ordered
        }
        content["(bounds)"] = (minimum, maximum)
        return cls(minimum, maximum, canonical_digest(content), tuple(compiled))

    def score(self, facts: Mapping[str, Any]) -> Score:
        """Score one record.

        :param facts: values by fact name; a fact that is absent or of another type than its
            register says is unknown
        """
        values = _Known(facts)
        reasons, unknown = [], []
        for factor, test in self._factors:
            verdict = _judge(test, values)
            if verdict is None:
                unknown.append(factor.name)
            elif verdict:
                text = render(factor.reason, values)
                reasons.append(Reason(factor.name, factor.points, text))
        total = sum(reason.points for reason in reasons)
        clipped = min(max(total, self.minimum), self.maximum)
        return Score(clipped, tuple(reasons), tuple(sorted(unknown)))


class _Known(dict):
    """Facts by name, unknown where they are absent."""

    def __missing__(self, _name: str) -> None:
        return None


def _judge(test: Test, values: Mapping[str, Any]) -> bool | None:
    try:
        return test(values)
    except (TypeError, ValueError, ArithmeticError, AttributeError, HcError):
        return None


def _compile_condition(condition: Condition, facts: Register) -> Test:
    spec: FactSpec | None = facts.get(condition.fact)
    if spec is None:
        raise ValueError(f"there is no fact named {condition.fact}")
    operator = OPERATORS.get(condition.operator)
    if operator is None or spec.type not in operator.fact_types:
        choices = ", ".join(operators_for(spec.type))
        raise ValueError(f"{condition.operator} does not work on {spec.name}; use one of {choices}")
    if condition.value and not operator.takes_value:
        raise ValueError(f"{condition.operator} takes no value")
    return operator.build(spec, condition.value, facts)[0]
