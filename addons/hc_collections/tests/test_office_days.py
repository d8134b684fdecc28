# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime, time, timedelta

from freezegun import freeze_time

from odoo.tests import tagged

from .test_payment_charge import ChargeCase


@tagged("post_install", "-at_install")
class TestOfficeDays(ChargeCase):
    """At three in the morning of Greenwich it is still yesterday evening in Chicago."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "America/Chicago"
        cls.tomorrow = cls.today + timedelta(days=1)

    def _run_at(self, hour, model_name, method):
        """Run a Scheduled Action as the system's user, who has no time zone.

        :param int hour: of tomorrow, by Greenwich
        """
        with freeze_time(datetime.combine(self.tomorrow, time(hour))), self._commits():
            getattr(self.env[model_name].with_context(tz=False), method)()
        self.env.invalidate_all()

    def test_a_hold_lasts_to_the_end_of_its_last_day(self):
        account = self._account_of(self._bill_patient("OD-1"))
        hold = self.env["hc.collection.hold"]._place(
            account, "manual", "for a day", date_to=self.today
        )
        self._run_at(3, hold._name, "_cron_expire")
        self.assertEqual(hold.state, "active")
        self._run_at(8, hold._name, "_cron_expire")
        self.assertEqual((hold.state, hold.released_on), ("expired", self.tomorrow))

    def test_a_promise_may_be_kept_to_the_end_of_its_last_day(self):
        account = self._account_of(self._bill_patient("OD-2"))
        promise = self.env["hc.payment.promise"]._give(account, 100.0, self.tomorrow, "call")
        days = {"made_on": self._days_ago(6), "due_on": self._days_ago(3), "grace_on": self.today}
        promise._write_guarded(days)
        self._run_at(3, promise._name, "_cron_check")
        self.assertEqual(promise.state, "open")
        self._run_at(8, promise._name, "_cron_check")
        self.assertEqual((promise.state, promise.judged_on), ("broken", self.tomorrow))

    def test_an_instalment_is_charged_on_its_day(self):
        case = self._bill_patient("OD-3")
        self.account = self._account_of(case)
        token = self._token(self.account)
        plan = self._propose(case, first=1, pay_by="token", token_id=token.id)
        with self._provider() as sent:
            self._run_at(3, "hc.payment.plan.instalment", "_cron_charge")
            self.assertFalse(plan.instalment_ids.transaction_ids)
            self._run_at(8, "hc.payment.plan.instalment", "_cron_charge")
        self.assertEqual(sent, plan.instalment_ids[0].ids)

    def test_a_day_is_taken_into_the_aging_once_it_is_over(self):
        snapshots = self.env["hc.aging.snapshot"]
        self._age(self._bill_patient("OD-4"), 5)
        snapshots._take(self.company, self._days_ago(1))
        mine = [("company_id", "=", self.company.id), ("snapshot_on", "=", self.today)]
        self._run_at(3, snapshots._name, "_cron_take")
        self.assertFalse(snapshots.search(mine))
        self._run_at(8, snapshots._name, "_cron_take")
        self.assertTrue(snapshots.search(mine))

    def test_one_company_that_fails_keeps_no_other_from_its_work(self):
        other = self.env["res.company"].create({"name": "Office in the West"})
        other.partner_id.tz = "America/Los_Angeles"
        worked = []

        def get_domain(at_office):
            worked.append(str(at_office.env.tz))
            if len(worked) == 1:
                raise ZeroDivisionError
            return [("id", "=", 0)]

        with self.assertRaises(ZeroDivisionError), self._commits():
            self.env["hc.collection.hold"]._run_at_offices(get_domain, "_expire")
        self.assertLessEqual({"America/Chicago", "America/Los_Angeles"}, set(worked))
