# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging

from odoo import api, models

from odoo.addons.hc_revenue_base.hc_core.secret_keys import SecretError
from odoo.addons.hc_revenue_base.tools.secret_cipher import load_cipher

from ..demo_data.delivery_story import DeliveryStory
from ..demo_data.document_story import DocumentStory
from ..demo_data.event_story import EventStory
from ..demo_data.payment_event_story import PaymentEventStory
from ..demo_data.system_story import SystemStory
from ..demo_data.watch_story import WatchStory

_logger = logging.getLogger(__name__)


class HcDemo(models.AbstractModel):
    """The chapters of the border, each told as of a day; see ``_tell`` of base."""

    _inherit = "hc.demo"

    @api.model
    def _tell_border(self, as_of=None):
        """Connect other systems with the demonstration group, and let them talk.

        :param date as_of: the day from which all dates are counted; default: today
        """
        try:
            load_cipher()
        except SecretError:
            _logger.info("demonstration: no key for secrets, so no system is connected")
            return
        for story in (
            SystemStory,
            EventStory,
            DocumentStory,
            PaymentEventStory,
            DeliveryStory,
            WatchStory,
        ):
            self._tell(story, as_of)
