# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the owner of a record tells an adviser about it, in small plain pieces."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """What a code of a table means for a field.

    :ivar code: as people know it, such as ``CARC 197``
    :ivar text: its description
    :ivar value: of the field; empty where the table does not say
    """

    code: str
    text: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence about a record, true by the record that it cites.

    :ivar text: in the language of the reader; no name of a person
    :ivar weight: the heaviest is said first
    """

    text: str
    res_model: str
    res_id: int
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Step:
    """Why something would be the next thing to do.

    :ivar value: of the field that names the step
    :ivar points: how much speaks for it
    :ivar reason: in words, with the deadline where there is one
    """

    value: str
    points: int
    reason: str
