# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tools import SQL


class ModuleScreens:
    """The screens of one module, and its records in each of their states, for a walk.

    :cvar screens_module: the module
    :cvar screens_of_others: models that the module only extends, walked where they are at home
    """

    screens_module = ""
    screens_of_others = frozenset()

    def _get_screen_models(self):
        """Models that the module shows in a form or a list of its own, or extends."""
        views = self._get_own("ir.ui.view").filtered(lambda view: view.type in ("form", "list"))
        names = {name for name in views.mapped("model") if not self.env[name]._transient}
        return names - self.screens_of_others

    def _get_wizards(self):
        """Wizards that the module has a form for."""
        models = self._get_own("ir.ui.view").mapped("model")
        return {name for name in models if name in self.env and self.env[name]._transient}

    def _get_own(self, model):
        names = self.env["ir.model.data"].search(
            [("module", "=", self.screens_module), ("model", "=", model)]
        )
        return self.env[model].browse(names.mapped("res_id"))

    def _each_state(self, record):
        """The record in each state of its life cycle: what a screen offers depends on it."""
        if "state" not in (getattr(record, "_lifecycles", None) or {}):
            yield record
            return
        for state, _name in record._fields["state"]._description_selection(self.env):
            record.flush_recordset()
            table = SQL.identifier(record._table)
            self.env.cr.execute(
                SQL("UPDATE %s SET state = %s WHERE id = ANY(%s)", table, state, record.ids)
            )
            record.invalidate_recordset()
            yield record
