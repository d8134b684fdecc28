# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

from ..hc_webhook_core import events


class HcIntegrationTotalsEntryLine(models.TransientModel):
    """What a system says of one type of event."""

    _name = "hc.integration.totals.entry.line"
    _description = "Total That Was Told"
    _order = "id"
    _rec_name = "event_type"

    entry_id = fields.Many2one("hc.integration.totals.entry", required=True, ondelete="cascade")
    event_type = fields.Selection(
        selection=lambda self: [(each.code, each.code) for each in events.EVENTS], required=True
    )
    message_count = fields.Integer("They Sent", required=True)
    currency_id = fields.Many2one("res.currency")
    amount = fields.Monetary("Their Amount", help="Only where they told a sum.")
    has_amount = fields.Boolean("Sum Told", help="They told a sum, be it zero.")

    def _to_json(self):
        """The row as the event writes it."""
        self.ensure_one()
        row = {"event_type": self.event_type, "count": self.message_count}
        if self.currency_id:
            row["currency"] = self.currency_id.name
        if self.has_amount or self.amount:
            row["amount"] = f"{self.amount:.{self.currency_id.decimal_places}f}"
        return row
