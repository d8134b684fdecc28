# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, fields, models


class HcIntegrationSource(models.Model):
    """What people see of a source's messages: how many, which wait or failed, what was refused."""

    _inherit = "hc.integration.source"

    received_count = fields.Integer("Received Messages", compute="_compute_message_counts")
    waiting_count = fields.Integer("Waiting", compute="_compute_message_counts")
    unsolved_count = fields.Integer(
        "Failed or Refused by Content", compute="_compute_message_counts"
    )
    last_received_at = fields.Datetime("Last Message", compute="_compute_message_counts")
    refusal_ids = fields.One2many("hc.integration.refusal", "source_id", "Refused Messages")
    refused_today = fields.Integer(
        "Refused in 24 Hours",
        compute="_compute_refused_today",
        help="Turned away at the border: signature, size, rate or form. Nothing of them is kept.",
    )

    def _compute_message_counts(self):
        rows = self.env["hc.exchange"]._read_group(
            [("source_id", "in", self.ids)],
            ["source_id", "state"],
            ["__count", "create_date:max"],
        )
        for source in self:
            own = [row[1:] for row in rows if row[0].id == source.id]
            counts = {state: count for state, count, _last in own}
            source.received_count = sum(counts.values())
            source.waiting_count = counts.get("received", 0) + counts.get("processing", 0)
            source.unsolved_count = counts.get("failed", 0) + counts.get("rejected", 0)
            source.last_received_at = max((last for _state, _count, last in own), default=False)

    @api.depends("refusal_ids")
    def _compute_refused_today(self):
        since = self.env.cr.now() - timedelta(days=1)
        rows = self.env["hc.integration.refusal"]._read_group(
            [("source_id", "in", self.ids), ("minute", ">=", since)],
            ["source_id"],
            ["refusal_count:sum"],
        )
        counts = {source.id: count for source, count in rows}
        for source in self:
            source.refused_today = counts.get(source.id, 0)

    def action_open_messages(self):
        """Open what the source sent."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_integration.hc_exchange_event_action"
        )
        shown = {
            name: value
            for name, value in self.env.context.items()
            if name.startswith("search_default_")
        }
        return action | {"domain": [("source_id", "=", self.id)], "context": shown}

    def action_open_refusals(self):
        """Open how often the source was refused at the border, and why."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_integration.hc_integration_refusal_action"
        )
        return action | {"domain": [("source_id", "=", self.id)], "context": {}}
