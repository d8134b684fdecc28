# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .collections_common import CollectionsCase


@tagged("post_install", "-at_install")
class TestCollectionDesk(CollectionsCase):
    """What a collector does on an account, and how accounts are given out."""

    def setUp(self):
        super().setUp()
        self.case = self._bill_patient("K-1")
        self.account = self._account_of(self.case)
        self.mine = self.account.with_user(self.collector)
        self.supervisor = self._create_user("desk.supervisor", "supervisor")

    def _form(self, action, user=None):
        model = self.env[action["res_model"]].with_user(user or self.collector)
        return Form(model.with_context(**action["context"]))

    def test_a_call_is_logged_once_and_looked_at_again(self):
        form = self._form(self.mine.action_log_call())
        form.note = "Pays <b>next</b> week."
        form.outcome = "reached"
        form.follow_up_on = self.today + timedelta(days=7)
        wizard = form.save()
        wizard.outcome = False
        with self._refused("what came of the call"):
            wizard.action_confirm()
        wizard.outcome = "reached"
        wizard.action_confirm()
        wizard.action_confirm()
        contact = self.account.contact_ids
        self.assertEqual(
            (contact.channel, contact.state, contact.outcome, contact.user_id),
            ("call", "done", "reached", self.collector),
        )
        self.assertIn("&lt;b&gt;", contact.body)
        self.assertIn(self.collector, self.account.activity_ids.user_id)

    def test_nothing_is_logged_that_has_not_happened(self):
        form = self._form(self.mine.action_log_letter())
        form.note = "Sent."
        form.happened_at = self.env.cr.now() + timedelta(days=1)
        with self._refused("has taken place already"):
            form.save().action_confirm()

    def test_holds_are_placed_and_released_with_a_reason(self):
        form = self._form(self.mine.action_place_hold())
        form.reason = "asked for a bill in print"
        form.date_to = self.today + timedelta(days=10)
        form.save().action_confirm()
        hold = self.account.hold_ids
        self.assertEqual((hold.kind, hold.owner_id), ("manual", self.collector))
        self.assertEqual(self.account.situation, "held")
        self.assertIn("Do not call", self.account.script)
        form = self._form(hold.with_user(self.collector).action_open_release())
        form.reason = "bill was sent"
        form.save().action_confirm()
        self.assertEqual(hold.state, "released")

    def test_a_legal_hold_does_not_end_by_itself(self):
        holds = self.env["hc.collection.hold"]
        for kind in ("bankruptcy", "cease", "deceased"):
            with self.subTest(kind=kind), self._refused("a supervisor releases it"):
                holds._place(self.account, kind, "as we heard", date_to=self.today)
        form = self._form(self.mine.action_place_hold())
        form.date_to = self.today
        form.kind = "cease"
        self.assertFalse(form.date_to)
        form.reason = "asked us to stop"
        form.save().action_confirm()
        hold = self.account.hold_ids
        hold._write_guarded({"date_from": self._days_ago(9), "date_to": self._days_ago(1)})
        automation = self.env.ref("hc_collections.hc_automation_expire_collection_holds")
        if automation.mode != "on":
            automation._set_mode("on", "for this story")
        manual = holds._place(self.account, "manual", "for a day", date_to=self.today)
        manual._write_guarded({"date_from": self._days_ago(9), "date_to": self._days_ago(1)})
        with self.enter_registry_test_mode():
            self.env.ref("hc_collections.ir_cron_expire_collection_holds").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(manual.state, "expired")
        self.assertEqual((hold.kind, hold.state), ("cease", "active"))

    def test_a_hold_of_a_record_ends_with_the_record(self):
        hold = self.env["hc.collection.hold"]._place(
            self.account, "cease", "as asked", source=self.case
        )
        with self._refused("This hold ends when"):
            hold.with_user(self.collector).action_open_release()
        with self._refused("This hold ends when"):
            self.env["hc.hold.release.wizard"].with_user(self.collector).create(
                {"hold_id": hold.id, "reason": "by another way"}
            ).action_confirm()

    def test_the_situation_follows_what_happened(self):
        self.assertEqual(self.account.situation, "first")
        contact = self.env["hc.contact"]._record(
            [
                {
                    "account_id": self.account.id,
                    "key": "spoken",
                    "channel": "call",
                    "purpose": "reminder",
                    "outcome": "reached",
                }
            ]
        )
        contact._transition("done")
        self.account.invalidate_recordset()
        self.assertEqual(self.account.situation, "reminder")
        self.assertEqual(self._age(self.case, 91).situation, "old")
        self._pay_amount(self.case, 150.0)
        self.assertEqual(self.account.situation, "settled")

    def test_the_balance_is_shown_by_case_and_age(self):
        self._age(self.case, 45)
        item = self.mine.aging_item_ids
        self.assertEqual((item.case_id, item.amount_open), (self.case, 150.0))
        self.assertEqual(item.bucket_id.name, "31-60")

    def test_a_team_gives_accounts_to_who_has_room(self):
        second = self._create_user("desk.second", "collector")
        accounts = self.account
        for number in ("K-2", "K-3", "K-4"):
            accounts |= self._account_of(self._bill_patient(number))
        team = self.env["hc.collection.team"].create(
            {
                "name": "Self-pay",
                "member_ids": [
                    Command.create({"user_id": self.collector.id, "account_cap": 2}),
                    Command.create({"user_id": second.id, "account_cap": 1}),
                ],
            }
        )
        done = team.with_user(self.supervisor)._assign(accounts.with_user(self.supervisor))
        self.assertEqual(len(done), 3)
        self.assertEqual(len(accounts.filtered(lambda one: one.collector_id == second)), 1)
        self.assertEqual(len(accounts.filtered(lambda one: not one.collector_id)), 1)
        left = accounts - done.with_env(accounts.env)
        with self._refused("as many accounts as the cap allows"):
            team.with_user(self.supervisor)._assign(left.with_user(self.supervisor))

    def test_supervisors_assign_and_collectors_take_what_is_nobodys(self):
        action = self.account.with_user(self.supervisor).action_open_assign()
        form = self._form(action, self.supervisor)
        form.collector_id = self.collector
        form.save().action_confirm()
        self.assertEqual(self.account.collector_id, self.collector)
        other = self._create_user("desk.other", "collector")
        with self._refused("Ask a supervisor"):
            self.account.with_user(other).action_take()
        with self.assertRaises(AccessError):
            self.env["hc.collection.assign.wizard"].with_user(other).create(
                {"account_ids": self.account.ids, "collector_id": other.id}
            )
