# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.hc_core.lifecycle import (
    Lifecycle,
    LifecycleError,
    State,
    Transition,
)

from .conformance import ConformanceCase


def find_reachable(lifecycle):
    """Codes that a record can come to, by walking the moves one after the other."""
    seen, frontier = set(), {lifecycle.initial}
    while frontier:
        seen |= frontier
        frontier = {target for source in frontier for target in lifecycle.targets(source)} - seen
    return seen


def find_state_problems(model, field_name):
    """Where a life cycle and the field that shows it contradict each other."""
    lifecycle, field = model._get_lifecycle(field_name), model._fields[field_name]
    label = f"{model._name}.{field_name}"
    codes = [code for code, _label in lifecycle.selection()]
    if [code for code, _label in field._description_selection(model.env)] != codes:
        yield f"{label}: the selection differs from the life cycle"
    if field.default(model) != lifecycle.initial:
        yield f"{label}: the default is not the initial state"
    if not (field.required and field.store and not field.copy and field.index):
        yield f"{label}: must be required, stored, indexed and not copied"
    if set(codes) != find_reachable(lifecycle):
        yield f"{label}: unreachable {set(codes) - find_reachable(lifecycle)}"
    if any(lifecycle.targets(code) for code in lifecycle.terminal):
        yield f"{label}: something leaves a terminal state"


@tagged("post_install", "-at_install")
class TestLifecycles(ConformanceCase):
    """Declared states, stored states, and handlers that name them."""

    def _get_lifecycles(self):
        mixin = self.env.registry["hc.lifecycle.mixin"]
        for model in self.get_record_models():
            if issubclass(type(model), mixin):
                for field_name in model._lifecycles:
                    yield model, field_name

    def test_states_equal_the_selection_and_are_reachable(self):
        lifecycles = list(self._get_lifecycles())
        self.assertGreater(len(lifecycles), 10)
        found = [p for model, name in lifecycles for p in find_state_problems(model, name)]
        self.assertEqual(found, [])

    def test_guards_and_hooks_name_states_that_exist(self):
        for model, field_name in self._get_lifecycles():
            codes = {code for code, _label in model._get_lifecycle(field_name).selection()}
            for prefix in (f"_guard_{field_name}_", f"_on_{field_name}_"):
                named = {n.removeprefix(prefix) for n in dir(type(model)) if n.startswith(prefix)}
                with self.subTest(f"{model._name} {prefix}"):
                    self.assertLessEqual(named, codes)

    def test_a_contradiction_is_found(self):
        model = self.env["hc.transport.request"]
        other = Lifecycle("other", (State("a", "A"), State("b", "B")), (Transition("a", "b"),), "a")
        self.patch(self.env.registry["hc.transport.request"], "_lifecycles", {"state": other})
        self.patch(model._fields["state"], "_description_selection", lambda env: [("a", "A")])
        found = list(find_state_problems(model, "state"))
        self.assertEqual(len(found), 2, found)

    def test_an_unreachable_state_cannot_be_declared(self):
        with self.assertRaisesRegex(LifecycleError, "unreachable"):
            Lifecycle("x", (State("a", "A"), State("b", "B")), (), "a")
