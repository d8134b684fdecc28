# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models


class AccountPartialReconcile(models.Model):
    """What settles a case's receivable is on the case's log, by whichever way it came.

    Accounting can settle an open amount without the suite's own acts: by a payment with a
    write-off, a journal entry, a credit note of the partner. None goes unseen.
    """

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._log_on_cases("settled")
        return partials

    def unlink(self):
        self._log_on_cases("unsettled")
        return super().unlink()

    def _log_on_cases(self, event):
        """Append one log row per case and partial settlement, with ids and amounts only."""
        entries = []
        for partial in self.sudo():
            sides = (partial.debit_move_id, partial.credit_move_id)
            for line, other in (sides, sides[::-1]):
                if line.hc_case_id and line.account_id.account_type == "asset_receivable":
                    entries.append(
                        {
                            "record": line.hc_case_id,
                            "kind": "event",
                            "facts": {"event": event} | partial._get_settlement_facts(line, other),
                        }
                    )
        self.env["hc.transition"]._append(entries)

    def _get_settlement_facts(self, line, other):
        """What settled an item: the entry on the other side, the amount, what was written off."""
        self.ensure_one()
        currency = self.company_currency_id
        move = other.move_id
        is_payment = bool(move.origin_payment_id or move.statement_line_id)
        kinds = {"out_refund": "credit_note", "out_invoice": "invoice"}
        facts = {
            "by": "payment" if is_payment else kinds.get(move.move_type, "journal_entry"),
            "move": move.id,
            "invoice": line.move_id.id,
            "amount": str(currency.round(self.amount)),
            "currency": currency.name,
        }
        if is_payment:
            written_off = sum(
                item.balance
                for item in move.line_ids
                if item.account_id.internal_group in ("expense", "income", "equity")
            )
            if not currency.is_zero(written_off):
                facts["written_off"] = str(currency.round(written_off))
        return facts
