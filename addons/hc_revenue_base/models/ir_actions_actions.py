# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models


class IrActionsActions(models.Model):
    """The common table of all actions: a row of it may be a controlled Server Action.

    PostgreSQL's inheritance lets a statement on the common table change and delete rows of the
    tables below, past the model of those rows.
    """

    _inherit = "ir.actions.actions"

    def _get_server_actions(self):
        """Those of the actions that are Server Actions, where this is the common table."""
        actions = self.env["ir.actions.server"]
        return actions.browse(self.ids).exists() if self._table == "ir_actions" else actions

    def write(self, vals):
        actions = self._get_server_actions()
        actions._check_config_write(vals.keys() & set(actions._config_fields))
        return super().write(vals)

    def unlink(self):
        self._get_server_actions()._check_config_unlink()
        return super().unlink()
