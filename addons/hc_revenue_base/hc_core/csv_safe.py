# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""CSV out of the system: a spreadsheet that opens it must find no formula.

A cell whose text begins with ``= + - @``, tab, return or line feed (their full-width
forms too), even after blanks or quotes, is run as a formula by spreadsheet programs. It
gets a leading apostrophe, as OWASP's *CSV Injection* page advises; plain numbers keep
their sign. :func:`restore_cell` undoes exactly that, so a downloaded file can be
corrected and read again.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO
from itertools import chain
from typing import Any

_DANGEROUS = re.compile(r"[\s'\"]*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


def safe_cell(value: Any) -> str:
    """Return the text under which a value may stand in a CSV file.

    >>> safe_cell("=1+1"), safe_cell(" @SUM(A1)"), safe_cell("-12.50")
    ("'=1+1", "' @SUM(A1)", '-12.50')
    >>> safe_cell(None), safe_cell(False), safe_cell(Decimal("1E+2"))
    ('', 'no', '100')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.isoformat()
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    return "'" + text if is_dangerous(text) else text


def restore_cell(text: str) -> str:
    """Return the text that :func:`safe_cell` was given.

    >>> restore_cell("'=1+1"), restore_cell("'s-Hertogenbosch")
    ('=1+1', "'s-Hertogenbosch")
    """
    return text[1:] if text.startswith("'") and is_dangerous(text[1:]) else text


def is_dangerous(text: str) -> bool:
    """Tell whether a spreadsheet could take the text for a formula."""
    return _DANGEROUS.match(text) is not None and _NUMBER.fullmatch(text) is None


def csv_lines(
    header: Sequence[str], rows: Iterable[Sequence[Any]], delimiter: str = ","
) -> Iterator[str]:
    """Yield the lines of a CSV file, one row at a time, each with its line end.

    >>> list(csv_lines(["code", "note"], [["J1100", "=A1"]]))
    ['"code","note"\\r\\n', '"J1100","\\'=A1"\\r\\n']
    """
    buffer = StringIO()
    # Every cell in quotes: a delimiter or line break inside cannot start a new cell.
    writer = csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    for row in chain([header], rows):
        writer.writerow([safe_cell(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
