# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

from .hc_contact import CHANNELS


class HcContactCost(models.Model):
    """What one contact by a channel costs; only the cost to collect is reckoned with it."""

    _name = "hc.contact.cost"
    _description = "Cost of Contacts"
    _order = "company_id, channel"
    _rec_name = "channel"

    channel = fields.Selection(CHANNELS, required=True)
    amount = fields.Monetary("Cost of One", required=True)
    company_id = fields.Many2one("res.company", index=True, help="Empty: all companies.")
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )

    _channel_unique = models.UniqueIndex(
        "(channel, coalesce(company_id, 0))", "This channel has a cost already."
    )
    _amount_not_negative = models.Constraint(
        "CHECK (amount >= 0)", "What a contact costs is zero or more."
    )
