# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What a route asks of a request besides its amount."""

from dataclasses import dataclass

from .errors import PolicyError

DIMENSIONS = (
    "payer_type",
    "facility",
    "department",
    "exception_category",
    "account_risk_level",
    "reason_code",
)


def check_choice(what: str, value: str, choices: tuple[str, ...]) -> None:
    """Refuse a value outside a closed set.

    :param what: name of the thing, for the message
    :raises PolicyError: ``choice_unknown``
    """
    if value not in choices:
        raise PolicyError("choice_unknown", what=what, value=value, choices=", ".join(choices))


@dataclass(frozen=True, slots=True)
class Condition:
    """One dimension of the request is, or is not, one of some values.

    A request without a value in the dimension meets only a condition that excludes: "any facility
    but B" holds where no facility is known, "facility B" does not.

    >>> Condition("facility", frozenset({"A", "B"})).matches("B")
    True
    >>> Condition("facility", frozenset({"A", "B"}), excluded=True).matches(None)
    True

    :param dimension: one of ``DIMENSIONS``
    :param excluded: whether the values are those that do not match
    :raises PolicyError: ``choice_unknown`` for another dimension
    """

    dimension: str
    values: frozenset[str]
    excluded: bool = False

    def __post_init__(self):
        check_choice("dimension", self.dimension, DIMENSIONS)

    def matches(self, value: str | None) -> bool:
        """Whether a request with this value meets the condition; ``None`` is no value."""
        return (value in self.values) is not self.excluded
