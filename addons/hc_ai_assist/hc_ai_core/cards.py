# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Cards that tell what a task, or a kind of provider, does and where its limits are.

Headings are the nine source attributes of predictive decision support interventions, 45 CFR
170.315(b)(11)(iv)(B), then the four functions of the NIST AI Risk Management Framework 1.0. This
suite is no certified health IT and advises on bills, not on care: the headings serve as a list of
what people should ask.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .card_texts import PROVIDER_TEXTS, TASK_TEXTS
from .tasks import LOWEST_FLOOR, Task

HEADINGS = (
    "Details and output of the intervention",
    "Purpose of the intervention",
    "Cautioned out-of-scope use of the intervention",
    "Intervention development details and input features",
    "Process used to ensure fairness in development of the intervention",
    "External validation process",
    "Quantitative measures of performance",
    "Ongoing maintenance of intervention implementation and use",
    "Update and continued validation or fairness assessment schedule",
)
FUNCTIONS = ("Govern", "Map", "Measure", "Manage")

_OUT_OF_SCOPE = (
    "No decision about care, eligibility or credit. Advice is about billing work alone.",
    "It approves, posts, sends and changes nothing: a person decides each time.",
)
_NO_TRAITS = (
    "No fact tells race, ethnicity, language, sex, religion or address: facts are codes, counts, "
    "amounts and ages in days, declared by the module of the record. Free texts and files may."
)
_FAIRNESS = (
    _NO_TRAITS,
    "Payer types and amounts may stand for traits of people. Figures are shown by payer, facility "
    "and language, so that unlike treatment is seen.",
)
_EXTERNAL = (
    "None by a third party. `./hc eval` measures the embedded adviser on corpora that are no data "
    "of the office; each office checks it against its own gold cases.",
)
_MEASURES = (
    "Measured in each office: evaluation on gold cases, and accepted, edited, rejected and "
    "abstained advice. The card in the web client holds the latest figures.",
)
_MAINTENANCE = (
    "A Scheduled Action compares advice with what was decided, another watches drift (PSI) and "
    "calibration. An alarm opens a work item.",
)
_SCHEDULE = (
    "Evaluated weekly on gold cases; what was learned is replaced only by what does at least as "
    "well. A new version of a task is never compared with the former one.",
)
_GOVERN = (
    "An administrator sets up a policy for each company and field; a named person answers for "
    "what it reads. Supervisors, operations and administrators may switch it off at once.",
    "Each decision is on the audit log with its reviewer and reason.",
)
_MAP = ("Used in: the review panel of records, and the list of advice to review.",)
_MEASURE = ("Quality dashboard, gold cases, second review of a sample, shadow mode.",)
_MANAGE = (
    "Starts switched off; goes live only from shadow. Kill switch per policy and per provider; "
    "embedded advice stays where a provider fails.",
)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its lines, each a sentence or more."""

    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A card.

    :ivar code: part of its file's name
    """

    code: str
    title: str
    sections: tuple[Section, ...]


def task_card(task: Task) -> Card:
    """The card of a task, from what the registry and ``card_texts`` say.

    :raise KeyError: nothing is written about the task
    """
    text = TASK_TEXTS[task.code]
    floor = max(task.floor, LOWEST_FLOOR)
    chance = (
        "Its confidence is a chance of being right, calibrated on decided records."
        if task.has_chance
        else "Its output has no chance of being right or wrong: a person reads all of it."
    )
    contents = (
        (
            "Developer: the maintainers of hc_ai_assist. No source of funding is declared.",
            f"Task `{task.code}`, version {task.version}. {text.method}",
            f"Output: a proposal for fields of the types {_join(task.field_types)}, "
            "confidence, reasons and evidence, or that it abstains.",
            f"Lowest confidence: {floor:.0%} unless a policy asks for more. {chance}",
        ),
        (text.purpose, f"Users: {text.user}", "Role: it informs; people decide."),
        (*_OUT_OF_SCOPE, *text.limits),
        (text.development, _NO_TRAITS),
        _FAIRNESS,
        _EXTERNAL,
        _MEASURES,
        _MAINTENANCE,
        _SCHEDULE,
    )
    return Card(f"task_{task.code}", f"Task: {task.name}", _sections(contents))


def provider_card(kind: str) -> Card:
    """The card of a kind of provider.

    :param kind: ``embedded`` or a wire format
    :raise KeyError: there is no such kind
    """
    text = PROVIDER_TEXTS[kind]
    contents = (
        (f"Developer: {text.developer}.", text.method, f"Output: {text.role}"),
        ("Answer the tasks of this suite; see their cards.", "Role: it informs; people decide."),
        (*_OUT_OF_SCOPE, *text.limits),
        (text.development, text.data),
        _FAIRNESS,
        _EXTERNAL,
        _MEASURES,
        _MAINTENANCE,
        _SCHEDULE,
    )
    return Card(f"provider_{kind}", f"Provider: {text.name}", _sections(contents))


def all_cards(tasks: Mapping[str, Task]) -> list[Card]:
    """A card for each task and for each kind of provider."""
    return [*map(task_card, tasks.values()), *map(provider_card, PROVIDER_TEXTS)]


def to_markdown(card: Card) -> str:
    """A card as a document.

    >>> to_markdown(Card("x", "Task: X", (Section("Govern", ("Somebody does.",)),)))
    '# Task: X\\n\\n## Govern\\n\\n- Somebody does.\\n'
    """
    parts = [f"# {card.title}\n"]
    for section in card.sections:
        parts.append(f"## {section.heading}\n")
        parts.append("\n".join(f"- {line}" for line in section.lines) + "\n")
    return "\n".join(parts)


def _sections(contents: Sequence[tuple[str, ...]]) -> tuple[Section, ...]:
    functions = zip(FUNCTIONS, (_GOVERN, _MAP, _MEASURE, _MANAGE), strict=True)
    return tuple(
        Section(heading, lines)
        for heading, lines in (*zip(HEADINGS, contents, strict=True), *functions)
    )


def _join(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
