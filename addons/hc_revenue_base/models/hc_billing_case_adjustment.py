# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

# The log of the case is the audit trail; chatter of entries made by an act would be noise.
_QUIET = {"tracking_disable": True, "mail_create_nosubscribe": True, "mail_create_nolog": True}


class HcBillingCase(models.Model):
    """How a case's balance changes without a payment: adjustments, refunds, their reversals.

    Only controlled actions come here: they say who asked, who agreed and why.
    """

    _inherit = "hc.billing.case"

    def _request_adjustment(
        self, kind, responsibility, amount, *, idempotency_key, parameters=None, **values
    ):
        """Request that an amount of the case is written off, discounted, conceded or refunded.

        :param str kind: a kind of ``hc_core.ledger_acts`` other than a reversal
        :param str responsibility: whose balance it is
        :param float amount: in the currency of the case
        :param dict parameters: what a sibling's act needs besides
        :param values: further values of ``hc.controlled.action._request``: ``reason_code_id``,
            ``justification``, ``evidence``
        :return: the action
        :raise UserError: the amount is not open, or the act does not apply to the party
        """
        self.ensure_one()
        return self.env["hc.controlled.action"]._request(
            kind,
            self,
            idempotency_key=idempotency_key,
            amount=amount,
            case_id=self.id,
            parameters={**(parameters or {}), "responsibility": responsibility},
            **values,
        )

    def _request_reversal(self, action, *, idempotency_key, **values):
        """Request that an applied act on the case is undone.

        :param action: the act
        :return: the action that undoes it
        :raise UserError: it is not applied, or was reversed already
        """
        self.ensure_one()
        return self.env["hc.controlled.action"]._request(
            "reversal",
            self,
            idempotency_key=idempotency_key,
            amount=action.amount,
            currency_id=action.currency_id.id,
            case_id=self.id,
            parameters={"action_id": action.id},
            **values,
        )

    def _post_adjustment(self, action):
        """Post what an act forgives: debit the account of its kind, settle the party's items.

        The items that are due first are settled first.

        :return: the posted entry
        :raise UserError: the amount is no longer open, or the period is closed
        """
        self.ensure_one()
        self._lock_for_transition(["stage"])
        items = self._get_party_items(action.responsibility)
        self._lock_items(items)
        self._check_adjustment(action)
        use = self.env["hc.ledger.account"]._get_for(self.company_id, action.kind)
        self._check_period_open(use.journal_id)
        shares = self._allocate_oldest_first(items, action.amount)
        entry = (
            self.env["account.move"]
            .with_context(**_QUIET)
            ._create_guarded([self._prepare_adjustment_vals(action, use, shares)])
        )
        entry._post(soft=False)
        lines = entry.line_ids.filtered("credit").sorted("id")
        for (item, _share), line in zip(shares, lines, strict=True):
            (item | line).reconcile()
        self._log_act(action, entry)
        self._close_if_settled()
        return entry

    def _allocate_oldest_first(self, items, amount):
        """``[(item, amount)]``: how an amount settles items, in their order."""
        currency, shares = self.currency_id, []
        for item in items.filtered(
            lambda item: currency.compare_amounts(item.amount_residual, 0) > 0
        ):
            share = currency.round(min(amount, item.amount_residual))
            if currency.is_zero(share):
                break
            shares.append((item, share))
            amount -= share
        return shares

    def _prepare_adjustment_vals(self, action, use, shares):
        common = {"name": action.name, "hc_responsibility": action.responsibility}
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": use.journal_id.id,
            "date": self._get_today(),
            "ref": action.name,
            "hc_case_id": self.id,
            "hc_responsibility": action.responsibility,
            "hc_action_id": action.id,
            "line_ids": [
                Command.create(
                    {
                        **common,
                        "account_id": use.account_id.id,
                        "partner_id": shares[0][0].partner_id.id,
                        "debit": self.currency_id.round(sum(share for _item, share in shares)),
                    }
                ),
                *[
                    Command.create(
                        {
                            **common,
                            "account_id": item.account_id.id,
                            "partner_id": item.partner_id.id,
                            "date_maturity": item.date_maturity,
                            "credit": share,
                        }
                    )
                    for item, share in shares
                ],
            ],
        }

    def _pay_refund(self, action):
        """Pay back what a party overpaid, from the journal that received it.

        :return: the posted payment
        :raise UserError: the credit is smaller by now, or the period is closed
        """
        self.ensure_one()
        self._lock_for_transition(["stage"])
        overpaid = self._get_refund_items(action)
        self._lock_items(overpaid)
        self._check_adjustment(action)
        vals = self._prepare_refund_vals(action, overpaid)
        self._check_period_open(self.env["account.journal"].browse(vals["journal_id"]))
        payment = (
            self.env["account.payment"]
            .with_context(**_QUIET, force_payment_move=True)
            ._create_guarded([vals])
        )
        payment.action_post()
        entry = payment.move_id
        entry._write_guarded({"hc_action_id": action.id})
        paid = entry.line_ids.filtered(lambda line: line.account_id == overpaid.account_id)
        for item in overpaid:
            if not paid.reconciled:
                (item | paid).reconcile()
        self._log_act(action, entry)
        return payment

    def _get_refund_items(self, action):
        """What a refund pays back, in this order; a sibling that knows more puts it first."""
        return self._get_credit_items(action.responsibility)

    def _get_refund_journal(self, overpaid):
        """From where a refund is paid: the journal that received the money; a sibling extends."""
        return overpaid[0].journal_id

    def _prepare_refund_vals(self, action, overpaid):
        journal = self._get_refund_journal(overpaid)
        if not journal.outbound_payment_method_line_ids:
            raise UserError(
                self.env._(
                    "%(journal)s has no way to pay out. Add an outgoing payment method to it.",
                    journal=journal.display_name,
                )
            )
        return {
            "payment_type": "outbound",
            "partner_type": "customer",
            "partner_id": overpaid[0].partner_id.id,
            "destination_account_id": overpaid.account_id.id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "journal_id": journal.id,
            "amount": action.amount,
            "date": self._get_today(),
            "memo": action.name,
            "hc_action_id": action.id,
        }

    def _reverse_adjustment(self, action):
        """Undo exactly what an earlier act posted, and take a closed case up again.

        :return: the reversing entries
        :raise UserError: it was reversed already, or the period is closed
        """
        self.ensure_one()
        self._lock_for_transition(["stage"])
        original = action._get_reversed_action()
        original._lock_for_transition(["state"])
        entries = original.entry_ids.filtered(lambda move: move.state == "posted")
        for journal in entries.journal_id:
            self._check_period_open(journal)
        moves = entries.with_context(**_QUIET)
        with moves._permit_undoing(), moves._permit_creation():
            reversals = moves._reverse_moves(
                [self._prepare_reversal_vals(action, entry) for entry in entries], cancel=True
            )
            entries.origin_payment_id.state = "canceled"
        self._log_act(action, reversals)
        self._reopen_unsettled(action)
        return reversals

    def _prepare_reversal_vals(self, action, entry):
        return {
            "date": self._get_today(),
            "ref": self.env._("Reversal of %(entry)s", entry=entry.name),
            "hc_case_id": entry.hc_case_id.id,
            "hc_responsibility": entry.hc_responsibility,
            "hc_action_id": action.id,
        }

    def _reopen_unsettled(self, action):
        """The invoice stands and is open again: no question that people would have to answer."""
        if self.stage == "closed" and not self._is_settled():
            self._transition(
                "reopened",
                reason=action.justification,
                facts={"action": action.id},
                on_behalf_of=action.requester_id,
            )
            self._transition("invoiced", reason=self.env._("the invoice is open again"))

    def _log_act(self, action, entries):
        self._log_decision(
            reason=action.justification,
            facts={
                "act": action.kind,
                "action": action.id,
                "amount": action._get_log_facts()["amount"],
                "responsibility": action.responsibility or "",
                "reason_code": action.reason_code_id.code or "",
                "entry": entries.ids[:1],
            },
            on_behalf_of=action.requester_id,
        )
