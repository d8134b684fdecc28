# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the conformance tests look at: everything that the installed modules of the suite bring."""

import importlib
import importlib.util

from odoo.tests import TransactionCase

from odoo.addons.hc_revenue_base.models.hc_suite_record_mixin import SUITE_PREFIXES


class ConformanceCase(TransactionCase):
    """Models, native records and declarations of all installed modules of the suite."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        installed = cls.env["ir.module.module"].search([("state", "=", "installed")])
        cls.modules = sorted(
            name for name in installed.mapped("name") if name.startswith(SUITE_PREFIXES)
        )

    @classmethod
    def get_models(cls):
        """Every ``hc.*`` model, abstract ones included, in order of name."""
        names = sorted(name for name in cls.env.registry if name.startswith("hc."))
        return [cls.env[name] for name in names]

    @classmethod
    def get_record_models(cls):
        """Those that hold records, wizards included."""
        return [model for model in cls.get_models() if not model._abstract]

    @classmethod
    def get_native(cls, model_name):
        """Records of a model of Odoo's that the suite ships, archived ones included."""
        names = cls.env["ir.model.data"].search_fetch(
            [("model", "=", model_name), ("module", "in", cls.modules)], ["res_id"]
        )
        return cls.env[model_name].with_context(active_test=False).browse(names.mapped("res_id"))

    @classmethod
    def get_roles(cls):
        """Groups of the suite, in order of name: whoever works with it has some of them."""
        groups = cls.get_native("res.groups")
        return groups.filtered("privilege_id").sorted("name")

    @classmethod
    def get_declared(cls, file_name):
        """``tests/<file_name>.py`` of each module that has one, by module."""
        declared = {}
        for module in cls.modules:
            tests = f"odoo.addons.{module}.tests"
            # A module that only installs others has no tests.
            if importlib.util.find_spec(tests) and importlib.util.find_spec(f"{tests}.{file_name}"):
                declared[module] = importlib.import_module(f"{tests}.{file_name}")
        return declared

    @classmethod
    def is_own_class(cls, model_class):
        """Whether a class of a model comes from a module of the suite."""
        parts = model_class.__module__.split(".")
        return parts[:2] == ["odoo", "addons"] and parts[2] in cls.modules
