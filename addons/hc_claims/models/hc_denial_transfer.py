# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the payer denies as the patient's (group PR) goes to the patient, when a person says so."""

from odoo import models
from odoo.exceptions import UserError

from ..hc_claim_core.adjudication import Posting
from .hc_remittance_posting import QUIET


class HcDenial(models.Model):
    _inherit = "hc.denial"

    def action_transfer(self):
        """Ask the patient for what the payer says is the patient's.

        :raise UserError: another group, another payer comes next, or nobody may ask the patient
        """
        self._check_to_do()
        for denial in self:
            denial._check_transferable()
        for answer, denials in self.sudo().grouped("answer_id").items():
            answer._move_denied(sum(denials.mapped("amount_denied")))
            denials._close("transferred", answer=answer)

    def _check_transferable(self):
        """CO, OA and PI never reach the patient; a next payer is asked before the patient is."""
        next_party = self.claim_id.sudo()._get_next_party()
        objection = False
        if self.group_code != "PR" or "PR" not in self._get_groups():
            objection = self.env._("the payer does not say that the patient owes it (group PR)")
        elif len(self._get_groups()) > 1:
            objection = self.env._("a part of it is not the patient's")
        elif not next_party:
            objection = self.env._("the patient may not be billed")
        elif next_party[0] != "patient":
            objection = self.env._("another payer comes before the patient: send the claim there")
        elif self._get_open_appeals():
            objection = self.env._("an appeal is open")
        if objection:
            raise UserError(
                self.env._(
                    "%(denial)s is not moved to the patient: %(reason)s.",
                    denial=self.name,
                    reason=objection,
                )
            )

    def _get_groups(self):
        return {part.partition("-")[0] for part in (self.reason_summary or "").split(", ")}


class HcRemittanceClaim(models.Model):
    _inherit = "hc.remittance.claim"

    def _move_denied(self, amount):
        """Post what posting had left open as denied as the patient's share.

        The entry belongs to the answer: whatever takes the answer back takes it back as well.

        :raise UserError: less than that is open at the payer
        """
        self.ensure_one()
        self.case_id.lock_for_update(allow_referencing=True)
        items = self._get_open_items()[self.id]
        open_amount = sum(items.mapped("amount_residual"))
        if self.currency_id.compare_amounts(open_amount, amount) < 0:
            raise UserError(
                self.env._(
                    "Only %(open)s are open at the payer.",
                    open=self.currency_id.format(open_amount),
                )
            )
        accounts = self._get_accounts()
        move = self.remittance_id._create_entry(
            accounts["remittance_clearing"].journal_id,
            self._prepare_lines(Posting(moved=self._to_decimal(amount)), items, accounts),
            self.env._("To the Patient"),
        )
        settled = move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        self.env["account.move.line"].with_context(**QUIET)._reconcile_plan([items | settled])
        # One invoice asks the patient for all that the answer leaves to them.
        self._take_back_invoices()
        self._write_guarded(
            {
                "amount_moved": self.currency_id.round(self.amount_moved + amount),
                "amount_denied": self.currency_id.round(self.amount_denied - amount),
                "next_party": "patient",
                "transfer_invoice_id": False,
            }
        )
        self._invoice_patients()
