# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models


class HcConnectionMixin(models.AbstractModel):
    """Another system, whichever way it speaks: at work only with all that it needs.

    Every process remembers those at work; whoever changes one tells them all. A model has the
    fields ``state`` and ``secret_id``.
    """

    _name = "hc.connection.mixin"
    _inherit = ["hc.lifecycle.mixin", "mail.thread"]
    _description = "Connection"

    # Fields that the processes remember; none: all of them.
    _remembered_fields: frozenset[str] = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        connections = super().create(vals_list)
        self.env.registry.clear_cache()
        return connections

    def write(self, vals):
        result = super().write(vals)
        if not self._remembered_fields or self._remembered_fields & vals.keys():
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _guard_state_active(self):
        """Fails closed: nothing is believed or sent without a secret."""
        return {connection.id: connection._get_missing() for connection in self}

    def _get_missing(self):
        """What one connection lacks to be at work, in words; a model adds to the list."""
        self.ensure_one()
        if self.secret_id.sudo().value_ids:
            return []
        return [self.env._("Choose a secret that has a value.")]

    def action_pause(self):
        """Stop for a while: what is to be sent is kept, senders are told to come back later."""
        self._transition("paused")
