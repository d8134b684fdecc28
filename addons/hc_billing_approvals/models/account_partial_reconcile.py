# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models


class AccountPartialReconcile(models.Model):
    """What settles a case's receivable is a payment in full, or an act that was approved.

    All of accounting's own ways to forgive an open amount end here: a payment with its difference
    written off, a journal entry, reconciling a partner with a write-off.
    """

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._check_approved()
        return partials

    def _check_approved(self):
        for partial in self.sudo():
            sides = (partial.debit_move_id, partial.credit_move_id)
            for line, other in (sides, sides[::-1]):
                if line.hc_case_id and line.account_id.account_type == "asset_receivable":
                    partial._check_settlement(line, other)

    def _check_settlement(self, line, other):
        """Refuse what forgives a case's open amount without an approved act."""
        move = other.move_id
        if move.hc_case_id or move._get_cause() or line.move_id._get_cause():
            return
        facts = self._get_settlement_facts(line, other)
        if facts["by"] == "journal_entry" or "written_off" in facts:
            raise self.env["hc.refused.attempt"]._refuse(
                line.hc_case_id,
                "settle",
                self.env._(
                    "%(entry)s would forgive an open amount of %(case)s. Write-offs, discounts "
                    "and allowances are requested: open the case and use “Adjust Balance”.",
                    entry=move.display_name,
                    case=line.hc_case_id.name,
                ),
                refusal="native_path",
                reason=facts["by"],
            )
