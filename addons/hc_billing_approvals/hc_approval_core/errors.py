# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The one exception of this package."""

from typing import Any, ClassVar


class PolicyError(ValueError):
    """A policy, or a question put to one, that has no meaning at all.

    Mistakes that an administrator can make in a form are no errors: ``lint`` finds them. ``code``
    is stable, ``params`` carries the values for translation at the ORM edge.

    >>> error = PolicyError("choice_unknown", what="dimension", value="colour", choices="facility")
    >>> error.code, str(error)
    ('choice_unknown', "The dimension 'colour' is unknown: use one of facility.")
    """

    messages: ClassVar[dict[str, str]] = {
        "amount_invalid": "The {what} is {value}: use a Decimal of zero or more.",
        "choice_unknown": "The {what} {value!r} is unknown: use one of {choices}.",
        "number_not_positive": "The {what} is {value}: use a number above zero.",
        "route_code_repeated": "The routes {codes} occur more than once: keep one of each code.",
        "user_invalid": "The approver {value!r} is no user: give the user's id in digits.",
    }

    def __init__(self, code: str, **params: Any):
        self.code = code
        self.params = params
        super().__init__(self.messages[code].format(**params))
