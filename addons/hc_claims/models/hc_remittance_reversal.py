# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models
from odoo.exceptions import UserError

from ..hc_claim_core.adjudication import is_mirror
from .hc_remittance_posting import QUIET


class HcRemittanceClaim(models.Model):
    """Taking an answer back: exactly what it posted, item by item."""

    _inherit = "hc.remittance.claim"

    def _post_reversal(self):
        """Undo the answer that the payer reverses (CLP02 = 22, X12 RFI 227)."""
        self.ensure_one()
        original = self._find_reversed()
        if not original:
            return
        move = original._mirror(self)
        self._write_guarded(
            {
                "reversal_of_id": original.id,
                "move_id": move.id,
                "hold_code": False,
                "hold_note": False,
                "amount_allowed_off": -original.amount_allowed_off,
                "amount_moved": -original.amount_moved,
                "next_party": original.next_party,
                "amount_denied": -original.amount_denied,
                "amount_pended": -original.amount_pended,
            }
        )
        original._transition("reversed", facts={"by": self.id})
        self._transition("posted", facts={"reverses": original.id, "entry": move.id})
        if not self.claim_id.answer_ids._get_standing():
            self.claim_id._transition_where_allowed(
                "pending", facts={"remittance": self.remittance_id.id}
            )
        taken_back = self.claim_id.answer_ids.filtered(
            lambda answer: answer.state == "matched" and answer.remittance_id.state == "posted"
        )
        self._try_held_again(("credit", "reversal_unknown", "reversal_differs"))
        for answer in taken_back:
            if answer.state in ("held", "matched"):
                answer._retry()

    def _find_reversed(self):
        """The answer that this one negates; where there is none, this one is held."""
        candidates = self.claim_id.answer_ids._get_standing().sorted("id", reverse=True)
        mine = self._get_answer()
        exact = candidates.filtered(lambda answer: is_mirror(mine, answer._get_answer()))
        exact = exact or self._post_late(mine, candidates)
        if not exact:
            self._hold("reversal_differs" if candidates else "reversal_unknown")
            return self.browse()
        same_number = exact.filtered(
            lambda answer: answer.payer_claim_number == self.payer_claim_number
        )
        return (same_number or exact)[:1]

    def _post_late(self, mine, later):
        """Post the answer that is reversed where it is held because a correction came first.

        The correction is taken back for it and posted again behind the reversal.

        :param mine: this reversal, as the posting rules read it
        :param later: answers that are posted
        :return: the answer that is reversed; empty where none is held
        """
        late = self.claim_id.answer_ids.filtered(
            lambda answer: (
                answer.state == "held"
                and answer.hold_code == "credit"
                and is_mirror(mine, answer._get_answer())
            )
        )[:1]
        if late:
            for answer in later:
                answer._mirror(answer)
                answer._write_guarded({"transfer_invoice_id": False, "move_id": False})
                answer._transition("matched", facts={"behind": late.id})
            late._transition("matched")
            late._post_answers()
            late._resolve_waiting_item()
        return late

    def _mirror(self, cause=None):
        """Post the opposite of every item that these answers posted, and settle both together.

        :param cause: the answer on whose account this is done, for one answer; otherwise each
            answer is undone on its own, all of one remittance in one entry
        :return: the entry; empty where the answers had posted nothing
        """
        posted = self.line_ids.filtered(
            lambda line: line.move_id.move_type == "entry" and line.parent_state == "posted"
        )
        self._take_back_invoices()
        if not posted:
            return self.env["account.move"]
        receivable = posted.filtered(lambda line: line.account_type == "asset_receivable")
        # What it settled at its own payer; the next party's items keep what they were paid.
        settled = receivable.filtered(
            lambda line: (
                line.hc_responsibility == line.hc_remittance_claim_id.claim_id._responsibility
            )
        )
        if not cause or cause == self:
            settled |= posted.filtered(lambda line: line._is_cash_leg())
        moves = (
            settled.matched_debit_ids.debit_move_id | settled.matched_credit_ids.credit_move_id
        ).move_id | settled.move_id
        with moves.filtered(lambda move: move._get_cause())._permit_undoing():
            settled.with_context(**QUIET).remove_move_reconcile()
        move = (cause or self).remittance_id._create_entry(
            posted[0].journal_id,
            [line._prepare_mirror_vals(cause or line.hc_remittance_claim_id) for line in posted],
            self.env._("Reversal"),
        )
        mirrors = dict(zip(posted, move.line_ids.sorted("id"), strict=True))
        self.env["account.move.line"]._reconcile_plan(
            [line | mirrors[line] for line in receivable | settled if not line.reconciled]
        )
        return move

    def _take_back_invoices(self):
        """Credit the patients' invoices; what was paid on them stays the patients' credit."""
        invoices = self.transfer_invoice_id.filtered(lambda invoice: invoice.state == "posted")
        if invoices:
            today = self.remittance_id._get_today()
            with invoices._permit_undoing(), invoices._permit_creation():
                invoices.with_context(tracking_disable=True)._reverse_moves(
                    [
                        {
                            "ref": self.env._("Taken back: %(invoice)s", invoice=invoice.name),
                            "invoice_date": today,
                            "date": today,
                        }
                        for invoice in invoices
                    ],
                    cancel=True,
                )

    def _try_held_again(self, hold_codes):
        """Post what was held because the answer before it was missing or stood in the way."""
        held = self.claim_id.answer_ids.filtered(
            lambda answer: answer.state == "held" and answer.hold_code in hold_codes
        )
        for answer in held:
            if answer.state == "held":
                answer._retry()

    def _retry(self):
        """Try a held answer again; its work item goes where it is posted."""
        self.ensure_one()
        self._transition_where_allowed("matched")
        self._post_answers()
        self._invoice_patients()
        if self.state == "posted":
            self._resolve_waiting_item()

    def _resolve_waiting_item(self):
        self._get_waiting_items()._resolve("fixed")

    def _get_waiting_items(self):
        """Open work items that ask a person about these answers."""
        return (
            self.env["hc.work.item"]
            .sudo()
            .search(
                [
                    ("dedup_key", "in", [f"remittance_claim:{answer.id}" for answer in self]),
                    ("state", "in", ("open", "in_progress")),
                ]
            )
        )

    def action_try_again(self):
        """Try held or newly matched answers again."""
        self.check_access("write")
        for answer in self.sudo():
            if answer.state == "held":
                answer._retry()
            elif answer.state == "matched" and answer.remittance_id.state in ("posting", "posted"):
                answer._post_answers()
                answer._invoice_patients()
                answer._resolve_waiting_item()
            else:
                raise UserError(
                    self.env._(
                        "%(answer)s waits for nothing that could be tried again.",
                        answer=answer.display_name,
                    )
                )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _prepare_mirror_vals(self, cause):
        """Values of the item that undoes this one."""
        self.ensure_one()
        return {
            "name": self.name,
            "account_id": self.account_id.id,
            "partner_id": self.partner_id.id,
            "balance": -self.balance,
            "amount_currency": -self.amount_currency,
            "date_maturity": self.date_maturity,
            "hc_case_id": self.hc_case_id.id,
            "hc_responsibility": self.hc_responsibility,
            "hc_remittance_claim_id": cause.id,
        }
