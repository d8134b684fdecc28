# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcExchange(models.Model):
    """Text messages that leave through a gateway."""

    _inherit = "hc.exchange"

    document_type = fields.Selection(
        selection_add=[("text_message", "Text Messages")],
        ondelete={"text_message": "cascade"},
    )

    def _finish_sending(self):
        result = super()._finish_sending()
        contacts = self.env["hc.contact"].sudo().search([("exchange_id", "in", self.ids)])
        contacts.filtered(lambda contact: contact.state == "queued")._transition("sent")
        return result
