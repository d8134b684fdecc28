# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.hc_revenue_base.hc_core.money import to_decimal

from ..hc_dunning_core import promises
from ..lifecycles import PAYMENT_PROMISE
from .hc_contact import CHANNELS

BROKEN_STATES = ("broken", "partly_kept")
_STATES = {
    promises.KEPT: "kept",
    promises.PARTLY: "partly_kept",
    promises.BROKEN: "broken",
}


class HcPaymentPromise(models.Model):
    """What a party said it would pay, and until when.

    The account is left alone until the day and its grace have passed; then the ledger's payments
    decide whether the promise was kept. There is one open promise at a time: payments of two
    could not be told apart.
    """

    _name = "hc.payment.promise"
    _description = "Promise to Pay"
    _inherit = ["hc.lifecycle.mixin", "hc.batch.mixin", "hc.phi.mixin", "mail.thread"]
    _phi_patient_path = "account_id.patient_id"
    _order = "due_on desc, id desc"
    _check_company_auto = True
    _lifecycles = {"state": PAYMENT_PROMISE}
    _guarded_fields = frozenset(
        {
            "account_id",
            "amount",
            "made_on",
            "due_on",
            "grace_on",
            "follow_up_on",
            "channel",
            "note",
            "user_id",
            "policy_id",
            "amount_paid",
            "judged_on",
        }
    )

    account_id = fields.Many2one(
        "hc.collection.account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    patient_id = fields.Many2one(related="account_id.patient_id", string="Guarantor")
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="open",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    amount = fields.Monetary("Promised", required=True, readonly=True)
    made_on = fields.Date("Given On", required=True, readonly=True)
    due_on = fields.Date("Until", required=True, readonly=True, index=True)
    grace_on = fields.Date("Judged After", required=True, readonly=True, index=True)
    follow_up_on = fields.Date(readonly=True)
    channel = fields.Selection(
        [*CHANNELS, ("person", "In Person")], "Given By", required=True, readonly=True
    )
    note = fields.Char(readonly=True, groups="hc_revenue_base.group_hc_phi")
    user_id = fields.Many2one("res.users", "Taken By", required=True, readonly=True, index=True)
    policy_id = fields.Many2one(
        "hc.promise.policy", required=True, readonly=True, ondelete="restrict"
    )
    amount_paid = fields.Monetary("Paid", readonly=True, copy=False)
    judged_on = fields.Date(readonly=True, copy=False)

    _one_open = models.UniqueIndex(
        "(account_id) WHERE state = 'open'", "The account has an open promise already."
    )
    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A promise is of an amount above zero."
    )
    _days_ordered = models.Constraint(
        "CHECK (due_on >= made_on AND grace_on >= due_on)",
        "A promise is for today or a later day.",
    )

    @api.depends("amount", "due_on", "currency_id")
    def _compute_display_name(self):
        for promise in self:
            promise.display_name = self.env._(
                "%(amount)s until %(day)s",
                amount=promise.currency_id.format(promise.amount),
                day=fields.Date.to_string(promise.due_on),
            )

    @api.model
    def _give(self, account, amount, due_on, channel, *, follow_up_on=None, note=None):
        """Take a promise: hold the account until it is due; the one way in.

        :param account: who promises
        :param float amount: in the currency of the account
        :param date due_on: the last day on which it is to be paid
        :param str channel: how it was given
        :param date follow_up_on: when the collector looks; default: the day after it is judged
        :return: the promise
        :raise UserError: the policy does not allow it, or there is an open one
        """
        account.ensure_one()
        account.check_access("write")
        account_sudo = account.sudo()
        # Of two at once the second waits, and then sees the first.
        account_sudo._lock_for_transition(["amount_open"])
        today = fields.Date.context_today(self)
        policy = self.env["hc.promise.policy"]._get_in_force(account_sudo.company_id, today)
        self.sudo()._check_allowed(account_sudo, policy, amount, due_on)
        grace_on = due_on + timedelta(days=policy.grace_days)
        promise = self.sudo()._create_guarded(
            [
                {
                    "account_id": account.id,
                    "amount": amount,
                    "made_on": today,
                    "due_on": due_on,
                    "grace_on": grace_on,
                    "follow_up_on": follow_up_on or grace_on + timedelta(days=1),
                    "channel": channel,
                    "note": note,
                    "user_id": self.env.uid,
                    "policy_id": policy.id,
                }
            ]
        )
        promise._begin_waiting()
        return promise.sudo(False)

    @api.model
    def _check_allowed(self, account, policy, amount, due_on):
        """Whether the policy takes such a promise.

        :raise UserError: all that is against it
        """
        today = fields.Date.context_today(self)
        currency = account.currency_id
        problems = []
        if self.search_count([("account_id", "=", account.id), ("state", "=", "open")]):
            problems.append(self.env._("The account has an open promise already."))
        if currency.compare_amounts(amount, account.amount_open) > 0:
            problems.append(
                self.env._("Only %(open)s is owed.", open=currency.format(account.amount_open))
            )
        smallest = min(policy.amount_min, account.amount_open)
        if currency.compare_amounts(amount, 0) <= 0 or (
            currency.compare_amounts(amount, smallest) < 0
        ):
            problems.append(
                self.env._(
                    "Promise at least %(amount)s.", amount=currency.format(policy.amount_min)
                )
            )
        last = today + timedelta(days=policy.days_max)
        if not today <= due_on <= last:
            problems.append(
                self.env._("Choose a day from today to %(last)s.", last=fields.Date.to_string(last))
            )
        broken = self._count_broken(account, today - timedelta(days=policy.broken_within_days))
        if broken >= policy.broken_max:
            problems.append(
                self.env._(
                    "%(count)s promises were not kept in %(days)s days: no further one is taken. "
                    "Offer a payment plan.",
                    count=broken,
                    days=policy.broken_within_days,
                )
            )
        if problems:
            raise UserError("\n".join(problems))

    @api.model
    def _count_broken(self, account, since):
        return self.search_count(
            [
                ("account_id", "=", account.id),
                ("state", "in", BROKEN_STATES),
                ("due_on", ">=", since),
            ]
        )

    def _begin_waiting(self):
        """Hold the account, and remind the collector."""
        self.env["hc.collection.hold"]._place(
            self.account_id,
            "promise",
            self.env._("promised %(promise)s", promise=self.display_name),
            source=self,
            date_to=self.grace_on,
            owner_id=self.user_id.id,
        )
        self.account_id.with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.follow_up_on,
            summary=self.env._("Was the promise kept?"),
            user_id=self.user_id.id,
        )

    @api.model
    def _cron_check(self):
        """Scheduled Action: judge the open promises by what was paid."""
        self._run_in_batches([("state", "=", "open")], "_judge")

    def _judge(self):
        """Decide by the ledger whether the promises were kept; those that may be yet stay open."""
        today = fields.Date.context_today(self)
        for promise in self.filtered(lambda promise: promise.state == "open"):
            judged = promises.judge(
                promise._get_terms(), promise.account_id._get_payments(promise.made_on), today
            )
            received = float(judged.received)
            if promise.currency_id.compare_amounts(promise.amount_paid, received):
                promise._write_guarded({"amount_paid": received})
            if judged.outcome != promises.OPEN:
                reason = promise.env._("the ledger's payments decide")
                promise._end(_STATES[judged.outcome], reason)
            elif promise.currency_id.is_zero(promise.account_id.amount_open):
                promise._end("withdrawn", promise.env._("nothing is owed any more"))

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

    def _withdraw(self, reason):
        """Take a promise back, with a reason."""
        self.ensure_one()
        self.check_access("write")
        if len((reason or "").strip()) < 5:
            raise UserError(self.env._("Say in a sentence why: the audit log keeps it."))
        self.sudo()._end("withdrawn", reason.strip())

    def action_open_withdraw(self):
        """Ask why the promise is taken back."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Withdraw the Promise"),
            "res_model": "hc.payment.promise.wizard",
            "views": [(self.env.ref("hc_collections.hc_payment_withdraw_view_form").id, "form")],
            "target": "new",
            "context": {
                "default_account_id": self.account_id.id,
                "default_promise_id": self.id,
            },
        }
