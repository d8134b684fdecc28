# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How promises are judged by the ledger, and judged again where a payment is taken back."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.hc_revenue_base.hc_core.money import to_decimal

from ..hc_dunning_core import promises
from ..hc_dunning_core.plan_state import Payment
from .hc_payment_promise import BROKEN_STATES

_STATES = {
    promises.KEPT: "kept",
    promises.PARTLY: "partly_kept",
    promises.BROKEN: "broken",
}


class HcPaymentPromise(models.Model):
    _inherit = "hc.payment.promise"

    @api.model
    def _cron_check(self):
        """Scheduled Action: judge promises that are open, or whose payments have changed."""
        to_judge = Domain("state", "=", "open") | Domain("is_stale", "=", True)
        self._run_at_offices(lambda promises: to_judge, "_judge")

    def _judge(self):
        """Decide by the ledger whether the promises were kept; those that may be yet stay open."""
        today = fields.Date.context_today(self)
        for promise in self:
            if promise.state == "open" or promise.is_stale:
                promise._judge_on(today)
        self.filtered("is_stale")._write_guarded({"is_stale": False})

    def _judge_on(self, as_of):
        terms, payments = self._get_terms(), self._get_counted_payments()
        judged = promises.judge(terms, payments, as_of)
        if judged.outcome == promises.OPEN and self.state != "open" and not self._reopen():
            judged = promises.judge(terms, payments, terms.last_day + timedelta(days=1))
        received = float(judged.received)
        if self.currency_id.compare_amounts(self.amount_paid, received):
            self._write_guarded({"amount_paid": received})
        state = _STATES.get(judged.outcome)
        if state and self.state == "open":
            self._end(state, self.env._("the ledger's payments decide"))
        elif state and state != self.state:
            self._end(state, self.env._("a payment was taken back, or has come back"))
        elif self.state == "open" and self.currency_id.is_zero(self.account_id.amount_open):
            self._end("withdrawn", self.env._("nothing is owed any more"))

    def _reopen(self):
        """Wait again for a promise that was kept too early to tell.

        :return: whether it is open again; not where the account has promised anew since
        """
        if self.account_id.open_promise_id:
            return False
        self._transition("open", reason=self.env._("a payment was taken back"))
        self._write_guarded({"judged_on": False})
        self._begin_waiting()
        return True

    def _get_counted_payments(self):
        """What was paid after the promise was given, as the pure core reads it.

        What the bank took back counts as never paid, whenever it was taken back, and as paid where
        it was won back. A refund by the office counts on its day; that of an earlier payment not.
        """
        self.ensure_one()
        places = self.currency_id.decimal_places
        later = Domain("date", ">", self.made_on) | (
            Domain("date", "=", self.made_on) & Domain("id", ">", self.last_item_id)
        )
        items = (
            self.env["account.move.line"]
            .sudo()
            .search(self.account_id._get_payments_domain() & later)
        )
        reversals = items.move_id.origin_payment_id.filtered("hc_refund_of_id")
        by_bank = self._get_by_bank(reversals)
        roots = set((items.move_id.origin_payment_id - reversals).ids)
        counted = []
        for item in items:
            payment = item.move_id.origin_payment_id
            first = payment._get_first()
            if payment in reversals and first.id not in roots:
                continue
            day = first.date if payment in by_bank else item.date
            counted.append(Payment(day, to_decimal(-item.balance, places)))
        return counted

    def _get_by_bank(self, reversals):
        """Of payments that take back or bring back another, those that are no refund."""
        reports = self.env["hc.payment.report"].sudo()
        return reports.search(
            [("payment_id", "in", reversals.ids), ("event", "!=", "refunded")]
        ).payment_id

    def _get_terms(self):
        """The promise as the pure core reads it."""
        self.ensure_one()
        return promises.Promise(
            self.made_on,
            self.due_on,
            to_decimal(self.amount, self.currency_id.decimal_places),
            (self.grace_on - self.due_on).days,
        )

    def _end(self, state, reason):
        """Move to a final state: the hold ends, and the reminder with it."""
        self.ensure_one()
        if not self._transition(state, reason=reason):
            return
        self._write_guarded({"judged_on": fields.Date.context_today(self)})
        self.env["hc.collection.hold"]._release_of(self, reason)
        self.account_id.activity_ids.filtered(
            lambda activity: (
                activity.date_deadline == self.follow_up_on and activity.user_id == self.user_id
            )
        ).unlink()
        if state in BROKEN_STATES:
            self._open_broken_item()

    def _open_broken_item(self):
        """Give a broken promise to a person at once; the last one that is taken is critical."""
        account = self.account_id
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "promise_broken",
                    "queue_code": "patient_payments",
                    "dedup_key": f"promise_broken:{self.id}",
                    "severity": "critical" if self._is_last_one() else "warning",
                    "name": self.env._(
                        "%(account)s: promise of %(promise)s not kept",
                        account=account.name,
                        promise=self.display_name,
                    ),
                    "description": self.env._(
                        "Paid %(paid)s. Speak with the party: offer a payment plan or assistance.",
                        paid=self.currency_id.format(self.amount_paid),
                    ),
                    "company_id": self.company_id.id,
                    "res_model": account._name,
                    "res_id": account.id,
                }
            ]
        )

    def _is_last_one(self):
        """Whether the policy takes no further promise of the account."""
        since = fields.Date.context_today(self) - timedelta(days=self.policy_id.broken_within_days)
        return self._count_broken(self.account_id, since) >= self.policy_id.broken_max

    def _escalate(self):
        """Automation Rule: supervisors learn of accounts from which no promise is taken any more.

        Others are the collector's own to follow up.
        """
        for promise in self.sudo():
            if not promise._is_last_one():
                continue
            account = promise.account_id
            account.message_post(
                subject=self.env._("Promises not kept"),
                body=self.env._(
                    "%(account)s did not keep its promises, the last one %(promise)s. No further "
                    "one is taken.",
                    account=account.name,
                    promise=promise.display_name,
                ),
                partner_ids=account._get_supervisors().partner_id.ids,
                subtype_xmlid="mail.mt_note",
            )
