# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain

_LOOKED_AT = 20
_FINDERS = ("hc_revenue_base.group_hc_finance_manager", "account.group_account_user")


class HcRemittance(models.Model):
    """Reassociation: the bank's receipt belongs to the remittance whose trace number it names.

    CORE Operating Rule 370 has the bank pass TRN02 on with the payment. Amount and trace number
    must both agree, and with one receipt only; everything else is for a person at the bank line.
    """

    _inherit = "hc.remittance"

    def _get_unbanked_domain(self):
        return Domain(
            [
                ("state", "in", ("posting", "posted")),
                ("cash_move_id", "!=", False),
                ("bank_item_id", "=", False),
                ("payment_amount", ">", 0),
                ("trace_number", "!=", False),
            ]
        )

    def _cron_find_receipts(self):
        """Scheduled Action: reconcile payments in transit with what the bank has received."""
        self._run_in_batches(self._get_unbanked_domain(), "_find_receipts")

    def action_find_receipt(self):
        """Look for the bank's receipt now."""
        if not any(map(self.env.user.has_group, _FINDERS)):
            raise UserError(self.env._("Finance reconciles receipts with the bank. Ask them."))
        self.check_access("read")
        self.sudo()._find_receipts()
        for remittance in self:
            if not remittance.sudo().bank_item_id:
                raise UserError(
                    self.env._(
                        "No open bank receipt of %(amount)s names %(trace)s. Import the bank "
                        "statement, or reconcile the bank line by hand with the item of "
                        "%(remittance)s.",
                        amount=remittance.currency_id.format(remittance.payment_amount),
                        trace=remittance.trace_number,
                        remittance=remittance.name,
                    )
                )

    def _find_receipts(self):
        for remittance in self.filtered_domain(self._get_unbanked_domain()):
            items = remittance._get_receipt_items().filtered(lambda item: not item.reconciled)
            receipt = remittance._find_bank_line()
            if len(items) == 1 and receipt:
                remittance._reconcile_receipt(items, receipt)

    def _find_bank_line(self):
        """The one open bank line of this amount that names the trace number; else none."""
        self.ensure_one()
        lines = self.env["account.bank.statement.line"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("is_reconciled", "=", False),
                ("amount", "=", self.payment_amount),
                "|",
                ("payment_ref", "ilike", self.trace_number),
                ("ref", "ilike", self.trace_number),
            ],
            limit=_LOOKED_AT,
        )
        named = lines.filtered(
            lambda line: self._names_trace(line.payment_ref) or self._names_trace(line.ref)
        )
        return named if len(named) == 1 else lines[:0]

    def _names_trace(self, text):
        """Whether a text holds the trace number as a word of its own, not inside a longer one."""
        words = "".join(sign if sign.isalnum() else " " for sign in text or "").upper().split()
        return self.trace_number.upper() in words

    def _reconcile_receipt(self, item, receipt):
        """Let the bank line settle the payment in transit."""
        _liquidity, suspense, others = receipt._seek_for_lines()
        if len(suspense) != 1 or others:
            return
        suspense.with_context(skip_readonly_check=True).write(
            {"account_id": item.account_id.id, "partner_id": self.payer_id.partner_id.id}
        )
        (suspense | item).reconcile()
        self._write_guarded({"bank_item_id": suspense.id})
        self._log_decision(
            kind="event",
            reason=self.env._("received by the bank"),
            facts={"bank_line": receipt.id, "item": suspense.id},
        )
