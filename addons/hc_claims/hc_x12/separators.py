# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The four characters that divide an interchange; its ISA segment announces them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Separators:
    """What divides elements, components and repetitions, and what ends a segment."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    terminator: str = "~"
