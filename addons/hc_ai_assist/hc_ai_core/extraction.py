# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Fields of payer letters, remittance advice, authorizations and referrals, by their labels.

A value is a literal piece of the source, with its position, and is read again as what it must be: a
date, an amount, a number with its check digit. Where a label occurs with two different values,
none is given: a person has to look.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .letter_values import AMOUNT_PATTERN, DATE_PATTERN, is_npi, read_amount, read_date
from .untrusted import CleanText

_IDENTIFIER = r"(?=[A-Z0-9-]*\d)[A-Z0-9](?:[A-Z0-9]|-(?=[A-Z0-9])){3,29}"
# Between a label and its value: a colon, a number sign, "is", blanks, the next line at most.
_GAP = r"[ \t]*(?:[:#=.]|\bis\b|\bno\.?)?[ \t]*(?:\n[ \t]*)?"


@dataclass(frozen=True, slots=True)
class LetterField:
    """A field that letters hold.

    :ivar labels: patterns of what stands before the value
    :ivar value: pattern of the value
    :ivar read: makes the typed value of its text; None where it is none
    :ivar is_loose: the label is an ordinary word, so that one place alone says less
    """

    name: str
    labels: str
    value: str
    read: Callable[[str], Any] = str
    is_list: bool = False
    is_loose: bool = False


@dataclass(frozen=True, slots=True)
class Extracted:
    """A value of a letter.

    :ivar value: typed; ``text`` is the literal piece of the source from ``start`` to ``end``
    """

    name: str
    value: Any
    text: str
    start: int
    end: int


def _read_code(text: str) -> str | None:
    return text.upper()


def _read_npi(text: str) -> str | None:
    return text if is_npi(text) else None


_DAYS = r"(\d{1,3})(?= (?:calendar |business |working )?days)"

FIELDS = (
    LetterField(
        "claim_number",
        r"(?:payer )?claim (?:control )?(?:number|no\b\.?|id\b|#)|\bclaim#|\b(?:ICN|DCN)\b",
        _IDENTIFIER,
        _read_code,
    ),
    LetterField(
        "member_id",
        r"(?:member|subscriber|insured|policy|enrollee)(?:'s)?"
        r" (?:id\b|no\b\.?|number|#)(?: number)?"
        r"|\b(?:HICN?|MBI)\b|\bpolicy(?= is )",
        _IDENTIFIER,
        _read_code,
    ),
    LetterField(
        "account_number",
        r"(?:patient )?(?:account|acct\.?)(?: (?:number|no\b\.?|#))?|\bACNT\b"
        r"|patient control (?:number|no\b\.?)",
        _IDENTIFIER,
        _read_code,
    ),
    LetterField(
        "authorization_number",
        r"(?:prior |pre-?)?auth(?:orization)? ?(?:number|no\b\.?|#|id\b)"
        r"|(?:certification|referral) (?:number|no\b\.?|#)",
        _IDENTIFIER,
        _read_code,
    ),
    LetterField(
        "medical_record_number",
        r"\bMRN\b|medical record (?:number|no\b\.?|#)",
        _IDENTIFIER,
        _read_code,
    ),
    LetterField("birth_date", r"date of birth|birth date|\bDOB\b|\bborn", DATE_PATTERN, read_date),
    LetterField(
        "service_date",
        r"dates? of service|service dates?|\bDOS\b|\bserviced? on|\bvisit on",
        DATE_PATTERN,
        read_date,
    ),
    LetterField(
        "letter_date",
        r"(?m:^)[ \t]*(?:letter |notice |mailing )?date(?= ?:)",
        DATE_PATTERN,
        read_date,
    ),
    LetterField(
        "valid_from",
        r"\b(?:valid from|from|effective|starting)",
        DATE_PATTERN,
        read_date,
        is_loose=True,
    ),
    LetterField(
        "valid_through",
        r"\b(?:valid to|through|thru|until|expires(?: on)?)",
        DATE_PATTERN,
        read_date,
        is_loose=True,
    ),
    LetterField(
        "billed_amount",
        r"(?:amount billed|billed (?:amount|charges?)|total charges?|charge amount)",
        AMOUNT_PATTERN,
        read_amount,
    ),
    LetterField(
        "paid_amount",
        r"(?:amount paid|paid amount|net paid|payment amount)",
        AMOUNT_PATTERN,
        read_amount,
    ),
    LetterField(
        "allowed_amount", r"(?:allowed amount|amount allowed)", AMOUNT_PATTERN, read_amount
    ),
    LetterField(
        "denial_code",
        r"\b(?:CARC|(?:denial|adjustment) (?:reason )?code)",
        r"[A-Z]?\d{1,3}\b",
        _read_code,
        is_list=True,
    ),
    LetterField(
        "remark_code", r"\b(?:RARC|REM|remark codes?)\b", r"(?:MA|[NM])\d{1,3}\b", _read_code, True
    ),
    LetterField(
        "procedure_code",
        r"\b(?:CPT|HCPCS|procedure code)(?: code)?",
        r"(?:[A-Z]\d{4}|\d{4}[0-9A-Z])\b",
        _read_code,
        is_list=True,
    ),
    LetterField(
        "appeal_days",
        r"\byou have|\bappeal (?:this decision )?within|\bwithin",
        _DAYS,
        int,
        is_loose=True,
    ),
    LetterField(
        "approved_units",
        r"\bappro(?:ves?|ved)(?: for)?",
        r"(\d{1,4})(?= (?:visits?|units?|days?|sessions?|hours?)\b)",
        int,
        is_loose=True,
    ),
    LetterField("provider_npi", r"\bNPI\b", r"\d{10}\b", _read_npi, is_list=True),
    LetterField("payer_id", r"\bpayer id\b", r"[A-Z0-9]{4,10}\b", _read_code),
    # The day itself is still in time; "before" a day would be another one, and is not taken.
    LetterField(
        "reply_deadline",
        r"\b(?:appeals?|reply|respond|response|reconsideration)\b[a-z ]{0,40}?"
        r"\b(?:by|no later than|until|deadline|due(?: date| on)?)(?: is)?",
        DATE_PATTERN,
        read_date,
    ),
    # "Your reference" in a payer's letter is the office's own.
    LetterField(
        "reference_number",
        r"(?<!your )\b(?:reference|ref\.)(?: (?:number|no\b\.?|#|id\b))?",
        _IDENTIFIER,
        _read_code,
    ),
)
LOOSE_FIELDS = frozenset(field.name for field in FIELDS if field.is_loose)
_COMPILED = tuple(
    (field, re.compile(f"(?:{field.labels}){_GAP}(?P<value>{field.value})", re.IGNORECASE))
    for field in FIELDS
)


def find_values(letter: CleanText, name: str) -> list[Extracted]:
    """All values of one field, at each place where its label stands, in the order of the letter.

    :param name: of one of ``FIELDS``
    """
    return [
        value
        for field, pattern in _COMPILED
        if field.name == name
        for match in pattern.finditer(letter.text)
        if (value := _take(field, match, letter))
    ]


def read_piece(text: str, start: int, end: int, name: str) -> Any:
    """A piece of a text that somebody else pointed at, as the value that it must be.

    :param name: of one of ``FIELDS``
    :return: the typed value; None where the piece is none, or only a part of one

    >>> read_piece("Number A1234567 of May", 7, 15, "claim_number")
    'A1234567'
    >>> read_piece("Number A1234567 of May", 7, 12, "claim_number") is None
    True
    """
    for field in FIELDS:
        if field.name == name:
            match = re.compile(field.value, re.IGNORECASE).match(text, start)
            return field.read(text[start:end]) if match and match.end() == end else None
    return None


def extract(letter: CleanText) -> dict[str, list[Extracted]]:
    """Values by field, in the order of the letter; a field of one value has one or none."""
    found: dict[str, list[Extracted]] = {}
    for field in FIELDS:
        distinct = {each.value: each for each in reversed(find_values(letter, field.name))}
        if not distinct or (len(distinct) > 1 and not field.is_list):
            continue
        found[field.name] = sorted(distinct.values(), key=lambda value: value.start)
    return found


def _take(field: LetterField, match: re.Match, letter: CleanText) -> Extracted | None:
    start, end = match.span("value")
    text = letter.text[start:end].strip()
    start = letter.text.index(text, start)
    span = letter.source_span(start, start + len(text))
    value = field.read(text)
    if span is None or value is None:
        return None
    return Extracted(field.name, value, text, *span)
