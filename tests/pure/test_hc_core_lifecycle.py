# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Life cycles refuse contradictions when they are declared."""

import pytest
from hc_core.lifecycle import Lifecycle, LifecycleError, State, Transition


def lifecycle(states="ab", moves=("ab",), initial="a"):
    """A life cycle of one-letter states and moves."""
    return Lifecycle(
        "test",
        tuple(State(code, code.upper()) for code in states),
        tuple(Transition(*move) for move in moves),
        initial,
    )


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"states": "aab"}, "a state is declared twice"),
        ({"initial": "x"}, "initial state 'x' is not declared"),
        ({"moves": ("ab", "ab")}, "a transition is declared twice"),
        ({"moves": ("ab", "ax")}, "'a' -> 'x' is not a valid move"),
        ({"moves": ("ab", "bb")}, "'b' -> 'b' is not a valid move"),
        ({"states": "abc"}, r"unreachable states \['c'\]"),
    ],
)
def test_contradictions_are_refused(arguments, problem):
    with pytest.raises(LifecycleError, match=problem):
        lifecycle(**arguments)


def test_moves_sources_and_ends():
    machine = lifecycle("abc", ("ab", "bc", "ba"))
    assert machine.allows("a", "b")
    assert not machine.allows("a", "c")
    assert not machine.allows("unknown", "a")
    assert machine.targets("b") == {"a", "c"}
    assert machine.sources("b") == ("a",)
    assert machine.terminal == {"c"}


def test_labels_fall_back_to_the_code_of_old_rows():
    machine = lifecycle()
    assert machine.label("a") == "A"
    assert machine.label("gone") == "gone"
    assert machine.selection() == [("a", "A"), ("b", "B")]


def test_another_module_extends_a_copy():
    machine = lifecycle()
    longer = machine.extend([State("c", "C")], [Transition("b", "c")])
    assert longer.terminal == {"c"}
    assert machine.terminal == {"b"}
    with pytest.raises(LifecycleError):
        machine.extend([State("c", "C")])


def test_the_diagram_names_every_state_and_move():
    diagram = lifecycle("abc", ("ab", "bc")).to_mermaid()
    assert diagram.splitlines() == [
        "stateDiagram-v2",
        "    [*] --> a",
        "    a: A",
        "    b: B",
        "    c: C",
        "    a --> b",
        "    b --> c",
        "    c --> [*]",
    ]
