# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcPaymentReportWizard(models.TransientModel):
    """Whose a payment is that was not matched, or why it is not ours."""

    _name = "hc.payment.report.wizard"
    _description = "Assign a Payment"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False

    report_id = fields.Many2one("hc.payment.report", required=True, readonly=True)
    event = fields.Selection(related="report_id.event")
    currency_id = fields.Many2one(related="report_id.currency_id", store=True)
    company_id = fields.Many2one(related="report_id.company_id", store=True)
    amount = fields.Monetary(related="report_id.amount")
    given = fields.Char("Account Given", related="report_id.account_number")
    account_id = fields.Many2one(
        "hc.collection.account",
        domain="[('party', '=', 'patient'), ('company_id', '=', company_id)]",
    )
    reason = fields.Char("Why It Is Not Ours")

    def action_assign(self):
        """Book the payment on the account."""
        self.ensure_one()
        self.report_id._assign(self.account_id)
        return {"type": "ir.actions.act_window_close"}

    def action_dismiss(self):
        """Book nothing."""
        self.ensure_one()
        self.report_id._dismiss(self.reason)
        return {"type": "ir.actions.act_window_close"}
