# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from odoo.addons.hc_revenue_base.models.hc_exchange import READY_TO_LEAVE

from ..hc_webhook_core.cloud_event import model_code, slug

_EXCHANGE = "hc.exchange"


class HcEventType(models.Model):
    """Documents that wait to be carried out: an event for each type of them."""

    _inherit = "hc.event.type"

    @api.model
    def _get_wanted(self):
        """They can be subscribed to before the first one waits."""
        types = super()._get_wanted()
        field = self.env[_EXCHANGE]._fields["document_type"]
        for value, label in field._description_selection(self.env):
            # What comes in only has a handler.
            if not hasattr(self.env[_EXCHANGE], f"_handle_{value}"):
                code = f"{model_code(_EXCHANGE)}.{slug(f'{READY_TO_LEAVE} {value}')}"
                types[code] = {
                    "code": code,
                    "name": self.env._("%(type)s: ready to leave", type=label),
                    "kind": "event",
                    "model": _EXCHANGE,
                    "state": False,
                }
        return types
