# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcReasonCode(models.Model):
    """Why a case was cancelled, reopened, overridden, found not billable and so on."""

    _name = "hc.reason.code"
    _description = "Reason Code"
    _order = "usage, sequence, code"
    _rec_names_search = ["code", "name"]

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    usage = fields.Selection(
        [
            ("override", "Override of a Finding"),
            ("not_billable", "Not Billable"),
            ("cancel", "Cancellation"),
            ("void_rebill", "Void and Rebill"),
            ("reopen", "Reopening"),
            ("write_off", "Write-Off"),
            ("refund", "Refund"),
            ("discount", "Discount"),
            ("reversal", "Reversal"),
            ("other", "Other"),
        ],
        required=True,
        index=True,
    )
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", index=True, help="Empty: all companies.")
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(company_id, usage, code) NULLS NOT DISTINCT", "This reason code exists already."
    )
