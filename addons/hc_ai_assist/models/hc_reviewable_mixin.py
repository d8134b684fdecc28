# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

_PANEL = '<widget name="hc_ai_panel"/>'


class HcReviewableMixin(models.AbstractModel):
    """The panel with suggestions on every form whose record takes advice."""

    _inherit = "hc.reviewable.mixin"

    @api.model
    def _review_panel_arch(self):
        return super()._review_panel_arch() or _PANEL

    def _is_finished_for_review(self):
        """Whether nothing about the record is decided any more: no move leads out of its state."""
        self.ensure_one()
        if not isinstance(self, self.pool["hc.lifecycle.mixin"]):
            return False
        name = self._get_main_state_field()
        return self[name] in self._get_lifecycle(name).terminal
