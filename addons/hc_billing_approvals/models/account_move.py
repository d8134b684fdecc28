# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models


class AccountMove(models.Model):
    """Entries on the accounts of adjustments come from approved acts alone."""

    _inherit = "account.move"

    def _post(self, soft=True):
        self._check_adjustment_accounts()
        self._check_pays_nobody_back()
        return super()._post(soft)

    def write(self, vals):
        if vals.get("state") == "posted":
            self._check_adjustment_accounts()
            self._check_pays_nobody_back()
        elif "state" in vals:
            self._check_surplus_not_refunded()
        return super().write(vals)

    def _check_surplus_not_refunded(self):
        """A payment stays as long as the refund of its surplus does."""
        for move in self.sudo():
            lines = move.line_ids
            settled = (
                lines.matched_debit_ids.debit_move_id | lines.matched_credit_ids.credit_move_id
            )
            refunds = settled.move_id.hc_action_id.filtered(
                lambda action: action.kind in ("refund_patient", "refund_payer")
            )
            if move.state == "posted" and refunds and not move._get_cause():
                raise self.env["hc.refused.attempt"]._refuse(
                    move,
                    "reset",
                    self.env._(
                        "A surplus of %(payment)s was paid back. First reverse “%(refund)s”, "
                        "on the controlled action.",
                        payment=move.display_name,
                        refund=refunds[0].name,
                    ),
                    refusal="native_path",
                    reason="refunded_payment",
                )

    def _check_adjustment_accounts(self):
        """Refuse to post by hand on an account by which the suite forgives amounts.

        Closing entries of the accounting department name no patient and no payer: they may.
        """
        lines = self.sudo().line_ids.filtered(lambda line: not line.move_id._is_of_suite())
        if not lines:
            return
        uses = self.env["hc.ledger.account"].sudo()
        accounts = uses.search([("account_id", "in", lines.account_id.ids)]).account_id
        for line in lines.filtered(lambda line: line.account_id in accounts):
            if line.move_id._concerns_case():
                raise self.env["hc.refused.attempt"]._refuse(
                    line.move_id,
                    "post",
                    self.env._(
                        "%(account)s takes adjustments of patients' and payers' accounts, which "
                        "are requested: open the case and use “Adjust Balance”.",
                        account=line.account_id.display_name,
                    ),
                    refusal="native_path",
                    reason="adjustment_account",
                )

    def _is_of_suite(self):
        """Whether an act of the suite made it: an entry, or the invoice of a moved balance.

        Base refuses a credit note of such an invoice that no act of the suite makes.
        """
        self.ensure_one()
        own = self | self.reversed_entry_id
        return bool(self._get_cause()) or any(own.mapped("hc_transfers_balance"))

    def _check_pays_nobody_back(self):
        """Refuse an entry by hand that pays a patient or payer out of a bank or cash account."""
        for move in self.sudo():
            if (
                move.move_type != "entry"
                or move._get_cause()
                or move.origin_payment_id
                or move.statement_line_id
            ):
                continue
            paid = move.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable" and line.balance > 0
            )
            if paid.partner_id._filter_suite_parties() and any(
                line.account_type == "asset_cash" and line.balance < 0 for line in move.line_ids
            ):
                raise self.env["hc.refused.attempt"]._refuse(
                    move,
                    "refund",
                    self.env._(
                        "Refunds are requested: open the case of %(partner)s and use “Adjust "
                        "Balance”, so that preparer, approver and payer are three people.",
                        partner=paid.partner_id[:1].name,
                    ),
                    refusal="native_path",
                    reason="outbound_entry",
                )

    def _concerns_case(self):
        """Whether the entry names a case, or touches the receivable of a patient or payer."""
        self.ensure_one()
        return bool(self.hc_case_id or self.line_ids.hc_case_id) or bool(
            self.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            ).partner_id._filter_suite_parties()
        )


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _filter_suite_parties(self):
        """Partners that are the ledger side of a patient or a payer."""
        patients = self.env["hc.patient"].sudo().with_context(active_test=False)
        payers = self.env["hc.payer"].sudo().with_context(active_test=False)
        domain = [("partner_id", "in", self.ids)]
        return patients.search(domain).partner_id | payers.search(domain).partner_id
