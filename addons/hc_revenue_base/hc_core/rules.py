# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Rules as data: compiled once, evaluated on the facts of one case, explained.

A rule says *when* it applies and *what* it then requires; both are conditions that must
all hold. Its outcome does not depend on the order of the conditions:

- ``not_applicable``: a condition of ``applies`` is false;
- ``error``: none is false, but one is unknown; or a fact is missing or of the wrong
  type; or anything raised;
- ``failed``: the rule applies and a requirement is false **or unknown**;
- ``passed``: the rule applies and every requirement is true.

So nothing unknown ever lets a case through: an unknown requirement fails, and an
unknown applicability errs instead of skipping the rule. A rule that errs holds the case
whatever its severity, because nobody knows what it would have found.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from .canonical import canonical_digest
from .errors import HcError, RuleError, RuleSetError
from .facts import FactSpec
from .operators import OPERATORS, Register, Test, operators_for
from .templates import render

SEVERITIES = ("error", "hold", "warning", "info")
BLOCKING_SEVERITIES = ("error", "hold")

PASSED = "passed"
FAILED = "failed"
NOT_APPLICABLE = "not_applicable"
ERROR = "error"

_FINDINGS = (FAILED, ERROR)

READY = "ready"
EXCEPTION = "exception"

_TRACE_LETTERS = {PASSED: "P", FAILED: "F", NOT_APPLICABLE: "N", ERROR: "E"}
_RULE_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

facts_hash = canonical_digest


@dataclass(frozen=True, slots=True)
class Condition:
    """``fact operator value``, as text; the operators are those of ``operators``."""

    fact: str
    operator: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.fact} {self.operator} {self.value}".rstrip()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as an administrator writes it.

    :param message: what to tell people when it fails; ``{fact_name}`` placeholders
    :param sequence: position in the results, before the code
    :param version: version of the rule's text, part of the rule set's digest
    """

    code: str
    severity: str
    requires: tuple[Condition, ...]
    applies: tuple[Condition, ...] = ()
    message: str = ""
    sequence: int = 10
    version: int = 1


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What one rule found.

    ``detail`` names conditions and facts, never their values: it may be logged.
    ``message`` is for people and may hold values of facts.
    """

    code: str
    severity: str
    outcome: str
    detail: str = ""
    message: str = ""

    @property
    def blocks(self) -> bool:
        """Whether this result keeps the case from being ready."""
        return self.outcome == ERROR or (
            self.outcome == FAILED and self.severity in BLOCKING_SEVERITIES
        )


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The results of all rules, in order, and the verdict on the case."""

    results: tuple[RuleResult, ...]
    outcome: str

    @property
    def findings(self) -> tuple[RuleResult, ...]:
        """The results that somebody should look at: failures and errors."""
        return tuple(result for result in self.results if result.outcome in _FINDINGS)

    def trace(self) -> dict[str, str | list[str]]:
        """Return every rule's result, fit for JSON and free of the facts' values.

        ``P`` passed, ``N`` not applicable, ``["F", detail]`` failed, ``["E", detail]``
        error.
        """
        return {
            result.code: [_TRACE_LETTERS[result.outcome], result.detail]
            if result.detail
            else _TRACE_LETTERS[result.outcome]
            for result in self.results
        }


@dataclass(frozen=True, slots=True)
class CompiledCondition:
    """A condition with its typed test and the facts that the test reads."""

    text: str
    fact_names: tuple[str, ...]
    test: Test


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule whose conditions are tests, with the two results that hold no detail."""

    rule: Rule
    applies: tuple[CompiledCondition, ...]
    requires: tuple[CompiledCondition, ...]
    passed: RuleResult
    not_applicable: RuleResult

    @property
    def fact_names(self) -> set[str]:
        conditions = (*self.applies, *self.requires)
        return {name for condition in conditions for name in condition.fact_names}

    def judge(self, values: Mapping[str, Any], problems: Mapping[str, str]) -> RuleResult:
        """Return the rule's result on checked ``values``; never raises.

        :param problems: reasons for the facts that are not among the values
        """
        doubt = ""
        for condition in self.applies:
            try:
                verdict = condition.test(values)
            except Exception as error:  # any failure holds the case  # noqa: BLE001 - an evaluation never raises
                doubt = doubt or _explain(condition, problems, error)
                continue
            if verdict is False:
                return self.not_applicable
            if verdict is None:
                doubt = doubt or f"{condition.text}: unknown, so it may apply"
        unmet = []
        for condition in self.requires:
            try:
                verdict = condition.test(values)
            except Exception as error:  # any failure holds the case  # noqa: BLE001 - an evaluation never raises
                doubt = doubt or _explain(condition, problems, error)
                continue
            if verdict is not True:
                unmet.append(condition.text + (": unknown" if verdict is None else ""))
        if doubt:
            return self._result(ERROR, doubt, values)
        if unmet:
            return self._result(FAILED, "; ".join(unmet), values)
        return self.passed

    def _result(self, outcome: str, detail: str, values: Mapping[str, Any]) -> RuleResult:
        rule = self.rule
        message = render(rule.message, values) if outcome == FAILED else ""
        return RuleResult(rule.code, rule.severity, outcome, detail, message or detail)


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Compiled rules in their order, ready to judge any number of cases."""

    rules: tuple[CompiledRule, ...]
    digest: str
    _checks: tuple[tuple[str, frozenset[type], bool, FactSpec], ...]

    @classmethod
    def compile(cls, rules: Iterable[Rule], facts: Register) -> "RuleSet":
        """Compile rules against the register of facts.

        ``digest`` identifies the content of the set: equal rules, equal digest.

        :raises RuleSetError: ``rule_set_empty``, ``rule_code_repeated`` or
            ``rule_set_invalid`` with all problems at once
        """
        ordered = sorted(rules, key=lambda rule: (rule.sequence, rule.code))
        if not ordered:
            raise RuleSetError("rule_set_empty")
        codes = [rule.code for rule in ordered]
        repeated = sorted({code for code in codes if codes.count(code) > 1})
        if repeated:
            raise RuleSetError("rule_code_repeated", codes=repeated)
        compiled, problems = [], []
        for rule in ordered:
            try:
                compiled.append(compile_rule(rule, facts))
            except RuleError as error:
                problems.append(error.message)
        if problems:
            raise RuleSetError("rule_set_invalid", count=len(problems), problems=tuple(problems))
        read = set().union(*(rule.fact_names for rule in compiled))
        shown = _placeholders(ordered)
        return cls(
            rules=tuple(compiled),
            digest=canonical_digest({rule.code: _content(rule) for rule in ordered}),
            _checks=tuple(
                (name, spec.plain_classes(), spec.needs_content_check, spec)
                for name, spec in sorted(facts.items())
                if name in read | shown
            ),
        )

    def evaluate(self, facts: Mapping[str, Any]) -> Evaluation:
        """Judge one case; never raises, whatever the facts hold.

        :param facts: values by fact name; facts that no rule reads are ignored
        """
        values, problems = self._read(facts)
        results = tuple([rule.judge(values, problems) for rule in self.rules])
        # Most rules pass: only the others are asked whether they block.
        blocked = any(result.blocks for result in results if result.outcome in _FINDINGS)
        return Evaluation(results, EXCEPTION if blocked else READY)

    def _read(self, facts: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        """Return the values that are what the register promises, and the problems."""
        values: dict[str, Any] = {}
        problems: dict[str, str] = {}
        for name, plain_classes, needs_content_check, spec in self._checks:
            try:
                value = facts[name]
                if type(value) not in plain_classes:
                    problem = spec.problem(value)
                else:
                    problem = spec.content_problem(value) if needs_content_check else None
            except Exception as error:  # any failure holds the case  # noqa: BLE001 - an evaluation never raises
                problem = (
                    f"{name} is missing"
                    if isinstance(error, KeyError)
                    else f"{name} cannot be read ({type(error).__name__})"
                )
            if problem is None:
                values[name] = value
            else:
                problems[name] = problem
        return values, problems


def compile_rule(rule: Rule, facts: Register) -> CompiledRule:
    """Compile one rule against the register of facts.

    :raises RuleError: with the rule, the condition and the reason
    """
    if not _RULE_CODE.fullmatch(rule.code):
        raise RuleError("rule_code_invalid", rule=rule.code)
    if rule.severity not in SEVERITIES:
        raise RuleError(
            "rule_severity_unknown",
            rule=rule.code,
            severity=rule.severity,
            choices=SEVERITIES,
        )
    if not rule.requires:
        raise RuleError("rule_requires_nothing", rule=rule.code)
    return CompiledRule(
        rule=rule,
        applies=tuple(_compile_condition(rule, each, facts) for each in rule.applies),
        requires=tuple(_compile_condition(rule, each, facts) for each in rule.requires),
        passed=RuleResult(rule.code, rule.severity, PASSED),
        not_applicable=RuleResult(rule.code, rule.severity, NOT_APPLICABLE),
    )


def _compile_condition(rule: Rule, condition: Condition, facts: Register) -> CompiledCondition:
    where = {"rule": rule.code, "condition": str(condition)}
    spec = facts.get(condition.fact)
    if spec is None:
        close = get_close_matches(condition.fact, facts, n=1)
        suggestion = f"Did you mean {close[0]}?" if close else "Pick one of the list."
        raise RuleError("fact_unknown", **where, fact=condition.fact, suggestion=suggestion)
    operator = OPERATORS.get(condition.operator)
    if operator is None:
        raise RuleError(
            "operator_unknown",
            **where,
            operator=condition.operator,
            choices=tuple(OPERATORS),
        )
    if spec.type not in operator.fact_types:
        raise RuleError(
            "operator_not_for_type",
            **where,
            operator=operator.name,
            fact=spec.name,
            type=spec.type,
            choices=operators_for(spec.type),
        )
    if condition.value and not operator.takes_value:
        raise RuleError(
            "value_not_expected",
            **where,
            operator=operator.name,
            value=condition.value,
        )
    try:
        test, fact_names = operator.build(spec, condition.value, facts)
    except (ValueError, HcError) as error:
        raise RuleError(
            "value_invalid", **where, value=condition.value, reason=str(error)
        ) from error
    return CompiledCondition(str(condition), fact_names, test)


def _explain(condition: CompiledCondition, problems: Mapping[str, str], error: Exception) -> str:
    for name in condition.fact_names:
        if name in problems:
            return f"{condition.text}: {problems[name]}"
    # The text of a foreign exception may quote the value: name its class only.
    reason = error.code if isinstance(error, HcError) else type(error).__name__
    return f"{condition.text}: cannot be tested ({reason})"


def _placeholders(rules: Iterable[Rule]) -> set[str]:
    """Return every name between braces in the rules' messages."""
    return {name for rule in rules for name in re.findall(r"\{(\w+)\}", rule.message)}


def _content(rule: Rule) -> list[Any]:
    conditions = [
        [[each.fact, each.operator, each.value] for each in group]
        for group in (rule.applies, rule.requires)
    ]
    return [rule.version, rule.severity, rule.sequence, rule.message, *conditions]
