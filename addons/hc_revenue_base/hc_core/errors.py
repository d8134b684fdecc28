# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The one exception hierarchy of the pure packages.

A caller tests the class or the stable ``code``; a person reads ``message``, which says
what is wrong, where, and what to do. ``params`` carries the values for translation at
the ORM edge.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from .templates import readable, render


class HcError(Exception):
    """A refusal with a stable code.

    Subclasses list their codes in ``messages``: code to a template whose plain
    ``{name}`` placeholders are filled from the parameters.

    >>> class DoorError(HcError):
    ...     messages = {"door_closed": "The {door} door is closed: open it first."}
    >>> error = DoorError("door_closed", door="north")
    >>> error.code, error.message
    ('door_closed', 'The north door is closed: open it first.')
    >>> HcError("out_of_paper", tray=2).message
    'out_of_paper (tray: 2)'
    """

    messages: ClassVar[Mapping[str, str]] = {}

    def __init__(self, code: str, **params: Any):
        self.code = code
        self.params = params
        super().__init__(code, params)

    @property
    def message(self) -> str:
        """What is wrong, where, and what to do, in one sentence or two."""
        template = self.messages.get(self.code)
        if template is not None:
            return render(template, self.params)
        listed = ", ".join(f"{name}: {readable(value)}" for name, value in self.params.items())
        return f"{self.code} ({listed})" if listed else self.code

    def __str__(self) -> str:
        return self.message


class AmountError(HcError):
    """An amount cannot be represented or split as asked."""

    messages = {
        "amount_not_finite": "The amount {value} is not a number: correct its source.",
        "amount_too_large": (
            "The amount {value} is beyond {limit}, where a float no longer holds "
            "every cent: correct its source or pass a Decimal."
        ),
        "amount_too_precise": (
            "The amount {value} has more than {decimal_places} decimals: round it "
            "before splitting it."
        ),
        "weight_negative": ("Weight number {position} is {value}: weights must be zero or more."),
        "weights_all_zero": "All weights are zero: nothing says who gets {value}.",
    }


class FactError(HcError):
    """A value cannot be brought into its canonical text."""

    messages = {
        "fact_type_unsupported": (
            "The value of {name} is a {type}: facts are booleans, integers, "
            "Decimals, dates, texts and lists of these."
        ),
    }


class PatternError(HcError):
    """A regular expression from data is malformed or could run for too long."""

    messages = {
        "pattern_too_long": ("The pattern has {length} characters, more than {limit}: shorten it."),
        "pattern_syntax": "The pattern is wrong at position {position}: {reason}.",
        "pattern_too_costly": (
            "The pattern can be matched in too many ways: it may hold at most two "
            "open repetitions (* or +) and no repetition inside another one."
        ),
        "subject_too_long": (
            "The value has {length} characters, more than the {limit} a pattern is tried on."
        ),
    }


class RuleError(HcError):
    """One rule, or one condition of it, cannot be compiled."""

    messages = {
        "rule_code_invalid": (
            "Rule code {rule}: use letters, digits, dots, dashes and underscores, "
            "at most 64 characters."
        ),
        "rule_severity_unknown": ("Rule {rule}: severity {severity} is none of {choices}."),
        "rule_requires_nothing": (
            "Rule {rule} requires nothing, so it can never fail: add a requirement."
        ),
        "fact_unknown": (
            "Rule {rule}, condition {condition}: there is no fact named {fact}. {suggestion}"
        ),
        "operator_unknown": (
            "Rule {rule}, condition {condition}: there is no operator {operator}. "
            "Known are {choices}."
        ),
        "operator_not_for_type": (
            "Rule {rule}, condition {condition}: {operator} does not work on {fact}, "
            "which is of type {type}. Use one of {choices}."
        ),
        "value_not_expected": (
            "Rule {rule}, condition {condition}: {operator} takes no value, but "
            "{value} was given: clear it."
        ),
        "value_invalid": (
            "Rule {rule}, condition {condition}: the value {value} does not fit: {reason}."
        ),
    }


class RuleSetError(HcError):
    """A rule set cannot be compiled; ``params["problems"]`` lists the messages."""

    messages = {
        "rule_set_empty": ("The rule set holds no rule: with nothing to check, nothing is ready."),
        "rule_set_invalid": "{count} rules cannot be used: {problems}",
        "rule_code_repeated": (
            "The rule codes {codes} occur more than once: keep one rule per code."
        ),
        "fact_name_repeated": (
            "The facts {names} are registered more than once: keep one of each."
        ),
    }


def in_words(code: str) -> str:
    """A stable code as a list shows it, where there is no room for the message.

    Args:
        code: of an error, or empty.

    Returns:
        The words of the code.

    >>> in_words("connection_failed")
    'Connection failed'
    >>> in_words("")
    ''
    """
    return code.replace("_", " ").capitalize()
