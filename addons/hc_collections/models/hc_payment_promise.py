# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lifecycles import PAYMENT_PROMISE
from .hc_contact import CHANNELS

BROKEN_STATES = ("broken", "partly_kept")
JUDGED_STATES = ("kept", *BROKEN_STATES)


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
            "last_item_id",
            "is_stale",
            "facility_id",
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
    facility_id = fields.Many2one(
        "hc.facility", readonly=True, index="btree_not_null", help="Of the oldest open case."
    )
    policy_id = fields.Many2one(
        "hc.promise.policy", required=True, readonly=True, ondelete="restrict"
    )
    amount_paid = fields.Monetary("Paid", readonly=True, copy=False)
    judged_on = fields.Date(readonly=True, copy=False)
    last_item_id = fields.Integer(
        "Ledger Item Before",
        readonly=True,
        copy=False,
        aggregator=None,
        help="Payments of the same day up to this ledger item came before the promise.",
    )
    is_stale = fields.Boolean(
        "To Judge Again",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="What it was judged by has changed: a payment was taken back, or came back.",
    )

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
                    "facility_id": account_sudo._search_plan_items([])[
                        :1
                    ].hc_case_id.facility_id.id,
                    "last_item_id": account_sudo._get_last_payment_item_id(),
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
