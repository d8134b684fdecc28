# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How patients pay: in time, late, by promise, by plan, too much; what is sent to the others."""

from datetime import timedelta

from .casework_story import WORKED_FROM, WORKED_TO

_JOB_MODELS = ("hc.cadence.run", "hc.contact", "hc.statement.run")
_MONTH_ENDS = 6
_SNAPSHOT_DAYS = 14


class PaymentStory:
    """What patients promised and paid, and the statements and reminders that went out.

    :param office: the demonstration group
    :param as_of: the day from which all dates are counted
    """

    def __init__(self, office, as_of):
        self.office = office
        self.as_of = as_of
        self.collector = office.env_of("collector")

    def run(self):
        """Tell each story on an account of its own, then let statements and reminders go out."""
        accounts = self.collector["hc.collection.account"].search(
            [
                ("party", "=", "patient"),
                ("amount_open", ">=", WORKED_FROM),
                ("amount_open", "<=", WORKED_TO),
                ("dispute_ids", "=", False),
                ("assistance_ids", "=", False),
                ("placement_ids", "=", False),
                ("hold_ids", "=", False),
            ],
            order="amount_open desc, id",
        )
        stories = (
            self._signs_in,
            self._keeps_a_plan,
            self._breaks_a_plan,
            self._pays_late,
            self._breaks_a_promise,
            self._keeps_a_promise,
            self._pays_in_time,
            self._wants_no_messages,
            self._pays_too_much,
        )
        for account, tell in zip(accounts, stories, strict=False):
            tell(account)
        # Reminders first: a statement of the same day would leave nothing to remind of.
        self._follow_up()
        self._send_statements()
        self._keep_agings()
        owing = self.collector["hc.collection.account"].sudo().search([("amount_open", ">", 0)])
        owing._score_priority()
        owing._assign_segments()

    def _ago(self, days):
        return self.as_of - timedelta(days=days)

    def _pay(self, account, amount, days_ago=0):
        """Post a payment of the party and settle its oldest items with it."""
        account = account.sudo()
        day = self._ago(days_ago)
        items = account.item_ids.filtered(lambda item: item.amount_residual > 0)
        payment = account.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": account.partner_id.id,
                "amount": amount,
                "date": day,
                "company_id": account.company_id.id,
            }
        )
        payment.action_post()
        money = payment.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        for item in items.sorted("date_maturity"):
            if not money.reconciled and item.account_id == money.account_id:
                (money + item).reconcile()

    def _pays_in_time(self, account):
        self._pay(account, account.amount_open, 1)

    def _pays_late(self, account):
        """A third, after three weeks; the rest is promised."""
        self._pay(account, account.currency_id.round(account.amount_open / 3), 3)
        self.collector["hc.payment.promise"]._give(
            account, account.amount_open, self.as_of + timedelta(days=7), "call"
        )

    def _pays_too_much(self, account):
        self._pay(account, account.amount_open + 25.0, 2)

    def _promise(self, account, days_ago):
        """A promise of some days ago, due a week after it was given."""
        promise = self.collector["hc.payment.promise"]._give(
            account,
            account.amount_open,
            self.as_of + timedelta(days=7),
            "call",
            note="Will pay after payday.",
        )
        promise.sudo()._write_guarded(
            {
                "made_on": self._ago(days_ago),
                "due_on": self._ago(days_ago - 7),
                "grace_on": self._ago(days_ago - 9),
            }
        )
        return promise

    def _breaks_a_promise(self, account):
        self._promise(account, 20).sudo()._judge()

    def _keeps_a_promise(self, account):
        promise = self._promise(account, 15)
        self._pay(account, account.amount_open, 9)
        promise.sudo()._judge()

    def _plan(self, account, months, days_ago):
        """A plan whose first instalment was due some days ago."""
        plan = self.collector["hc.payment.plan"]._propose(
            account, account._get_plannable_cases(), months, self.as_of, pay_by="link"
        )
        plan = plan.sudo()
        for instalment in plan.instalment_ids:
            instalment._write_guarded({"due_on": instalment.due_on - timedelta(days=days_ago)})
        plan._write_guarded({"first_due_on": self._ago(days_ago)})
        return plan

    def _keeps_a_plan(self, account):
        plan = self._plan(account, 5, 40)
        for instalment, days_ago in zip(plan.instalment_ids[:2], (41, 10), strict=True):
            self._pay(account, instalment.amount, days_ago)
        plan._check()

    def _breaks_a_plan(self, account):
        self._plan(account, 5, 100)._check()

    def _wants_no_messages(self, account):
        self.collector["hc.contact.consent"]._record(
            account.sudo(), ["email", "sms"], "revoked", "call", evidence="said so on the phone"
        )

    def _signs_in(self, account):
        """The guarantor uses the portal and has a bill there; login and password are "patient"."""
        account.action_send_statement()
        account.statement_ids.action_mark_sent()
        account.sudo().patient_id.email = "patient@example.com"
        access = self.collector["hc.portal.access"]._invite(account).sudo()
        user = access._make_user()
        access._accept(user)
        user.write({"login": "patient", "password": "patient"})
        access.env["ir.model.data"]._update_xmlids(
            [{"xml_id": "hc_collections.demo_user_patient", "record": user, "noupdate": True}]
        )

    def _work(self):
        """Run the jobs that were entered, and those that they enter."""
        jobs = self.collector["hc.job"].sudo()
        for _round in range(20):
            due = jobs.search(
                [("state", "=", "pending"), ("res_model", "in", _JOB_MODELS)], order="id"
            )
            if not due:
                return
            for job in due:
                job._run()
                job._transition("running")
                job._transition("done")

    def _send_statements(self):
        run = self.collector["hc.statement.run"].create(
            {"company_id": self.office.company.id, "statement_date": self.as_of}
        )
        run.action_preview()
        # A third is left for the next run, which has something to show then.
        waiting = run.line_ids.sudo().filtered(lambda line: line.state == "waiting")
        waiting.sorted("amount_due", reverse=True)[1::3].unlink()
        run.action_start()
        self._work()
        statements = run.statement_ids
        statements.filtered(lambda one: one.state == "issued").action_mark_sent()
        mailed = statements.filtered(lambda one: one.state == "sent" and one.channel == "letter")
        mailed[-1:].action_mail_returned()

    def _follow_up(self):
        runs = self.collector["hc.cadence.run"]
        run = runs._propose(self.office.company, "patient", self.as_of)
        # Whom somebody knows better than the policy does is left out, and gets a statement later.
        left_out = run.proposal_ids.filtered(lambda row: row.state == "proposed")[1::3]
        left_out.with_env(self.office.env_of("supervisor"))._exclude("Spoke with them yesterday.")
        run.action_execute()
        self._work()

    def _keep_agings(self):
        """The aging of the last days, and of the ends of the last months."""
        days = [self._ago(number) for number in range(1, _SNAPSHOT_DAYS + 1)]
        month_end = self.as_of
        for _month in range(_MONTH_ENDS):
            month_end = month_end.replace(day=1) - timedelta(days=1)
            days.append(month_end)
        snapshots = self.collector["hc.aging.snapshot"].sudo()
        for day in sorted(set(days)):
            snapshots._take(self.office.company, day)
