# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models


class HcContact(models.Model):
    """What gateways report of messages: late, twice, and in any order."""

    _inherit = "hc.contact"

    def _take_status_sent(self, reason_code=None):
        """The gateway handed the message on."""
        self._transition_where_allowed("sent")

    def _take_status_delivered(self, reason_code=None):
        """The message arrived; that it was sent need not have been said."""
        self._transition_where_allowed("sent")
        self._transition_where_allowed("delivered")

    def _take_status_failed(self, reason_code=None):
        """The message did not arrive: a person looks for another way.

        :param str reason_code: the gateway's code
        """
        todo, _there, _wrong = self._classify_transition("failed")
        todo._fail(
            self.env._("The gateway could not deliver it (%(code)s).", code=reason_code)
            if reason_code
            else self.env._("The gateway could not deliver it.")
        )

    def _take_status_opted_out(self, reason_code=None):
        """The reader wants no more messages by this channel: honored at once."""
        for contact in self:
            self.env["hc.contact.consent"]._record(
                contact.account_id,
                [contact.channel],
                "revoked",
                "message",
                self.env._("contact %s", contact.id),
                contact,
            )
