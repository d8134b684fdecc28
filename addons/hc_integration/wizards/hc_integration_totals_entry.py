# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.hc_revenue_base.hc_core import schema

from ..hc_webhook_core import events
from ..models.hc_event_handler_totals import TELLERS
from ..models.hc_integration_proof import TOTALS

_PROBLEMS_SHOWN = 10


class HcIntegrationTotalsEntry(models.TransientModel):
    """Enter what a system says that it sent on a day: its event, in the name of who enters it."""

    _name = "hc.integration.totals.entry"
    _description = "Totals of a Day"

    source_id = fields.Many2one(
        "hc.integration.source",
        "Connected System",
        required=True,
        domain="[('state', 'in', ('active', 'paused'))]",
    )
    day = fields.Date(required=True)
    line_ids = fields.One2many(
        "hc.integration.totals.entry.line",
        "entry_id",
        "What They Say",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("source_id", "day")
    def _compute_line_ids(self):
        """The types that are on record for the day; the figures are the other side's."""
        for entry in self:
            proof = self.env["hc.integration.proof"].search(
                [("source_id", "=", entry.source_id.id), ("day", "=", entry.day)]
            )
            entry.line_ids = [Command.clear()] + [
                Command.create({"event_type": line.event_type, "currency_id": line.currency_id.id})
                for line in proof.line_ids
            ]

    def action_tell(self):
        """Keep the totals as an event of the system, and compare at once."""
        self.ensure_one()
        if not any(map(self.env.user.has_group, TELLERS)):
            raise self.env["hc.refused.attempt"]._refuse(
                self.source_id,
                "tell_totals",
                self.env._("Operations or administrators tell totals in place of a system."),
            )
        definition = events.find(TOTALS, 1)
        data = {
            "day": fields.Date.to_string(self.day),
            "totals": [line._to_json() for line in self.line_ids],
        }
        found = list(schema.problems(definition.schema, data))[:_PROBLEMS_SHOWN]
        if found:
            raise UserError("\n".join(f"{each.path or '/'} {each.message}" for each in found))
        exchange = self.env["hc.exchange"]._enter_event(
            self.source_id, definition, data, self.env.cr.now().replace(microsecond=0)
        )
        exchange._as_sender()._process(lambda _done, _left: True)
        exchange_sudo = exchange.sudo()
        if exchange_sudo.state == "rejected":
            raise UserError(exchange_sudo.event_note)
        return exchange_sudo.action_open_event_record()
