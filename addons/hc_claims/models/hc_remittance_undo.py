# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from ..hc_claim_core.adjudication import REVERSAL

_DECIDERS = ("hc_revenue_base.group_hc_manager", "hc_revenue_base.group_hc_finance_manager")


class HcRemittance(models.Model):
    """Undoing a whole remittance: a controlled action that leaves the books as if it never was."""

    _inherit = "hc.remittance"

    def action_open_undo(self):
        """Ask why the remittance is undone."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Undo %(name)s", name=self.name),
            "res_model": "hc.remittance.undo.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_remittance_id": self.id},
        }

    def _request_undo(self, *, idempotency_key, **values):
        """Request that everything the remittance posted is undone.

        :return: the controlled action
        :raise UserError: somebody built on it since
        """
        self.ensure_one()
        return self.env["hc.controlled.action"]._request(
            "remittance_undo",
            self,
            idempotency_key=idempotency_key,
            amount=abs(self.payment_amount),
            currency_id=self.currency_id.id,
            **values,
        )

    def _check_undoable(self):
        """Whether the remittance can be undone without touching what came after it.

        :raise UserError: what must be undone first
        """
        self.ensure_one()
        if self.state not in ("posting", "posted"):
            raise UserError(self.env._("%(name)s posted nothing.", name=self.name))
        settled_by = self._get_receipt_items().matched_credit_ids.credit_move_id
        if self.bank_item_id or settled_by.move_id - self.move_ids:
            raise UserError(
                self.env._(
                    "The payment of %(name)s is reconciled with the bank. Undo that first.",
                    name=self.name,
                )
            )
        for answer in self.claim_ids.filtered(
            lambda answer: answer.state in ("posted", "reversed")
        ):
            objection = answer._get_undo_objection()
            if objection:
                raise UserError(objection)

    def _get_receipt_items(self):
        use = self.env["hc.ledger.account"]._get_for(self.company_id, "remittance_receipts")
        return self.cash_move_id.line_ids.filtered(lambda line: line.account_id == use.account_id)

    def _undo(self, action):
        """Post the opposite of all that was posted, the last answer first."""
        self.ensure_one()
        self._lock_for_transition(["state"])
        self._check_undoable()
        answers = self.claim_ids.filtered(lambda answer: answer.state == "posted")
        answers.case_id.sorted("id").lock_for_update(allow_referencing=True)
        for answer in answers.sorted(
            lambda answer: (answer.status_code == REVERSAL, answer.id), reverse=True
        ):
            answer._undo()
        if self.cash_move_id:
            self._create_entry(
                self.cash_move_id.journal_id,
                [
                    line._prepare_mirror_vals(self.claim_ids[:0])
                    for line in self.cash_move_id.line_ids
                ],
                self.env._("Undone"),
            )
        facts = {"action": action.id}
        self.claim_ids.filtered(lambda answer: answer.state != "undone")._transition(
            "undone", facts=facts
        )
        self._transition(
            "undone",
            reason=action.justification,
            facts=facts,
            on_behalf_of=action.requester_id,
        )
        self.env["hc.work.item"].sudo().search(
            [
                (
                    "dedup_key",
                    "in",
                    [f"remittance_claim:{answer.id}" for answer in self.claim_ids],
                ),
                ("state", "in", ("open", "in_progress")),
            ]
        )._resolve("superseded", reason=self.env._("remittance undone"))


class HcRemittanceClaim(models.Model):
    """Undoing one answer, a reversal included."""

    _inherit = "hc.remittance.claim"

    def _get_undo_objection(self):
        """What was built on the answer since, for a person; False where nothing was."""
        self.ensure_one()
        number = self.patient_control_number
        later = self.reversed_by_ids.filtered(
            lambda answer: answer.state == "posted" and answer.remittance_id != self.remittance_id
        )
        if later:
            return self.env._(
                "%(claim)s was reversed by %(remittance)s. Undo that remittance first.",
                claim=number,
                remittance=later[0].remittance_id.name,
            )
        invoice = self.transfer_invoice_id
        if invoice and invoice.payment_state not in ("not_paid", "reversed"):
            return self.env._(
                "%(invoice)s, which asks the patient of %(claim)s for their share, is paid. "
                "Take the payment back first.",
                invoice=invoice.name,
                claim=number,
            )
        moved = self.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and line.debit
        )
        if self.status_code != REVERSAL and moved.matched_credit_ids:
            return self.env._(
                "The next payer has answered for %(claim)s already. Undo that first.",
                claim=number,
            )
        acts = self.line_ids.matched_debit_ids.debit_move_id.move_id.hc_action_id
        if self.status_code != REVERSAL and acts:
            return self.env._(
                "“%(action)s” settled the credit that the answer to %(claim)s had made. "
                "Reverse that first.",
                action=acts[0].name,
                claim=number,
            )
        return False

    def _undo(self):
        """Post the opposite of the answer's items and give back what they had settled."""
        self.ensure_one()
        original = self.reversal_of_id
        if original and original.remittance_id == self.remittance_id:
            # Both are undone together: the reversal has undone the original already.
            return
        self._mirror(self)
        self._transition("undone", facts={"claim": self.claim_id.id})
        if original:
            original._restore()
        claim = self.claim_id
        if not claim.answer_ids.filtered(lambda answer: answer.state == "posted"):
            claim._transition_where_allowed("pending", facts={"undone": self.remittance_id.id})

    def _restore(self):
        """An answer stands again whose reversal is undone."""
        self.ensure_one()
        settled = self.line_ids.filtered(
            lambda line: (
                line.account_type == "asset_receivable"
                and line.credit
                and line.hc_responsibility == self.claim_id._responsibility
                and not line.reconciled
            )
        )
        items = self._get_open_items()[self.id]
        self.env["account.move.line"]._reconcile_plan([items | settled])
        self._write_guarded({"transfer_invoice_id": False})
        self._transition("posted", facts={"claim": self.claim_id.id})
        self._invoice_patients()


class HcControlledAction(models.Model):
    """Undoing a remittance is an act that somebody else may have to agree to."""

    _inherit = "hc.controlled.action"

    kind = fields.Selection(
        selection_add=[("remittance_undo", "Undo a Remittance")],
        ondelete={"remittance_undo": "cascade"},
    )

    def _gate(self):
        """Base alone lets managers undo; a module with approvals asks its policies."""
        if self.kind == "remittance_undo" and not any(map(self.requester_id.has_group, _DECIDERS)):
            return GateDecision(
                "refuse",
                self.env._("Managers and finance managers undo remittances. Ask one of them."),
            )
        return super()._gate()

    def _get_related_kind(self):
        return "reversal" if self.kind == "remittance_undo" else super()._get_related_kind()

    def _check_request(self):
        result = super()._check_request()
        if self.kind == "remittance_undo":
            self._get_subject()._check_undoable()
        return result

    def _apply_remittance_undo(self):
        self._get_subject().sudo()._undo(self)
