# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the cards say about each task and each kind of provider, beyond what the code declares."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TaskText:
    """What people should know of a task before they rely on it.

    :ivar method: how the embedded adviser works
    :ivar purpose: what the advice is for
    :ivar user: who reads it
    :ivar development: what it was built or learned from
    :ivar limits: where it is known to be wrong or silent
    """

    method: str
    purpose: str
    user: str
    development: str
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProviderText:
    """What people should know of a kind of provider.

    :ivar role: what its answer may change
    :ivar limits: where it is known to be wrong or silent
    """

    name: str
    developer: str
    method: str
    role: str
    development: str
    data: str
    limits: tuple[str, ...]


_LEARNED = (
    "Learned from the decided records of this office, on this machine. A newly learned model "
    "replaces the former one only where it does at least as well on the latest records, which "
    "it has not seen."
)
_NOTHING_LEARNED = "Nothing is learned: tables, rules and templates that people can read."
_REPEATS = "It repeats the habits of past decisions, the wrong ones included."
_SILENT = "It abstains until enough records were decided."

TASK_TEXTS: Mapping[str, TaskText] = {
    "choose": TaskText(
        "Logistic regression over the facts of the record.",
        "Propose a value that people would choose for similar records, such as a queue.",
        "People who may set the field by hand.",
        _LEARNED,
        (_SILENT, _REPEATS, "A value that was seldom chosen is not proposed."),
    ),
    "extract": TaskText(
        "Labels in the text of attached files; text on pictures is recognised by Tesseract where "
        "it is installed. A value is a literal piece of the file, with its place.",
        "Copy a number, date or amount from a letter into its field.",
        "Clerks and specialists who have the letter before them.",
        _NOTHING_LEARNED,
        (
            "Labels are in English.",
            "Two different values are a conflict: none is proposed.",
            "Handwriting and poor scans are not read, or read wrongly: compare the place.",
        ),
    ),
    "prioritise": TaskText(
        "Points with reasons; a learned model in their place once it did better.",
        "Propose in which order open work is done.",
        "Collectors, clerks and team leads.",
        "Points are declared by the module of the record. " + _LEARNED,
        ("Points are no chance of being right.", _REPEATS),
    ),
    "classify": TaskText(
        "A look-up of codes; a payer's own words go to the nearest text of the code table, "
        "by TF-IDF of characters.",
        "Propose the category that codes or words mean.",
        "Denial specialists.",
        "The code tables of the suite. " + _NOTHING_LEARNED,
        (
            "A code that is in no table is not classified.",
            "Words in other languages than English are seldom recognised.",
        ),
    ),
    "draft": TaskText(
        "A template of the record's own module, filled with facts of the record.",
        "A first version of a text that a person edits. Nothing is sent.",
        "People who may write and send the text by hand.",
        _NOTHING_LEARNED,
        (
            "It tells facts of the record and does not argue.",
            "Where the record is wrong, so is the draft.",
        ),
    ),
    "summarise": TaskText(
        "Sentences of the record's own module, by weight, each citing its record.",
        "Tell in short what a record comes to.",
        "Collectors, specialists and team leads.",
        _NOTHING_LEARNED,
        (
            "Records that the reader may not see are left out.",
            "At most twelve sentences: what weighs less is missing.",
        ),
    ),
    "next_step": TaskText(
        "Points for each step that is admitted, with its deadline.",
        "Propose what to do next, and by when.",
        "Denial specialists and clerks.",
        _NOTHING_LEARNED,
        ("Points are no chance of being right.", "Contracts and habits of a payer are not known."),
    ),
    "anomaly": TaskText(
        "Arithmetic slips first; then the distance from the usual amount of the same payer and "
        "band of charges (robust z).",
        "Tell amounts that a person should look at.",
        "Billers, posters and supervisors.",
        "Compared with recent amounts of the same office.",
        (
            "What is wrong everywhere does not stand out.",
            "An unusual amount may be right: most are.",
        ),
    ),
    "foresee_denial": TaskText(
        "Logistic regression over facts that are the same before billing and after the answer.",
        "Warn before billing that a payer is likely to deny. It never holds a case.",
        "Billers who check readiness.",
        _LEARNED,
        (_SILENT, "New rules of a payer are learned only after its answers came."),
    ),
    "missing": TaskText(
        "Rules of the record's own module, and what similar records lacked.",
        "List fields and documents that are missing or likely to be.",
        "Clerks who complete a case.",
        _NOTHING_LEARNED,
        ("Documents that are needed for the first time are not listed.",),
    ),
}

_ENDPOINT_ROLE = (
    "A second opinion, asked later by a job. Agreement changes nothing, disagreement lowers "
    "confidence; only where there is no own advice does a sure opinion stand alone. An answer "
    "that is late, malformed or unfounded is dropped, and own advice stands."
)
_ENDPOINT_DATA = (
    "Facts by allow-list, with the rights of the person who asks. Free text only to this "
    "office's own network or under an agreement in force, and then masked; each run records "
    "what was masked."
)
_ENDPOINT_LIMITS = (
    "A language model may be wrong and sure of it; its confidence is calibrated by nobody.",
    "A text may try to instruct the model: its answer is checked as if it had succeeded.",
    "Masking takes out what the record knows and what has a known form; it is no "
    "de-identification.",
)
_ENDPOINT_DEVELOPMENT = (
    "By the maker of the model that the provider names: ask there. This suite trains none and "
    "sends nothing for training."
)

PROVIDER_TEXTS: Mapping[str, ProviderText] = {
    "embedded": ProviderText(
        "Embedded",
        "The maintainers of hc_ai_assist",
        "Tables, rules, templates and small models of the standard library, on this machine.",
        "Gives all advice that people see first.",
        "See the card of each task.",
        "Nothing leaves this machine.",
        ("It knows this office and the tables of the suite, and nothing else.",),
    ),
    "chat_completions": ProviderText(
        "Chat completions (OpenAI-compatible)",
        "Whoever made the model and runs the server: the provider's record names both",
        "A language model behind an address that an administrator set up and a second activated.",
        _ENDPOINT_ROLE,
        _ENDPOINT_DEVELOPMENT,
        _ENDPOINT_DATA,
        _ENDPOINT_LIMITS,
    ),
    "messages": ProviderText(
        "Messages (Anthropic)",
        "Anthropic",
        "A language model behind an address that an administrator set up and a second activated.",
        _ENDPOINT_ROLE,
        _ENDPOINT_DEVELOPMENT,
        _ENDPOINT_DATA,
        _ENDPOINT_LIMITS,
    ),
}
