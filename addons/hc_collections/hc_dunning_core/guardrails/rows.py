# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A guardrail as data: which evaluator, with which figures, where and when, how strict."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..errors import DunningError, check_choice
from .acts import ACT_KINDS, PARTIES, Act
from .facts import DebtFacts
from .parameters import parse_parameters
from .registry import GUARDRAIL_EVALUATORS, Evaluator

BLOCK = "block"
WARN = "warn"
INFORM = "inform"
EFFECTS = (BLOCK, WARN, INFORM)

# Rows without a jurisdiction hold everywhere.
EVERYWHERE = ""


@dataclass(frozen=True, slots=True)
class GuardrailRow:
    """One rule, valid from its first to its last day.

    A fact that says where a rule holds and is unknown puts the debt under the rule.

    :param parameters: name and text; what is left out takes the evaluator's default
    :param jurisdiction: ISO 3166-2 code of a state, or ``EVERYWHERE``
    :param facility_kinds: empty: every kind of provider
    :param payer_programs: empty: whoever pays
    :param parties: empty: provider and agencies alike
    :param act_kinds: empty: those of the evaluator
    :param needs_review: whether counsel has not confirmed source and figures yet
    :param values: the typed parameters, made from the texts
    :raises DunningError: ``choice_unknown``, ``date_order``, ``parameter_unknown``,
        ``parameter_invalid``
    """

    code: str
    evaluator: str
    effect: str
    source: str
    parameters: tuple[tuple[str, str], ...] = ()
    jurisdiction: str = EVERYWHERE
    facility_kinds: frozenset[str] = frozenset()
    payer_programs: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()
    act_kinds: frozenset[str] = frozenset()
    effective_from: date | None = None
    effective_to: date | None = None
    needs_review: bool = False
    values: Mapping[str, Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        check_choice("evaluator", self.evaluator, tuple(GUARDRAIL_EVALUATORS))
        check_choice("effect", self.effect, EFFECTS)
        for party in self.parties:
            check_choice("party", party, PARTIES)
        for kind in self.act_kinds:
            check_choice("kind of act", kind, ACT_KINDS)
        first, last = self.effective_from, self.effective_to
        if first is not None and last is not None and last < first:
            raise DunningError("date_order", what="rule", first=first, last=last)
        declared = self.definition.parameters
        values = parse_parameters(self.evaluator, declared, dict(self.parameters))
        object.__setattr__(self, "values", values)

    @property
    def definition(self) -> Evaluator:
        """The evaluator that the row names."""
        return GUARDRAIL_EVALUATORS[self.evaluator]

    def is_in_force(self, day: date) -> bool:
        """Whether the rule holds on a day, its first and last included."""
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_to is None or day <= self.effective_to
        )

    def applies_to(self, act: Act, facts: DebtFacts) -> bool:
        """Whether the rule speaks about the act, in force or not."""
        return (
            act.kind in (self.act_kinds or self.definition.act_kinds)
            and (not self.parties or act.party in self.parties)
            and (not self.facility_kinds or facts.facility_kind in {"", *self.facility_kinds})
            and _may_meet(self.payer_programs, facts.payer_programs)
            and _may_meet(frozenset({self.jurisdiction} - {EVERYWHERE}), facts.states)
        )


def _may_meet(asked: frozenset[str], known: frozenset[str] | None) -> bool:
    return not asked or known is None or bool(asked & known)
