# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime, timedelta, timezone
from unittest.mock import patch
from zoneinfo import ZoneInfo

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .stripe_common import StripeCase

MATCH = "odoo.addons.hc_integration.models.hc_payment_reconciliation_match"
FETCH = "odoo.addons.hc_integration.models.hc_payment_reconciliation_fetch"


@tagged("post_install", "-at_install")
class TestPaymentReconciliation(StripeCase):
    """What the processor says that it moved on a day, against what is booked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        proposer, approver = (
            new_test_user(cls.env, login, "hc_revenue_base.group_hc_administrator")
            for login in ("pay.proposer", "pay.approver")
        )
        allowance = (
            cls.env["hc.http.allowance"]
            .with_user(proposer)
            .create(
                {
                    "target": "127.0.0.1",
                    "port": cls.processor.port,
                    "allows_plain": True,
                    "reason": "The processor of the tests",
                    "expires_on": "2099-12-31",
                }
            )
        )
        allowance.with_user(approver).action_approve()
        cls.runs = cls.env["hc.payment.reconciliation"]
        cls.zone = ZoneInfo(cls.company._get_office_timezone())

    def _day(self):
        return datetime.fromtimestamp(self.processor.now, self.zone).date()

    def _reconcile(self, day=None, commit=lambda: True):
        run = self.runs._begin(self.provider, [day or self._day()])
        run._work_safely(commit)
        return run

    def _pay(self, amount=30.0):
        """A payment through Odoo that both sides know; its transaction."""
        transaction, intent = self._begin(amount)
        self._deliver(self.processor.pay(intent))
        self._post()
        return transaction

    def _differences(self):
        return self._open_items("payment_difference")

    def test_a_day_on_which_both_tell_the_same(self):
        transaction = self._pay(60.0)
        transaction._refund(amount_to_refund=10.0)
        self._deliver(self.processor.events[-1])
        taken = self.processor.take(2000, account_number=self.account.name)
        self._deliver_to_border(taken)
        self.processor.dispute(
            self.processor.objects[taken["data"]["object"]["latest_charge"]]["id"]
        )
        self._deliver_to_border(self.processor.events[-1])
        self.processor.pay(self._begin(5.0)[1], declined=True)
        run = self._reconcile()
        self.assertEqual((run.state, run.error), ("matched", False), run.difference_ids)
        self.assertEqual((run.theirs_count, run.ours_count), (4, 4))
        self.assertEqual((run.theirs_total, run.ours_total), (50.0, 50.0))
        self.assertEqual(
            sorted(run.line_ids.mapped("kind")), ["payment", "payment", "refund", "withdrawal"]
        )
        self.assertFalse(self._differences())

    def test_what_was_never_told_is_work_until_it_is_booked(self):
        event = self.processor.take(2500, account_number=self.account.name)
        run = self._reconcile()
        self.assertEqual((run.state, run.difference_ids.result), ("different", "theirs_only"))
        self.assertEqual((run.theirs_total, run.ours_total, run.total_difference), (25.0, 0, 25.0))
        item = self._differences()
        self.assertEqual(len(item), 1)
        self.assertIn(event["data"]["object"]["id"], item.name)
        again = self._reconcile()
        self.assertEqual((run.state, again.state), ("superseded", "different"))
        self.assertEqual(self._differences(), item, "one item, however often it is found")
        self._deliver_to_border(event)
        last = self._reconcile()
        self.assertEqual((last.state, last.ours_total), ("matched", 25.0))
        self.assertEqual(item.state, "resolved")

    def test_what_the_processor_does_not_know(self):
        transaction = self._pay()
        start, _end = self.runs.new(
            {"company_id": self.company.id, "day": self._day()}
        )._get_bounds()
        stamp = datetime.fromtimestamp(start + 60, timezone.utc).replace(tzinfo=None)
        transaction.write({"provider_reference": "pi_unknown", "last_state_change": stamp})
        run = self._reconcile()
        self.assertEqual(sorted(run.difference_ids.mapped("result")), ["ours_only", "theirs_only"])
        with patch(f"{MATCH}.ASKS_MAX", 0):
            self.processor.asked.clear()
            self._reconcile()
        asked = [params for _method, _path, params in self.processor.asked]
        self.assertFalse([params for params in asked if "payment_intent" in params])

    def test_amount_currency_and_status_are_compared(self):
        cases = (
            ({"amount": 2900, "amount_captured": 2900}, "amount"),
            ({"currency": "eur"}, "currency"),
            ({"status": "pending"}, "status"),
        )
        for change, result in cases:
            with self.subTest(result=result):
                transaction = self._pay(10.0)
                intent = self.processor.objects[transaction.provider_reference]
                self.processor.objects[intent["latest_charge"]].update(change)
                run = self._reconcile()
                line = run.line_ids.filtered(lambda each, t=transaction: each.transaction_id == t)
                self.assertEqual(line.result, result)
                self.assertIn(line, run.difference_ids)

    def test_a_payment_at_midnight_is_compared_on_its_day_at_the_processor(self):
        transaction = self._pay()
        day = self._day()
        next_start = self.runs.new({"company_id": self.company.id, "day": day})._get_bounds()[1]
        stamp = datetime.fromtimestamp(next_start + 5, timezone.utc).replace(tzinfo=None)
        transaction.last_state_change = stamp
        # Whichever of the two days is compared first.
        for days in ((day, day + timedelta(days=1)), (day + timedelta(days=1), day)):
            runs = [self._reconcile(each) for each in days]
            self.assertEqual([run.state for run in runs], ["matched", "matched"])
            self.assertEqual(sum(run.ours_count for run in runs), 1)

    def test_it_goes_on_where_it_stopped(self):
        for _number in range(25):
            self.processor.take(100)
        with patch(f"{FETCH}.PAGE_ROWS", 10):
            run = self.runs._begin(self.provider, [self._day()])
            self.processor.answers_left = 2
            run._work_safely(lambda: True)
            self.assertEqual((run.state, len(run.line_ids)), ("failed", 20))
            self.assertIn("503", run.error)
            self.assertTrue(run.next_attempt_at)
            self.processor.answers_left = None
            self.processor.asked.clear()
            run._transition("running")
            # The time is up after a page: the next run of the Scheduled Action goes on.
            run._work_safely(lambda: False)
            self.assertEqual((run.state, len(run.line_ids)), ("running", 25))
            run._work_safely(lambda: True)
        self.assertEqual((run.state, run.theirs_count), ("different", 25))
        charges = [params for _method, path, params in self.processor.asked if path == "charges"]
        self.assertEqual(len(charges), 1, "pages that were kept are not asked for again")

    def test_a_processor_that_is_down_is_asked_again(self):
        self._pay()
        self.processor.broken = 500
        run = self._reconcile()
        items = self._open_items("manual").filtered(lambda item: item.res_id == run.id)
        self.assertEqual((run.state, run.attempts, len(items)), ("failed", 1, 1))
        self.processor.broken = 0
        self.processor.broken = 401
        run._transition("running")
        run._work_safely(lambda: True)
        self.assertIn("refuses the key", run.error)
        self.assertEqual(run.attempts, 2)
        self.processor.broken = 0
        run.env["hc.http.host"].search([("host", "=", "127.0.0.1")])._write_guarded(
            {"state": "closed", "failures": 0}
        )
        self.runs._begin_due((run.next_attempt_at + timedelta(1)).replace(tzinfo=timezone.utc))
        self.assertEqual(run.state, "running")
        run._work_safely(lambda: True)
        self.assertEqual((run.state, run.error, items.state), ("matched", False, "resolved"))

    def test_days_are_begun_once_caught_up_with_and_followed_up(self):
        as_of = datetime(2026, 3, 10, 12, tzinfo=timezone.utc)
        mine = [("provider_id", "=", self.provider.id), ("state", "!=", "superseded")]
        for _turn in range(2):
            self.runs._begin_due(as_of)
        first = self.runs.search(mine)
        self.assertEqual([str(run.day) for run in first], ["2026-03-09"])
        first._work_safely(lambda: True)
        self.assertEqual(first.state, "matched")
        # Three days nobody ran; the day that was matched stays as it is.
        self.runs._begin_due(as_of + timedelta(days=4))
        self.assertEqual(
            sorted(str(run.day) for run in self.runs.search(mine)),
            [f"2026-03-{day:02}" for day in range(9, 14)],
        )
        self.assertEqual(first.state, "matched")
        first._write_guarded({"pending_count": 1, "finished_at": "2026-03-10 12:00:00"})
        self.runs._begin_due(as_of + timedelta(days=4))
        self.assertEqual(first.state, "superseded")
        late = datetime(2026, 3, 14, 0, 30, tzinfo=self.zone)
        self.runs._begin_due(late)
        self.assertEqual(max(self.runs.search(mine).mapped("day")).day, 13)

    def test_the_scheduled_action_works_them_off(self):
        self.processor.now -= 2 * 86400
        self.processor.take(700)
        run = self.runs._begin(self.provider, [self._day()])
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("hc_integration.ir_cron_reconcile_payments").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual((run.state, run.theirs_total), ("different", 7.0))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_finance_asks_again_and_others_do_not(self):
        run = self._reconcile()
        finance = self._create_user("reconcile.finance", "finance_manager")
        compliance = self._create_user("reconcile.compliance", "compliance")
        clerk = self._create_user("reconcile.clerk", "clerk")
        with self.assertRaises(AccessError):
            run.with_user(clerk).action_reconcile_now()
        with self.assertRaises(AccessError):
            run.with_user(compliance).action_reconcile_now()
        action = run.with_user(finance).action_reconcile_now()
        self.assertEqual(run.state, "superseded")
        self.assertEqual(self.runs.browse(action["res_id"]).state, "running")
        wizards = self.env["hc.payment.reconciliation.wizard"].with_user(finance)
        wizard = wizards.with_company(self.company).create({})
        self.assertLess(wizard.day_to, self.company._get_office_day())
        wizard.action_reconcile()
        wizard.day_to = self.company._get_office_day() + timedelta(days=1)
        with self.assertRaises(UserError):
            wizard.action_reconcile()
        for values in ({"state": "matched"}, {"theirs_total": 1.0}):
            with self.assertRaises(UserError):
                run.sudo().write(values)
