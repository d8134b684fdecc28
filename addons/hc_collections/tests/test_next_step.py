# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime, time, timedelta
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from .placement_common import PlacementCase


@tagged("post_install", "-at_install")
class TestNextStep(PlacementCase):
    """The account says what to do next, why, and does it by one button."""

    def setUp(self):
        super().setUp()
        self.account.patient_id.sudo().timezone = "America/Chicago"
        self.account._write_guarded({"last_statement_on": self._days_ago(40)})

    def _step(self, hour=18):
        self.account.invalidate_recordset()
        moment = datetime.combine(self.today, time(hour))
        with patch.object(type(self.env.cr), "now", lambda _cursor: moment):
            return self.account.next_step, self.account.next_step_words

    def test_the_step_follows_what_happened(self):
        self.account._write_guarded({"last_statement_on": False})
        self.assertEqual(self._step()[0], "statement")
        self.account._write_guarded({"last_statement_on": self._days_ago(40)})
        self.assertEqual(self._step()[0], "call")
        step, words = self._step(hour=3)
        self.assertEqual(step, "wait")
        self.assertIn("08:00" if str(self.env.tz) == "America/Chicago" else "Call from", words)
        self.account._transition("pre_collections")
        self.env["hc.contact"]._record(
            [
                {
                    "account_id": self.account.id,
                    "key": "spoken",
                    "channel": "call",
                    "purpose": "reminder",
                    "outcome": "reached",
                }
            ]
        )._transition("done")
        self.assertEqual(self._step()[0], "place")
        self._place()
        self.assertEqual(self._step()[0], "agency")

    def _reach(self):
        """Somebody has spoken with them."""
        self.env["hc.contact"]._record(
            [
                {
                    "account_id": self.account.id,
                    "key": f"spoken {len(self.account.contact_ids)}",
                    "channel": "call",
                    "purpose": "reminder",
                    "outcome": "reached",
                    "happened_at": datetime.combine(self._days_ago(60), time(18)),
                }
            ]
        )._transition("done")

    def _age(self, days):
        """As if the balance had arisen some days ago."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move_line SET date = %s WHERE partner_id = %s",
            [self._days_ago(days), self.account.partner_id.id],
        )
        self.env.cr.execute(
            "UPDATE hc_billing_case SET service_date_to = %s WHERE id = %s",
            [self._days_ago(days), self.case.id],
        )
        self.env.invalidate_all()
        self.account._refresh()

    def test_the_day_of_the_next_reminder_is_told(self):
        self._reach()
        policy = self.env["hc.cadence.policy"]._get_in_force(
            self.account.company_id, "patient", self.today
        )
        first = policy.level_ids[0]
        row = self.account._read_next_reminders(self.today)[self.account.id]
        self.assertEqual((row["level_id"], row["reason"]), (first.id, "not_due"))
        # At night nobody is called: what remains is to wait, and until when.
        step, words = self._step(hour=3)
        self.assertEqual(step, "wait")
        self.assertIn(str(row["earliest_on"]), words)
        self.assertIn(first.name, words)

    def test_a_reminder_that_is_due_comes_before_an_offer(self):
        # Whatever the weekday on which the test runs.
        self.account.company_id.resource_calendar_id = self.env["resource.calendar"].create(
            {
                "name": "Every day",
                "attendance_ids": [
                    Command.create(
                        {"name": "Day", "dayofweek": str(day), "hour_from": 8, "hour_to": 17}
                    )
                    for day in range(7)
                ],
            }
        )
        self._reach()
        self._age(20)
        row = self.account._read_next_reminders(self.today)[self.account.id]
        self.assertEqual(row["reason"], "due")
        step, words = self._step()
        self.assertEqual(step, "remind")
        self.assertIn("is due", words)

    def test_likely_assistance_is_offered_before_money_is_asked_for(self):
        payer = self.env["hc.payer"].search([("payer_type", "=", "medicaid")], limit=1)
        payer = payer or self.payer.copy({"code": "MCD", "payer_type": "medicaid"})
        self.env["hc.coverage"].create(
            {"patient_id": self.account.patient_id.id, "payer_id": payer.id, "member_id": "M1"}
        )
        step, words = self._step()
        self.assertEqual(step, "assist")
        self.assertIn("Medicaid covers them", words)
        action = self.account.with_user(self.collector).action_next_step()
        self.assertEqual(action["res_model"], "hc.assistance.wizard")
        # Once they were told how to apply, it goes on.
        self.env["hc.contact"]._record(
            [
                {
                    "account_id": self.account.id,
                    "key": "offered",
                    "channel": "letter",
                    "purpose": "assistance",
                }
            ]
        )._transition("sent")
        self.assertNotEqual(self._step()[0], "assist")

    def test_what_stops_comes_first(self):
        hold = self._hold("cease")
        step, words = self._step()
        self.assertEqual(step, "held")
        self.assertIn("Cease Request", words)
        hold._release("wrote again")
        self.env["hc.assistance.application"]._receive(
            self.account, channel="letter", applied_on=self.today, owner_id=self.env.uid
        )
        self.assertEqual(self._step()[0], "application")
        self._pay_amount(self.case, 150.0)
        self.account._refresh()
        self.assertEqual(self._step()[0], "nothing")

    def test_one_button_does_it(self):
        account = self.account.with_user(self.collector)
        moment = datetime.combine(self.today, time(18))
        with patch.object(type(self.env.cr), "now", lambda _cursor: moment):
            action = account.action_next_step()
        self.assertEqual(action["res_model"], "hc.contact.wizard")

    def test_legal_holds_are_released_by_supervisors_alone(self):
        for kind in ("bankruptcy", "cease", "deceased"):
            hold = self._hold(kind)
            with self.subTest(kind=kind), self._refused("a supervisor releases it", Exception):
                self.env["hc.hold.release.wizard"].with_user(self.collector).create(
                    {"hold_id": hold.id, "reason": "we think it is over"}
                ).action_confirm()
            self.assertEqual(hold.state, "active")
            hold.with_user(self.supervisor)._release_by_person("order of the court")
            self.assertEqual(hold.state, "released")
        other = self._hold("insurance", date_to=self.today + timedelta(days=9))
        other.with_user(self.collector)._release_by_person("the payer has answered")
        self.assertEqual(other.state, "released")

    def test_chosen_accounts_are_held_at_once(self):
        second = self._account_of(self._bill_patient("G-9"))
        accounts = (self.account | second).with_user(self.collector)
        action = self.env.ref("hc_collections.ir_actions_server_place_hold")
        opened = (
            action.with_user(self.collector)
            .with_context(active_model=accounts._name, active_ids=accounts.ids)
            .run()
        )
        wizard = self.env[opened["res_model"]].with_user(self.collector)
        wizard.with_context(**opened["context"]).create(
            {"kind": "manual", "date_to": self.today, "reason": "flood in town"}
        ).action_confirm()
        self.assertEqual(accounts.hold_ids.mapped("kind"), ["manual", "manual"])
