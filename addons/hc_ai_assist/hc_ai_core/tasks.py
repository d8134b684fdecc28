# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What is asked of an adviser: tasks, each with a version, the shape of its answer, its limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# A proposal below this confidence is not shown, whatever the policy says.
LOWEST_FLOOR = 0.5
MAX_REASONS = 5


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of advice.

    :ivar version: raised when instructions or schema change: answers of two versions are never
        compared
    :ivar instructions: what an endpoint is asked; ``{field}`` is the label of the field
    :ivar floor: confidence below which it abstains, unless a policy asks for more
    :ivar field_types: types of ``ReviewField`` that it proposes for
    :ivar is_named_only: proposes only for fields that name it
    :ivar has_chance: its confidence is a chance of being right; words and points have none
    """

    code: str
    version: int
    name: str
    instructions: str
    floor: float
    field_types: tuple[str, ...]
    is_named_only: bool = False
    has_chance: bool = True

    @property
    def writes_text(self) -> bool:
        """Whether its values are words of people, rather than one of some choices."""
        return "text" in self.field_types

    def answer_schema(self, choices: Sequence[str]) -> dict[str, Any]:
        """JSON Schema of an answer, closed over the given choices and abstaining.

        :param choices: what may be proposed; for a text empty
        """
        value: dict[str, Any] = {"type": ["string", "null"], "maxLength": 4000}
        if choices:
            value = {"type": ["string", "null"], "enum": [*choices, None]}
        return {
            "type": "object",
            "required": ["value", "confidence", "reasons"],
            "properties": {
                "value": value,
                "confidence": {"type": "number", "minimum": 0, "maximum": 1},
                "reasons": {
                    "type": "array",
                    "maxItems": MAX_REASONS,
                    "items": {"type": "string", "maxLength": 200},
                },
            },
        }


TASKS: Mapping[str, Task] = {
    task.code: task
    for task in (
        Task(
            "choose",
            1,
            "Choose a value",
            "Propose the value of “{field}” that the facts suggest. Give null where they do not.",
            0.7,
            ("choice", "record"),
        ),
        Task(
            "extract",
            1,
            "Read from documents",
            "Copy “{field}” from the document, letter by letter. Give null where it is not there,"
            " or where two different values are.",
            0.75,
            ("text", "date", "decimal", "integer", "choice"),
            is_named_only=True,
        ),
        Task(
            "prioritise",
            1,
            "Set a priority, with reasons",
            "Propose how urgent “{field}” says that the record is. Give the reasons.",
            0.55,
            ("choice",),
            is_named_only=True,
        ),
        Task(
            "classify",
            1,
            "Classify by codes or wording",
            "Propose the value of “{field}” that the codes or the payer's wording mean.",
            0.6,
            ("choice",),
            is_named_only=True,
        ),
        Task(
            "draft",
            1,
            "Draft a text",
            "Draft “{field}” from the facts alone. Add no fact, no address and no promise.",
            0.5,
            ("text",),
            is_named_only=True,
            has_chance=False,
        ),
        Task(
            "summarise",
            1,
            "Summarise with citations",
            "Say in short what the statements say. Add nothing to them.",
            0.5,
            ("text",),
            is_named_only=True,
            has_chance=False,
        ),
        Task(
            "next_step",
            1,
            "Next step by points",
            "Propose the step that the reasons speak for.",
            0.55,
            ("choice",),
            is_named_only=True,
            has_chance=False,
        ),
        Task(
            "anomaly",
            1,
            "Tell amounts that stand out",
            "Say why the amount stands out. Give null where it does not.",
            0.5,
            ("decimal",),
            is_named_only=True,
        ),
        Task(
            "foresee_denial",
            1,
            "Foresee the payer's first answer",
            "Say whether the payer is likely to pay or to deny. Give null where the facts tell "
            "neither.",
            0.6,
            ("choice",),
            is_named_only=True,
        ),
        Task(
            "missing",
            1,
            "Likely missing",
            "List what is missing or is likely to be. Add nothing to the statements.",
            0.5,
            ("text",),
            is_named_only=True,
            has_chance=False,
        ),
    )
}


def find_task(field_type: str, code: str = "") -> Task | None:
    """The task that proposes values for a field; None where there is none.

    :param field_type: of its ``ReviewField``
    :param code: the task that the field itself names; empty: the one that suits its type
    """
    fitting = (task for task in TASKS.values() if field_type in task.field_types)
    if code:
        return next((task for task in fitting if task.code == code), None)
    return next((task for task in fitting if not task.is_named_only), None)
