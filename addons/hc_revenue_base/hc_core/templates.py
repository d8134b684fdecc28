# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Message templates with plain ``{name}`` placeholders and nothing else.

``str.format`` lets a template reach attributes and items of the values it is given
(``{patient.user_id.password}``). Templates here come from data that administrators
edit, so the only construct is a name between braces.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

MAX_VALUE_LENGTH = 200
MAX_LISTED_ITEMS = 20

_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


def render(template: str, values: Mapping[str, Any]) -> str:
    """Replace each ``{name}`` of ``template`` by the readable text of its value.

    A name without a value stays visible as ``{?name}``; everything else between
    braces is left as it stands. Never raises for a bad template.

    >>> render("{code}: {units} units on {day}", {"code": "J1100", "units": 3})
    'J1100: 3 units on {?day}'
    >>> render("{code.__class__} {0} {code[0]}", {"code": "J1100"})
    '{code.__class__} {0} {code[0]}'
    """
    return _PLACEHOLDER.sub(_replacement(values), template)


def readable(value: Any) -> str:
    """Return the short text under which ``value`` appears in a message.

    >>> readable(None), readable(("25", "59")), readable(True)
    ('unknown', '25, 59', 'yes')
    """
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (set, frozenset)):
        value = sorted(value, key=str)
    if isinstance(value, (list, tuple)):
        shown = [readable(item) for item in value[:MAX_LISTED_ITEMS]]
        hidden = len(value) - len(shown)
        text = ", ".join(shown) + (f" and {hidden} more" if hidden else "")
    else:
        text = str(value)
    if len(text) > MAX_VALUE_LENGTH:
        text = text[: MAX_VALUE_LENGTH - 1] + "…"
    return text


def _replacement(values: Mapping[str, Any]) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        name = match[1]
        return readable(values[name]) if name in values else "{?" + name + "}"

    return replace
