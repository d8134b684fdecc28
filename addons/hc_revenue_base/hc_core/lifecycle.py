# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Life cycles as frozen values, checked when they are declared.

A life cycle is written once, as data; the ORM mixin, the diagrams in the documentation and the
tests all read the same object.
"""

from collections.abc import Iterable
from dataclasses import dataclass


class LifecycleError(ValueError):
    """A life cycle that contradicts itself; raised when it is declared, never at run time."""


@dataclass(frozen=True)
class State:
    """One state: ``code`` as stored, ``label`` as shown."""

    code: str
    label: str


@dataclass(frozen=True)
class Transition:
    """One allowed move.

    ``trigger`` says what causes it, ``performed_by`` who may do so; both are documentation that
    ends up in the generated life-cycle pages.
    """

    source: str
    target: str
    trigger: str = ""
    performed_by: str = ""


@dataclass(frozen=True)
class Lifecycle:
    """States and allowed moves of one field of one record.

    :param name: what the life cycle describes, for messages and diagrams
    :param states: every state, in the order in which a status bar shows them
    :param transitions: every allowed move
    :param initial: code of the state in which records are created
    :raises LifecycleError: for unknown or unreachable states, duplicates, or no initial state
    """

    name: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    initial: str

    def __post_init__(self):
        codes = [state.code for state in self.states]
        if len(set(codes)) != len(codes):
            raise LifecycleError(f"{self.name}: a state is declared twice")
        if self.initial not in codes:
            raise LifecycleError(f"{self.name}: the initial state {self.initial!r} is not declared")
        pairs = [(move.source, move.target) for move in self.transitions]
        if len(set(pairs)) != len(pairs):
            raise LifecycleError(f"{self.name}: a transition is declared twice")
        for source, target in pairs:
            if source not in codes or target not in codes or source == target:
                raise LifecycleError(f"{self.name}: {source!r} -> {target!r} is not a valid move")
        unreachable = set(codes) - self._reachable(pairs)
        if unreachable:
            raise LifecycleError(f"{self.name}: unreachable states {sorted(unreachable)}")
        allowed: dict[str, frozenset[str]] = {code: frozenset() for code in codes}
        for source, target in pairs:
            allowed[source] |= {target}
        object.__setattr__(self, "_allowed", allowed)

    def _reachable(self, pairs):
        seen, frontier = {self.initial}, [self.initial]
        while frontier:
            source = frontier.pop()
            for move_source, target in pairs:
                if move_source == source and target not in seen:
                    seen.add(target)
                    frontier.append(target)
        return seen

    def allows(self, source: str, target: str) -> bool:
        """Whether a record in ``source`` may move to ``target``."""
        return target in self._allowed.get(source, ())

    def targets(self, source: str) -> frozenset[str]:
        """Codes of the states that may follow ``source``."""
        return self._allowed[source]

    def sources(self, target: str) -> tuple[str, ...]:
        """Codes of the states from which ``target`` may be reached, in declared order."""
        return tuple(s.code for s in self.states if target in self._allowed[s.code])

    @property
    def terminal(self) -> frozenset[str]:
        """Codes of the states that nothing leaves."""
        return frozenset(code for code, targets in self._allowed.items() if not targets)

    def label(self, code: str) -> str:
        """The label of a state, or the code itself where it is not declared (old log rows)."""
        return next((state.label for state in self.states if state.code == code), code)

    def selection(self) -> list[tuple[str, str]]:
        """The states in the shape of an Odoo Selection field."""
        return [(state.code, state.label) for state in self.states]

    def extend(
        self, states: Iterable[State] = (), transitions: Iterable[Transition] = ()
    ) -> "Lifecycle":
        """A new life cycle with more states and moves: how another module adds to this one."""
        return Lifecycle(
            self.name,
            self.states + tuple(states),
            self.transitions + tuple(transitions),
            self.initial,
        )

    def to_mermaid(self) -> str:
        """The life cycle as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        lines += [f"    {s.code}: {s.label}" for s in self.states]
        lines += [
            f"    {t.source} --> {t.target}" + (f": {t.trigger}" if t.trigger else "")
            for t in self.transitions
        ]
        return "\n".join(
            lines + [f"    {s.code} --> [*]" for s in self.states if s.code in self.terminal]
        )
