# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The policy as an administrator writes it: routes by amount and conditions, steps, evidence."""

from dataclasses import dataclass
from decimal import Decimal

from .conditions import Condition, check_choice
from .errors import PolicyError

APPROVER_KINDS = ("role", "user", "record_field", "manager")
EVIDENCE_SOURCES = ("attachment", "record", "reason_code", "justification")
AGGREGATION_SCOPES = ("patient_reason", "requester")


def check_amount(what: str, value: Decimal) -> None:
    """Refuse what is no finite amount of zero or more.

    :param what: name of the amount, for the message
    :raises PolicyError: ``amount_invalid``
    """
    if not isinstance(value, Decimal) or not value.is_finite() or value < 0:
        raise PolicyError("amount_invalid", what=what, value=value)


def check_positive(what: str, value: Decimal | int) -> None:
    """Refuse a number of zero or less.

    :param what: name of the number, for the message
    :raises PolicyError: ``number_not_positive``
    """
    if not value > 0:
        raise PolicyError("number_not_positive", what=what, value=value)


@dataclass(frozen=True, slots=True)
class ApproverSource:
    """Where the people of a step come from.

    :param kind: ``role`` (all members), ``user`` (one person by id), ``record_field`` (the user in
        a field of the subject) or ``manager`` (the requester's)
    :param value: code of the role, digits of the user id, name of the field; empty for a manager
    :raises PolicyError: ``choice_unknown``, ``user_invalid``
    """

    kind: str
    value: str = ""

    def __post_init__(self):
        check_choice("approver kind", self.kind, APPROVER_KINDS)
        if self.kind == "user" and not (self.value.isascii() and self.value.isdigit()):
            raise PolicyError("user_invalid", value=self.value)


@dataclass(frozen=True, slots=True)
class EvidenceRule:
    """Evidence that must be there before a step may be approved.

    :param code: type of evidence, such as ``appeal_decision``
    :param source: where it is looked for, one of ``EVIDENCE_SOURCES``
    :param count: how many pieces at least
    :raises PolicyError: ``choice_unknown``, ``number_not_positive``
    """

    code: str
    source: str
    count: int = 1

    def __post_init__(self):
        check_choice("evidence source", self.source, EVIDENCE_SOURCES)
        check_positive("evidence count", self.count)


@dataclass(frozen=True, slots=True)
class StepRule:
    """One round of signatures.

    :param sequence: position; steps of the same sequence are open at the same time
    :param approvers: sources whose people, taken together, may sign
    :param needed: how many different people must sign
    :param sla_hours: working hours in which the step is to be decided; ``None`` for no limit
    :param escalation: sources whose people may sign besides, one after the other, when it is late
    :raises PolicyError: ``number_not_positive``
    """

    code: str
    name: str
    sequence: int
    approvers: tuple[ApproverSource, ...]
    needed: int = 1
    evidence: tuple[EvidenceRule, ...] = ()
    sla_hours: Decimal | None = None
    escalation: tuple[ApproverSource, ...] = ()

    def __post_init__(self):
        check_positive("number of signatures", self.needed)
        if self.sla_hours is not None:
            check_positive("time limit in hours", self.sla_hours)


@dataclass(frozen=True, slots=True)
class Route:
    """Which requests go which way.

    :param kind: kind of controlled action
    :param amount_from: lowest amount in the policy's currency, included
    :param amount_to: amount from which it no longer holds; ``None`` for no upper limit
    :param conditions: all must hold
    :param steps: signatures to collect; none means that the rule itself allows the request
    :raises PolicyError: ``amount_invalid``
    """

    code: str
    kind: str
    amount_from: Decimal
    amount_to: Decimal | None
    conditions: tuple[Condition, ...] = ()
    steps: tuple[StepRule, ...] = ()

    def __post_init__(self):
        check_amount("lowest amount", self.amount_from)
        if self.amount_to is not None:
            check_amount("upper limit", self.amount_to)

    @property
    def is_empty(self) -> bool:
        """Whether the range of amounts holds none."""
        return self.amount_to is not None and self.amount_to <= self.amount_from

    @property
    def signatures(self) -> int:
        """How many people must sign before the request is approved."""
        return sum(step.needed for step in self.steps)


@dataclass(frozen=True, slots=True)
class Aggregation:
    """Recent requests that count together with a new one, so that splitting gains nothing.

    :param scope: ``patient_reason`` (same patient and reason) or ``requester``
    :param window_days: how far back, in days
    :raises PolicyError: ``choice_unknown``, ``number_not_positive``
    """

    kind: str
    scope: str
    window_days: int

    def __post_init__(self):
        check_choice("aggregation scope", self.scope, AGGREGATION_SCOPES)
        check_positive("window in days", self.window_days)


@dataclass(frozen=True, slots=True)
class Policy:
    """One version of the approval matrix; all its amounts are in ``currency`` (ISO 4217).

    :raises PolicyError: ``route_code_repeated``
    """

    code: str
    version: int
    currency: str
    routes: tuple[Route, ...]
    aggregations: tuple[Aggregation, ...] = ()

    def __post_init__(self):
        seen: set[str] = set()
        repeated = sorted({r.code for r in self.routes if r.code in seen or seen.add(r.code)})
        if repeated:
            raise PolicyError("route_code_repeated", codes=", ".join(repeated))
