# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcPaymentSource(models.Model):
    """Who reports payments that were not made through Odoo: a lockbox, a kiosk, another portal."""

    _name = "hc.payment.source"
    _description = "Payment Source"
    _inherit = ["hc.config.controlled.mixin", "mail.thread"]
    _order = "company_id, code"
    _check_company_auto = True
    _config_fields = ("journal_id", "active")

    name = fields.Char(required=True)
    code = fields.Char(required=True, help="As the other system names itself in its reports.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    journal_id = fields.Many2one(
        "account.journal",
        required=True,
        check_company=True,
        ondelete="restrict",
        domain="[('type', 'in', ('bank', 'cash', 'credit'))]",
        help="Where its money arrives.",
    )
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex("(company_id, code)", "This source exists already.")
