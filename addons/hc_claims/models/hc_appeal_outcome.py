# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Appeals after their approval: sent, decided or withdrawn, and the level that comes next."""

from odoo import models
from odoo.exceptions import UserError

from ..lifecycles import APPEAL_WON_STATES


class HcAppeal(models.Model):
    _inherit = "hc.appeal"

    # Sent

    def action_open_submit(self):
        """Ask how and when the packet was sent."""
        return self._open_wizard("hc.appeal.submit.wizard", self.env._("Appeal Sent"))

    def action_open_decide(self):
        """Ask what the payer decided."""
        return self._open_wizard("hc.appeal.decision.wizard", self.env._("Payer's Decision"))

    def _open_wizard(self, model_name, title):
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model_name,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_appeal_id": self.id},
        }

    def _submit(self, *, channel, submitted_on, reference, late_reason=False):
        """Note that the packet was sent.

        :raise UserError: the packet is not what was approved, the day is impossible, or it is
            late and nobody says why the payer should take it
        """
        self.ensure_one()
        if not (reference or "").strip():
            raise UserError(
                self.env._("Enter the confirmation, tracking or fax number: it proves the filing.")
            )
        self._check_past(submitted_on, self.letter_date)
        if self.deadline and submitted_on > self.deadline and not (late_reason or "").strip():
            raise UserError(
                self.env._(
                    "The last day was %(day)s. Say why the payer should take the appeal "
                    "nevertheless (good cause), or withdraw it.",
                    day=self.deadline,
                )
            )
        self._move_once(
            "submitted", reason=late_reason or None, facts={"sha256": self.packet_sha256}
        )
        self._write_guarded(
            {
                "submission_channel": channel,
                "submitted_on": submitted_on,
                "submission_reference": reference.strip(),
                "submitted_by_id": self.env.uid,
                "late_reason": late_reason,
            }
        )
        self._resolve_work_items(("appeal_deadline", "appeal_documents"))

    def _move_once(self, target, **how):
        """Move an appeal of which this is not entered already: what is entered stays.

        :raise UserError: somebody has entered it before
        """
        if not self._transition(target, **how):
            raise UserError(
                self.env._(
                    "%(appeal)s: this is entered already. Reload the page to see it.",
                    appeal=self.name,
                )
            )

    def _check_past(self, day, not_before):
        """Refuse a day to come, and one before what has to precede it."""
        if day > self._get_today() or (not_before and day < not_before):
            raise UserError(
                self.env._(
                    "%(day)s cannot be: it lies between %(first)s and today.",
                    day=day,
                    first=not_before or "–",
                )
            )

    def _guard_state_submitted(self):
        return {
            appeal.id: []
            if appeal._is_packet_intact()
            else [self.env._("the packet is not what was approved: approve it anew")]
            for appeal in self
        }

    # Decided

    def _decide(self, outcome, *, decided_on, note, document, document_name, amount, won=None):
        """Enter the payer's decision, with its letter as evidence.

        :param str outcome: ``overturned``, ``partly_overturned`` or ``upheld``
        :param float amount: what the payer will pay of the amount in dispute
        :param won: the denials it gives way on; all where it does so in full
        :raise UserError: the amount does not fit the outcome, or evidence is missing
        """
        self.ensure_one()
        if not document or not (note or "").strip():
            raise UserError(self.env._("Attach the decision, and say what it says."))
        self._check_past(decided_on, self.submitted_on)
        self._check_decided_amount(outcome, amount)
        won = self._get_won(outcome, won)
        self._move_once(
            outcome,
            reason=note,
            facts={"amount": f"{amount:.{self.currency_id.decimal_places}f}", "won": won.ids},
        )
        self._write_guarded(
            {
                "decided_on": decided_on,
                "decided_by_id": self.env.uid,
                "amount_overturned": amount,
                "decision_note": note,
                "decision_document": document,
                "decision_document_name": document_name,
            }
        )
        self._tell_denials(won)
        self._resolve_work_items()

    def _check_decided_amount(self, outcome, amount):
        compared = self.currency_id.compare_amounts(amount, self.amount)
        fits = {
            "overturned": compared == 0,
            "partly_overturned": amount > 0 and compared < 0,
            "upheld": self.currency_id.is_zero(amount),
        }[outcome]
        if not fits:
            raise UserError(
                self.env._(
                    "In dispute are %(amount)s: overturned means all of it, partly overturned a "
                    "part, upheld nothing.",
                    amount=self.currency_id.format(self.amount),
                )
            )

    def _get_won(self, outcome, won):
        denials = self.denial_ids.filtered(lambda denial: denial.state == "appealed")
        if outcome == "upheld":
            return denials.browse()
        if outcome == "overturned" or len(denials) < 2:
            return denials
        won = (won or denials.browse()) & denials
        if not won:
            raise UserError(self.env._("Choose the denials on which the payer gives way."))
        return won

    def _tell_denials(self, won):
        """Move the denials; the nightly sweep tells others like them what was learned."""
        appealed = self.denial_ids.sudo().filtered(lambda denial: denial.state == "appealed")
        won = won.sudo()
        facts = {"appeal": self.id}
        won._write_guarded({"appeal_result": "won"})
        won._transition("overturned", facts=facts)
        if self.state == "partly_overturned" and won == appealed:
            # Nobody else bears what the payer stays with: the rest is of the same denial.
            won._set_level(self.level + 1, self.decided_on)
        lost = appealed - won
        lost._write_guarded({"appeal_result": "lost"})
        lost._set_level(self.level + 1, self.decided_on)
        lost._transition("upheld", facts=facts)

    # Given up, or taken further

    def action_withdraw(self):
        """Give the appeals up; the denials are to do again."""
        self.check_access("write")
        moved = self._transition("withdrawn", reason=self.env._("withdrawn by hand"))
        freed = moved.denial_ids.sudo().filtered(
            lambda denial: denial.state == "appealed" and not denial._get_open_appeals()
        )
        freed._transition("in_work", reason=self.env._("the appeal was withdrawn"))
        moved._resolve_work_items()

    def action_next_level(self):
        """Appeal at the next level against what the payer stayed with."""
        self.ensure_one()
        self.check_access("write")
        denials = self._get_left_denials()
        if not denials or not self._is_decided:
            raise UserError(self.env._("Nothing is left to appeal at the next level."))
        denials._check_appealable()
        return self._open_for(denials, previous=self)._get_records_action()

    def _get_left_denials(self):
        """What the payer stayed with: what it upheld, and what it pays a part of only."""
        return self.denial_ids.filtered(
            lambda denial: denial.state == "upheld" or denial._get_partly_won_appeal() == self
        )

    @property
    def _is_won(self):
        return self.state in APPEAL_WON_STATES
