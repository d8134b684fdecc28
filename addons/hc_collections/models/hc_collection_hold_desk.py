# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models
from odoo.exceptions import UserError


class HcCollectionHold(models.Model):
    """The button by which people lift a hold."""

    _inherit = "hc.collection.hold"

    def action_open_release(self):
        """Ask why the hold ends.

        :raise UserError: the hold follows from another record
        """
        self.ensure_one()
        self._check_releasable()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release the Hold"),
            "res_model": "hc.hold.release.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_hold_id": self.id},
        }

    def _check_releasable(self):
        """A hold that follows from a record ends with it."""
        if self.source_model:
            source = self.env[self.source_model].sudo().browse(self.source_id).exists()
            if source:
                raise UserError(
                    self.env._("This hold ends when %s is decided.", source.display_name)
                )
