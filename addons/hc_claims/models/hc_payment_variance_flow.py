# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.hc_revenue_base.models.hc_billing_case_adjustment import _QUIET

from ..hc_claim_core.variance import UNDERPAID
from .hc_payment_variance import UNSETTLED_STATES

MINIMUM_REASON_LENGTH = 10
_DECIDERS = ("hc_revenue_base.group_hc_manager", "hc_revenue_base.group_hc_finance_manager")
_AMOUNTS = (
    "contract_id",
    "kind",
    "amount",
    "amount_underpaid",
    "amount_overpaid",
    "amount_expected",
    "amount_allowed",
    "amount_paid",
)


class HcPaymentVariance(models.Model):
    """How variances come, change and go: by comparison, by people, by approval."""

    _inherit = "hc.payment.variance"

    @api.model
    def _follow(self, answers, results):
        """Open, change and close variances after answers were compared.

        :param answers: all that were compared
        :param results: ``{answer: values with "lines"}``; those missing have no contract
        """
        known = {each.answer_id: each for each in answers.sudo().variance_ids}
        new = []
        agreed = self.sudo()
        for answer in answers:
            values = results.get(answer)
            variance = known.get(answer)
            if values and values["amount"]:
                if variance:
                    variance._follow_result(values)
                else:
                    new.append((answer, values))
            elif variance:
                agreed |= variance
        agreed._close("agreed")
        self._create_found(new)
        self._recover_from(answers, results)

    @api.model
    def _create_found(self, found):
        today = fields.Date.context_today(self)
        variances = self.sudo()._create_guarded(
            [
                {
                    "answer_id": answer.id,
                    "found_on": today,
                    **{name: values[name] for name in _AMOUNTS},
                }
                for answer, values in found
            ]
        )
        self._create_lines(zip(variances, (values for _answer, values in found), strict=True))
        variances._open_items()
        return variances

    @api.model
    def _create_lines(self, pairs):
        self.env["hc.payment.variance.line"].sudo()._create_guarded(
            [
                {**line, "variance_id": variance.id, "sequence": number}
                for variance, values in pairs
                for number, line in enumerate(values["lines"], start=1)
            ]
        )

    def _follow_result(self, values):
        """Take over what the comparison says now; what people have settled stays."""
        self.ensure_one()
        if self.state in ("accepted", "recovered"):
            return
        amounts = {name: values[name] for name in _AMOUNTS}
        is_same = self.contract_id.id == amounts["contract_id"] and not any(
            self.currency_id.compare_amounts(self[name], amounts[name])
            for name in _AMOUNTS
            if name.startswith("amount")
        )
        if is_same and self.state in UNSETTLED_STATES:
            return
        if self.state == "closed" and self.closing == "no_variance" and is_same:
            return
        self._write_guarded(amounts)
        self.line_ids.unlink()
        self._create_lines([(self, values)])
        if self.state == "closed":
            # What the payer was asked for, and seemed to have paid, it is still asked for.
            stands = self.disputed_on and self.closing == "reversed"
            target = "disputed" if stands else "new"
            self._transition(target, facts={"amount": str(self.amount)})

    def _close(self, closing):
        """Close what is not settled; an acceptance of a payment that is taken back goes with it."""
        for variance in self.filtered(lambda each: each.state in UNSETTLED_STATES):
            variance._write_guarded({"closing": closing})
            variance._transition("closed", facts={"why": closing})
        if closing == "reversed":
            for variance in self.filtered(lambda each: each.state == "accepted"):
                variance._take_acceptance_back()
                variance._write_guarded({"closing": closing})
                variance._transition("closed", facts={"why": closing})

    def action_review(self):
        """Look at these variances; from now on they are mine."""
        self._transition("in_review")

    def action_dispute(self):
        """The payer is asked to pay what the contract says."""
        if self.filtered(lambda each: each.kind != UNDERPAID):
            raise UserError(
                self.env._("An overpayment is not disputed: it is a credit balance to give back.")
            )
        self._transition("disputed")

    def action_open_close(self):
        """Ask why there is no variance."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("No Variance"),
            "res_model": "hc.payment.variance.close.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_variance_id": self.id},
        }

    def _close_as_none(self, reason):
        """There is no variance: the contract is read in another way, or the term was wrong.

        Every variance is above its contract's tolerance, so that this gives money away as an
        acceptance does: it is for the same people.

        :param str reason: what the log says
        :raise UserError: the user may not, or gives no reason
        """
        if not any(map(self.env.user.has_group, _DECIDERS)):
            raise UserError(
                self.env._(
                    "Managers and finance managers say that there is no variance. Ask one of them."
                )
            )
        if len((reason or "").strip()) < MINIMUM_REASON_LENGTH:
            raise UserError(self.env._("Say in a sentence why: the audit log reads it."))
        self._transition("closed", reason=reason.strip(), facts={"why": "no_variance"})
        self._write_guarded({"closing": "no_variance"})

    def action_open_accept(self):
        """Ask for the acceptance of an underpayment."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Accept the Underpayment"),
            "res_model": "hc.payment.variance.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_variance_ids": self.ids},
        }

    # An acceptance is a ledger act of base with the variance as its subject.

    def _check_adjustment(self, action):
        """Refuse to accept what is not open any more, or another amount.

        :raise UserError: why not
        """
        self.ensure_one()
        if self.kind != UNDERPAID or self.state not in UNSETTLED_STATES:
            raise UserError(
                self.env._("%s is no underpayment that could still be accepted.", self.display_name)
            )
        if self.currency_id.compare_amounts(action.amount, self.amount):
            raise UserError(
                self.env._(
                    "%(variance)s is %(amount)s by now: request its acceptance again.",
                    variance=self.display_name,
                    amount=self.currency_id.format(self.amount),
                )
            )

    def _post_adjustment(self, action):
        """Accept the underpayment: what was booked as agreed allowance is shown as what it is.

        The payer's receivable was settled by its answer; the entry moves the amount from the
        contractual allowances to the accepted underpayments.

        :return: the posted entry
        """
        self.ensure_one()
        self._lock_for_transition(["state"])
        self._check_adjustment(action)
        use = self.env["hc.ledger.account"]._get_for(self.company_id, action.kind)
        allowance = self.env["hc.ledger.account"]._get_for(self.company_id, "contractual_allowance")
        self.case_id._check_period_open(use.journal_id)
        entry = (
            self.env["account.move"]
            .with_context(**_QUIET)
            ._create_guarded([self._prepare_acceptance_vals(action, use, allowance)])
        )
        entry._post(soft=False)
        self._write_guarded({"action_id": action.id})
        self._transition(
            "accepted",
            reason=action.justification,
            facts={"action": action.id, "entry": entry.id},
            on_behalf_of=action.requester_id,
        )
        return entry

    def _prepare_acceptance_vals(self, action, use, allowance):
        common = {
            "name": action.name,
            "partner_id": self.payer_id.partner_id.id,
            "hc_case_id": self.case_id.id,
        }
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": use.journal_id.id,
            "date": self.case_id._get_today(),
            "ref": action.name,
            "hc_case_id": self.case_id.id,
            "hc_action_id": action.id,
            "line_ids": [
                Command.create({**common, "account_id": account.id, side: self.amount})
                for account, side in (
                    (use.account_id, "debit"),
                    (allowance.account_id, "credit"),
                )
            ],
        }

    def _take_acceptance_back(self):
        """Post the opposite of the acceptance's entry."""
        self.ensure_one()
        entries = self.action_id.entry_ids.filtered(
            lambda move: move.state == "posted" and not move.reversal_move_ids
        )
        moves = entries.with_context(**_QUIET)
        with moves._permit_undoing(), moves._permit_creation():
            moves._reverse_moves(
                [
                    {
                        "date": self.case_id._get_today(),
                        "ref": self.env._("Reversal of %(entry)s", entry=entry.name),
                        "hc_case_id": self.case_id.id,
                        "hc_action_id": self.action_id.id,
                    }
                    for entry in entries
                ],
                cancel=True,
            )
