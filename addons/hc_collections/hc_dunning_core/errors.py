# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The one exception of this package."""

from typing import Any, ClassVar


class DunningError(ValueError):
    """A definition, or a question put to one, that has no meaning at all.

    Mistakes that an administrator can make in a form are no errors: ``lint`` finds them.
    ``code`` is stable, ``params`` carries the values for translation at the ORM edge.

    >>> error = DunningError("choice_unknown", what="channel", value="fax", choices="letter, call")
    >>> error.code, str(error)
    ('choice_unknown', "The channel 'fax' is unknown: use one of letter, call.")
    """

    messages: ClassVar[dict[str, str]] = {
        "amount_invalid": "The {what} is {value}: use a Decimal with at most {places} decimals.",
        "amount_negative": "The {what} holds {value}: amounts are zero or more.",
        "amount_not_positive": "The {what} is {value}: use an amount above zero.",
        "choice_unknown": "The {what} {value!r} is unknown: use one of {choices}.",
        "code_repeated": "The {what} {codes} occur more than once: keep one of each code.",
        "currency_differs": "The {what} is in {currency}, expected {expected}.",
        "date_needed": "The {what} {value!r} and its day come together: give both or none.",
        "date_order": "The {what} ends on {last}, before it begins on {first}.",
        "edges_invalid": "The edges {edges} do not ascend from above zero: write for example "
        "30, 60, 90.",
        "end_needed": "A hold of kind {kind} needs the last day on which it holds.",
        "moment_naive": "The moment {value} has no time zone: pass one.",
        "not_empty": "Give at least one {what}.",
        "number_invalid": "The {what} is {value}: use a whole number from {least} to {most}.",
        "parameter_invalid": "The parameter {name} of {evaluator} is {value!r}: {why}.",
        "parameter_unknown": "The evaluator {evaluator} has no parameter {name}: use {choices}.",
        "sum_differs": "The {what} sum to {actual}, expected {expected}.",
        "scope_fixed": "A hold of kind {kind} stops what its kind stops: leave the scope empty.",
    }

    def __init__(self, code: str, **params: Any):
        self.code = code
        self.params = params
        super().__init__(self.messages[code].format(**params))


def check_choice(what: str, value: str, choices: tuple[str, ...] | frozenset[str]) -> None:
    """Refuse what is none of the choices.

    :raises DunningError: ``choice_unknown``
    """
    if value not in choices:
        raise DunningError(
            "choice_unknown", what=what, value=value, choices=", ".join(sorted(choices))
        )


def check_whole(what: str, value: int, least: int = 0, most: int = 10_000) -> None:
    """Refuse what is no whole number within the bounds; the upper one keeps dates in the calendar.

    :raises DunningError: ``number_invalid``
    """
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise DunningError("number_invalid", what=what, value=value, least=least, most=most)
