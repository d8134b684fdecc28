# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json

from odoo import fields, models


class HcExchange(models.Model):
    """Answers of carriers, received as documents."""

    _inherit = "hc.exchange"

    document_type = fields.Selection(
        selection_add=[("transport_answer", "Transport Answer")],
        ondelete={"transport_answer": "cascade"},
    )

    def _handle_transport_answer(self, checkpoint):
        """Book the rides that the carrier accepts; the same answer twice changes nothing."""
        exchange_sudo = self.sudo()
        exchange_sudo._transition_where_allowed("processing")
        try:
            accepted = json.loads(exchange_sudo.payload_attachment_id.raw)["accepted"]
            ids = [int(number) for number in accepted][:1000]
        except (ValueError, KeyError, TypeError):
            self._reject(self.env._("The answer is no JSON object with a list “accepted”."))
            return True
        requests = self.env["hc.transport.request"].search([("id", "in", ids)])
        requests._job_book(exchange_sudo.source)
        checkpoint(len(requests), 0)
        exchange_sudo._transition("done", facts={"requests": len(requests)})
        return True
