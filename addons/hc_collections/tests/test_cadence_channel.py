# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from .cadence_common import CadenceCase


@tagged("post_install", "-at_install")
class TestCadenceChannel(CadenceCase):
    """By which channel a level goes out, when none may, and who takes over."""

    @contextmanager
    def _at(self, moment):
        with patch.object(type(self.env.cr), "now", lambda _cursor: moment):
            yield

    def _publish_calls(self, fallback=False):
        return self._publish_policy(
            "calls",
            [
                {
                    "code": "call",
                    "delay_days": 5,
                    "channel": "call",
                    "fallback_channel": fallback,
                    "spacing_days": 1,
                }
            ],
        )

    def _talk_yesterday(self, account):
        """A conversation: no call for a week (12 CFR 1006.14(b)(2)(i)(B))."""
        self._record_past_contact(account, "call", 1, "talked", outcome="reached")

    def _execute(self, account):
        run = self._propose()
        run.action_execute()
        self._work()
        return run.proposal_ids.filtered(lambda row: row.account_id == account)

    def test_a_blocked_channel_gives_way_to_the_levels_other_one(self):
        self._publish_calls("letter")
        account = self._guarantor("C1", days=10, timezone="America/Chicago")
        self._talk_yesterday(account)
        row = self._execute(account)
        contact = row.contact_id
        self.assertEqual(
            (row.state, row.channel, contact.channel), ("contacted",) + ("letter",) * 2
        )
        self.assertTrue(contact.letter_run_id)
        checks = self.env["hc.guardrail.check"].search([("contact_id", "=", contact.id)])
        self.assertEqual(set(checks.mapped("act")), {"call", "statement"}, "both were asked")

    def test_without_another_channel_it_waits_for_the_lawful_day(self):
        self._publish_calls()
        account = self._guarantor("C2", days=10, timezone="America/Chicago")
        self._talk_yesterday(account)
        row = self._execute(account)
        self.assertEqual((row.state, row.reason), ("withdrawn", "guardrail"))
        self.assertTrue(row.blocked_by)
        lawful_on = row.earliest_on
        self.assertGreater(lawful_on, self.today)
        self.assertEqual(account.lawful_from_on, lawful_on)
        again = self._propose().proposal_ids.filtered(lambda each: each.account_id == account)
        self.assertEqual((again.state, again.reason), ("skipped", "guardrail"))
        self.assertEqual(again.earliest_on, lawful_on)
        self.assertEqual(len(account.contact_ids.filtered("level_id")), 1, "no loop every night")

    def test_calls_keep_to_the_patients_clock_when_it_changes(self):
        account = self._guarantor("C3", days=10, timezone="America/New_York")
        for night, morning in (
            # Half past one, half an hour before the clocks go forward.
            (datetime(2026, 3, 8, 6, 30), datetime(2026, 3, 8, 12)),
            # Half past one for the second time: they went back.
            (datetime(2026, 11, 1, 6, 30), datetime(2026, 11, 1, 13)),
        ):
            with self._at(night):
                assessment = account._assess("call")[account.id]
                self.assertFalse(assessment.is_allowed)
                self.assertEqual(assessment.earliest.replace(tzinfo=None), morning)
            with self._at(morning):
                self.assertTrue(account._assess("call")[account.id].is_allowed)

    def _issue_statement(self, mrn):
        """The row of a level that issued a statement, and the statement."""
        self._publish_policy(
            "statements",
            [{"code": "one", "delay_days": 5, "channel": "letter", "purpose": "statement"}],
        )
        account = self._guarantor(mrn, days=10)
        item = self.env["account.move.line"].search([("hc_collection_account_id", "=", account.id)])
        patient = account.patient_id
        encounter = self._create_encounter(
            mrn, patient=patient, coverage=self._create_coverage(patient)
        )
        encounter.action_complete()
        encounter.action_approve_coding()
        case = encounter._get_or_create_cases()
        self.env.cr.execute(
            "UPDATE account_move_line SET hc_case_id = %s, hc_responsibility = 'patient'"
            " WHERE id = %s",
            [case.id, item.id],
        )
        self.env.invalidate_all()
        statements = self.env.registry["hc.statement"]
        # The ledger of this story knows no charges, so figures of the visit cannot add up.
        with patch.object(statements, "_check_adds_up", lambda *_arguments: None, create=True):
            row = self._execute(account)
        return row, self.env["hc.statement"].search([("account_id", "=", account.id)])

    def test_a_statement_level_issues_a_statement_once(self):
        row, statement = self._issue_statement("C4")
        contact = row.contact_id
        self.assertEqual((statement.state, statement.contact_id), ("issued", contact))
        self.assertEqual(row.account_id.contact_ids, contact, "one contact for level and statement")
        self.assertEqual(contact.checksum, statement.checksum)
        self.assertTrue(contact.letter_run_id)
        self._mail_letters()
        self.assertEqual((contact.state, statement.state), ("sent", "sent"))

    def test_a_letter_that_came_back_brings_its_statement_back(self):
        row, statement = self._issue_statement("C9")
        self._mail_letters()
        row.contact_id.with_user(self.collector).action_mail_returned()
        self.assertEqual((row.contact_id.state, statement.state), ("failed", "returned"))
        self.assertEqual(row.contact_id.outcome, "returned")
        self.assertEqual(row.account_id.mail_returned_on, self.today)
        self.assertFalse(row.account_id.cadence_level_id)

    def test_a_level_whose_statement_was_withdrawn_comes_again(self):
        row, statement = self._issue_statement("C10")
        self.assertTrue(row.account_id.cadence_level_id)
        statement.with_user(self.collector).action_void()
        self.assertEqual((statement.state, row.contact_id.state), ("void", "cancelled"))
        self.assertEqual((row.state, row.reason), ("withdrawn", "undelivered"))
        self.assertFalse(row.account_id.cadence_level_id or row.contact_id.told_ids)

    def _publish_bill(self, **vals):
        bill = {"code": "bill", "delay_days": 5, "channel": "email", "spacing_days": 1}
        return self._publish_policy("bills", [bill | {"fallback_channel": "letter"} | vals])

    def test_a_required_notice_goes_by_letter_to_who_wants_no_letters(self):
        """26 CFR 1.501(r)-6(c)(4): the notice is given in writing, to everybody."""
        self._publish_bill(is_required_notice=True, purpose="other")
        account = self._guarantor("C7", days=10)
        account._record_consent(["email", "letter"], "revoked", "front_desk", "form")
        row = self._execute(account)
        contact = row.contact_id
        self.assertEqual((row.state, contact.channel), ("contacted", "letter"))
        self._mail_letters()
        self.assertEqual(contact.state, "sent")

    def test_an_opt_out_after_it_was_laid_out_does_not_stop_a_required_notice(self):
        for is_required, state in ((True, "sent"), (False, "cancelled")):
            with self.subTest(is_required=is_required):
                self._publish_bill(
                    code=f"bill_{state}", channel="letter", is_required_notice=is_required
                )
                # The other letter lets the run be printed where this one drops out.
                account, other = (self._guarantor(f"C8 {state} {n}", days=10) for n in (1, 2))
                contact = self._execute(account).contact_id
                account._record_consent(["letter"], "revoked", "front_desk", "form")
                self._mail_letters()
                self.assertEqual((contact.state, other.contact_ids.state), (state, "sent"))

    def test_other_reminders_follow_the_wish(self):
        self._publish_bill()
        account = self._guarantor("C9", days=10)
        account._record_consent(["email", "letter"], "revoked", "front_desk", "form")
        self.assertEqual(self._propose(account).proposal_ids.reason, "no_consent")

    def test_a_hold_stops_a_required_notice_all_the_same(self):
        self._publish_bill(is_required_notice=True)
        account = self._guarantor("C10", days=10)
        self.env["hc.collection.hold"]._place(account, "cease", "wrote to us")
        self.assertEqual(self._propose(account).proposal_ids.reason, "held")

    def test_an_old_and_large_balance_becomes_a_collectors_task(self):
        old, small = self._guarantor("C5", 2000.0, days=61), self._guarantor("C6", 20.0, days=61)
        old._set_collector(self.collector)
        self._check_rules("account_threshold")
        item = self._threshold_items(old)
        self.assertEqual((item.kind, item.assignee_id), ("collection_threshold", self.collector))
        self.assertFalse(self._threshold_items(small))

    def _check_rules(self, *names):
        """Run the check of time-based rules as if the last one was two days ago."""
        for name in names:
            rule = self.env.ref(f"hc_collections.automation_{name}")
            rule.last_run = fields.Datetime.now() - timedelta(days=2)
        with self.enter_registry_test_mode():
            self.env.ref(
                "base_automation.ir_cron_data_base_automation_check"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def _threshold_items(self, account):
        key = f"collection_threshold:{account.id}"
        return self.env["hc.work.item"].search([("dedup_key", "=", key)], order="id")

    def _raise_earlier(self, accounts):
        """As if their balances had risen some hours ago."""
        accounts.flush_recordset()
        self.env.cr.execute(
            "UPDATE hc_collection_account SET amount_raised_at = amount_raised_at"
            " - interval '2 hours' WHERE id = ANY(%s)",
            [accounts.ids],
        )
        self.env.invalidate_all()

    def test_an_old_balance_that_grows_later_becomes_a_task_too(self):
        grown, young = self._guarantor("C11", 900.0, days=90), self._guarantor("C12", 900.0, days=9)
        # The day on which it was old enough has passed long ago.
        self._check_rules("account_threshold", "account_growth")
        self.assertFalse(self._threshold_items(grown))
        self._owe([(grown.patient_id, [(150.0, 1)]), (young.patient_id, [(150.0, 1)])])
        self.assertEqual(grown.amount_open, 1050.0)
        self._raise_earlier(grown | young)
        self._check_rules("account_growth")
        item = self._threshold_items(grown)
        self.assertEqual(item.kind, "collection_threshold")
        self.assertFalse(self._threshold_items(young))
        item._resolve("not_applicable")
        self._check_rules("account_threshold")
        self.assertEqual(self._threshold_items(grown).state, "resolved")

    def test_a_balance_that_falls_or_stays_has_not_risen(self):
        account = self._guarantor("C13", 900.0, days=90)
        self._raise_earlier(account)
        risen_at = account.amount_raised_at
        account._refresh()
        self.assertEqual(account.amount_raised_at, risen_at)
        self._owe([(account.patient_id, [(-100.0, 1)])])
        self.assertEqual(account.amount_raised_at, risen_at)
        self._owe([(account.patient_id, [(100.0, 1)])])
        self.assertGreater(account.amount_raised_at, risen_at)
