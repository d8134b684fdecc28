# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import inspect

from odoo.tests import tagged

from .conformance import ConformanceCase


@tagged("post_install", "-at_install")
class TestPublicMethods(ConformanceCase):
    """Each method that the external interface reaches is on its module's list.

    The list is ``ALLOWED`` in the module's ``tests/allowed_methods.py``.
    """

    def _get_public(self):
        """``{module: {model: names}}``, each method by the module that writes it."""
        public = {}
        for model in self.env.registry.values():
            for cls in filter(self.is_own_class, model.mro()):
                names = {name for name in vars(cls) if self._is_public(model, cls, name)}
                module = cls.__module__.split(".")[2]
                if names:
                    public.setdefault(module, {}).setdefault(cls._name, set()).update(names)
        return public

    def _is_public(self, model, cls, name):
        return (
            not name.startswith("_")
            and inspect.isfunction(vars(cls)[name])
            and not any(
                getattr(vars(base).get(name), "_api_private", False) for base in model.mro()
            )
        )

    def _get_allowed(self):
        return {
            module: declaration.ALLOWED
            for module, declaration in self.get_declared("allowed_methods").items()
        }

    def _subtract(self, left, right):
        """What of ``{module: {model: names}}`` the other does not hold, as texts."""
        return sorted(
            f"{module}: {model_name}.{name}"
            for module, models in left.items()
            for model_name, names in models.items()
            for name in names - right.get(module, {}).get(model_name, set())
        )

    def test_every_public_method_is_on_the_list(self):
        self.assertEqual(self._subtract(self._get_public(), self._get_allowed()), [])

    def test_the_list_names_no_method_that_is_gone(self):
        self.assertEqual(self._subtract(self._get_allowed(), self._get_public()), [])

    def test_a_new_door_is_found(self):
        cls = next(
            cls for cls in type(self.env["hc.transport.tariff"]).mro() if self.is_own_class(cls)
        )
        cls.give_away = lambda self: None
        self.addCleanup(delattr, cls, "give_away")
        self.assertEqual(
            self._subtract(self._get_public(), self._get_allowed()),
            ["test_hc_contracts: hc.transport.tariff.give_away"],
        )
