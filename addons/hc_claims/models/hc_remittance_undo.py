# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Undoing a remittance: a controlled action that leaves the books as if it never was.

The payment is taken back when it is agreed to. The answers follow, in the same transaction where
they are few, else as jobs of some answers each: committed one by one, taken up again after a crash.
Until the last one is undone the account of remittances to post shows what is still to be undone.
"""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.hc_revenue_base.hc_core.job_policy import JobPolicy
from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from ..hc_claim_core.adjudication import REVERSAL
from .hc_remittance_posting import ANSWERS_PER_JOB

_DECIDERS = ("hc_revenue_base.group_hc_manager", "hc_revenue_base.group_hc_finance_manager")


class HcRemittance(models.Model):
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
        objection = self._get_undo_objection(Domain("remittance_id", "=", self.id))
        if objection:
            raise UserError(objection)

    def _get_receipt_items(self):
        use = self.env["hc.ledger.account"]._get_for(self.company_id, "remittance_receipts")
        return self.cash_move_id.line_ids.filtered(lambda line: line.account_id == use.account_id)

    def _undo(self, action):
        """Take the payment back, and the answers: few at once, many as jobs.

        :raise UserError: somebody built on it since
        """
        self.ensure_one()
        self._lock_for_transition(["state"])
        self._check_undoable()
        self._transition(
            "undoing",
            reason=action.justification,
            facts={"action": action.id},
            on_behalf_of=action.requester_id,
        )
        self._take_back_payment()
        self._undo_answers(action)

    def _take_back_payment(self):
        """Post the opposite of the payment's entry."""
        if self.cash_move_id:
            nobody = self.env["hc.remittance.claim"]
            self._create_entry(
                self.cash_move_id.journal_id,
                [line._prepare_mirror_vals(nobody) for line in self.cash_move_id.line_ids],
                self.env._("Undone"),
            )

    def _undo_answers(self, action):
        # Only what groups them is read: there may be tens of thousands.
        answers = self.env["hc.remittance.claim"].search_fetch(
            [("remittance_id", "=", self.id), ("state", "!=", "undone")], ["case_id"]
        )
        if len(answers) <= ANSWERS_PER_JOB:
            answers._undo_together(action)
            self._finish()
        else:
            self._enqueue_sets(answers, "_job_undo_answers", "remittance undo", action_id=action.id)

    def _get_job_methods(self):
        return super()._get_job_methods() | {"_job_undo_answers": JobPolicy(max_attempts=5)}

    def _job_undo_answers(self, answer_ids, action_id):
        """Job: undo some answers; those that were undone meanwhile are left alone."""
        remittance = self.sudo()
        if remittance.state != "undoing":
            return
        answers = remittance._get_answers(answer_ids)
        answers._undo_together(remittance.env["hc.controlled.action"].browse(action_id))
        remittance._finish_or_look_again(answers)

    def _finish(self):
        return self._finish_undoing() if self.state == "undoing" else super()._finish()

    def _finish_undoing(self):
        """All answers are undone: say so.

        :return: whether they are, as far as this transaction sees
        """
        if self._has_answers(("state", "!=", "undone")):
            return False
        self._transition_where_allowed("undone", facts={"action": self._get_undo_action().id})
        return True

    def _get_undo_action(self):
        """The controlled action by which the remittance is undone."""
        return self.env["hc.controlled.action"].search(
            [
                ("kind", "=", "remittance_undo"),
                ("res_model", "=", self._name),
                ("res_id", "=", self.id),
                ("state", "=", "applied"),
            ],
            order="id desc",
            limit=1,
        )

    def action_go_on_undoing(self):
        """Take up what was agreed to, where its jobs were cancelled or given up.

        :raise UserError: the user may not undo, or the remittance is not being undone
        """
        self.check_access("read")
        if not any(map(self.env.user.has_group, _DECIDERS)):
            raise UserError(
                self.env._("Managers and finance managers undo remittances. Ask one of them.")
            )
        for remittance in self.sudo():
            if remittance.state != "undoing":
                raise UserError(self.env._("%(name)s is not being undone.", name=remittance.name))
            remittance._undo_answers(remittance._get_undo_action())

    def _get_undo_objection(self, domain):
        """What was built on answers since, for a person; False where nothing was.

        The database is asked, not the records: there may be tens of thousands of them.

        :param domain: which answers of the remittance
        """
        answers = self.env["hc.remittance.claim"].sudo()
        later = answers.search(
            Domain("reversal_of_id", "any", Domain(domain) & Domain("state", "=", "reversed"))
            & Domain("state", "=", "posted")
            & Domain("remittance_id", "!=", self.id),
            limit=1,
        )
        if later:
            return self.env._(
                "%(claim)s was reversed by %(remittance)s. Undo that remittance first.",
                claim=later.reversal_of_id.patient_control_number,
                remittance=later.remittance_id.name,
            )
        standing = Domain(domain) & Domain("state", "=", "posted")
        paid = answers.search(
            standing
            & Domain(
                "transfer_invoice_id",
                "any",
                [("payment_state", "not in", ("not_paid", "reversed"))],
            ),
            limit=1,
        )
        if paid:
            return self.env._(
                "%(invoice)s, which asks the patient of %(claim)s for their share, is paid. "
                "Take the payment back first.",
                invoice=paid.transfer_invoice_id.name,
                claim=paid.patient_control_number,
            )
        return self._get_settlement_objection(standing & Domain("status_code", "!=", REVERSAL))

    def _get_settlement_objection(self, domain):
        """What settled items of answers since, for a person; False where nothing did."""
        items = self.env["account.move.line"].sudo()
        of_answers = Domain("hc_remittance_claim_id", "any", domain)
        moved = items.search(
            of_answers
            & Domain("account_type", "=", "asset_receivable")
            & Domain("debit", ">", 0)
            & Domain("matched_credit_ids", "!=", False),
            limit=1,
        )
        if moved:
            return self.env._(
                "The next payer has answered for %(claim)s already. Undo that first.",
                claim=moved.hc_remittance_claim_id.patient_control_number,
            )
        acts = "matched_debit_ids.debit_move_id.move_id.hc_action_id"
        settled = items.search(of_answers & Domain(acts, "!=", False), limit=1)
        if settled:
            return self.env._(
                "“%(action)s” settled the credit that the answer to %(claim)s had made. "
                "Reverse that first.",
                action=settled.mapped(acts)[0].name,
                claim=settled.hc_remittance_claim_id.patient_control_number,
            )
        return False


class HcRemittanceClaim(models.Model):
    """Undoing answers, reversals included."""

    _inherit = "hc.remittance.claim"

    def _undo_together(self, action):
        """Undo answers of one remittance, reversals first, then the last one first.

        Those that are undone are left alone. All of a case belong together.

        :raise UserError: somebody built on one of them since
        """
        self._lock_for_transition(["state"])
        standing = self.filtered(lambda answer: answer.state != "undone")
        objection = standing.remittance_id._get_undo_objection(Domain("id", "in", standing.ids))
        if objection:
            raise UserError(objection)
        posted = standing.filtered(lambda answer: answer.state == "posted")
        posted.case_id.sorted("id").lock_for_update(allow_referencing=True)
        waiting = posted.sorted(
            lambda answer: (answer.status_code == REVERSAL, answer.id), reverse=True
        )
        while waiting:
            # Of each case one after the other.
            together = waiting.browse(
                [answers[0].id for answers in waiting.grouped("case_id").values()]
            )
            together._undo()
            waiting = (waiting - together).filtered(lambda answer: answer.state == "posted")
        standing.filtered(lambda answer: answer.state != "undone")._transition(
            "undone", facts={"action": action.id}
        )
        standing._get_waiting_items()._resolve("superseded", reason=self.env._("remittance undone"))

    def _undo(self):
        """Post the opposite of the answers' items and give back what they had settled.

        The answers are of one remittance, and each of another case.
        """
        # A reversal of an answer of the same remittance has undone it already: both are undone.
        mine = self.filtered(
            lambda answer: answer.reversal_of_id.remittance_id != answer.remittance_id
        )
        mine._mirror()
        mine._transition(
            "undone", facts={"by_id": {answer.id: {"claim": answer.claim_id.id} for answer in mine}}
        )
        for original in mine.reversal_of_id:
            original._restore()
        unanswered = mine.claim_id.filtered(
            lambda claim: not claim.answer_ids.filtered(lambda answer: answer.state == "posted")
        )
        unanswered._transition_where_allowed("pending", facts={"undone": mine.remittance_id.id})

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
