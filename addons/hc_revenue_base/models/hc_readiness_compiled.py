# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..hc_core import rules as core
from ..hc_core.errors import RuleError, RuleSetError


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What the engine needs of a rule besides its conditions."""

    rule_id: int
    category: str
    queue_id: int
    auto_fix: str


@dataclass(frozen=True, slots=True)
class CompiledRules:
    """A compiled rule set that never skips a rule.

    A rule that no longer compiles (its facts came from a module that is gone) errs for every
    case, and so holds every case, until a set without it is published.
    """

    rule_set: core.RuleSet | None
    broken: tuple[core.RuleResult, ...]
    info: Mapping[str, RuleInfo]

    @classmethod
    def build(cls, rules: Iterable[core.Rule], register, info):
        """:raises RuleSetError: there is no rule at all, or codes repeat"""
        rules, usable, broken = list(rules), [], []
        for rule in rules:
            try:
                core.compile_rule(rule, register)
            except RuleError as error:
                broken.append(
                    core.RuleResult(
                        rule.code, rule.severity, core.ERROR, error.message, error.message
                    )
                )
            else:
                usable.append(rule)
        if not rules:
            raise RuleSetError("rule_set_empty")
        rule_set = core.RuleSet.compile(usable, register) if usable else None
        return cls(rule_set, tuple(broken), info)

    def evaluate(self, facts) -> core.Evaluation:
        """Judge one case by every rule."""
        if self.rule_set is None:
            return core.Evaluation(self.broken, core.EXCEPTION)
        evaluation = self.rule_set.evaluate(facts)
        if self.broken:
            return core.Evaluation(evaluation.results + self.broken, core.EXCEPTION)
        return evaluation
