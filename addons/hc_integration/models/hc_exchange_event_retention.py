# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from odoo.addons.hc_revenue_base.hc_core.retention import RetentionSubject


class HcRetentionPolicy(models.Model):
    _inherit = "hc.retention.policy"

    @api.model
    def _get_subjects(self):
        return [
            *super()._get_subjects(),
            RetentionSubject(
                code="event_bodies",
                name=self.env._("Messages of connected systems"),
                model="hc.exchange",
                aged_by="finished_at",
                domain=(
                    ("document_type", "=", "event"),
                    ("state", "in", ["done", "rejected"]),
                    ("erased_at", "=", False),
                ),
                method="_erase_body",
                stays=self.env._(
                    "Id, sender, type, time, size, checksum, result and history of the message; "
                    "one that comes again is still recognised and gets its first answer."
                ),
                default_days=400,
                # The daily proof reads the amounts of the month, and a sender repeats for days.
                shortest_days=45,
            ),
        ]


class HcExchange(models.Model):
    """Messages lose their bodies by age."""

    _inherit = "hc.exchange"

    def _erase_body(self):
        """Empty the bodies; the messages keep what proves which they were."""
        self._write_guarded({"payload_body": False} | self._prepare_erased_vals())
