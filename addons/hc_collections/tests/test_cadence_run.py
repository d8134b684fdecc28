# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .cadence_common import CadenceCase


@tagged("post_install", "-at_install")
class TestCadenceRun(CadenceCase):
    """A run says who gets what and why; what it says happens once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Hours are another class's subject.
        cls.env["hc.guardrail.rule"].search([("code", "=", "REGF-2")])._config_write(
            {"active": False}
        )

    def _row(self, run, account):
        return run.proposal_ids.filtered(lambda row: row.account_id == account)

    def _level(self, code="first", channel="letter", **vals):
        return {"code": code, "delay_days": 5, "channel": channel, "spacing_days": 7, **vals}

    def _run_to_end(self, run):
        run.with_user(self.collector).action_execute()
        self._work()
        self.assertEqual(run.state, "done")
        self._mail_letters()

    def test_the_shipped_policies_are_in_force_and_without_objection(self):
        self.assertEqual(self.policy.level_ids.mapped("delay_days"), [5, 30, 60, 90])
        self.assertFalse(self.policy.finding_text)
        payer = self.env["hc.cadence.policy"]._get_in_force(self.company, "payer", self.today)
        self.assertEqual(payer.level_ids.mapped("channel"), ["portal", "call", "call"])

    def test_a_letter_goes_out_once_and_is_kept(self):
        account = self._guarantor("R1", days=10)
        run = self._propose()
        row = self._row(run, account)
        self.assertEqual((row.reason, row.level_id.code), ("due", "statement_1"))
        self._run_to_end(run)
        contact = row.contact_id
        self.assertEqual((contact.state, contact.channel), ("sent", "letter"))
        content = contact.attachment_id.raw
        self.assertEqual(content[:4], b"%PDF")
        self.assertEqual(contact.checksum, hashlib.sha256(content).hexdigest())
        self.assertEqual(account.cadence_level_id, self.policy.level_ids[0])
        again = self._propose()
        self.assertEqual(self._row(again, account).reason, "not_due")

    def test_a_recorded_step_is_never_recorded_twice(self):
        account = self._guarantor("R2", days=10)
        run = self._propose()
        row = self._row(run, account)
        run._transition("executing")
        first = row._record_contacts()
        # As if the process had been killed and its row been read before.
        row._write_guarded({"state": "proposed", "contact_id": False})
        account._write_guarded({"cadence_level_id": False, "last_level_on": False})
        self.assertEqual(self.env["hc.contact"]._record([row._prepare_contact_vals()]), first)

    def test_a_step_of_another_run_is_not_taken_for_ones_own(self):
        account = self._guarantor("R2B", days=10)
        row = self._row(self._propose(), account)
        long_ago = datetime.combine(self._days_ago(60), datetime.min.time())
        vals = row._prepare_contact_vals() | {"run_id": False, "happened_at": long_ago}
        self.env["hc.contact"]._record([vals])._transition("done")
        row.run_id._transition("executing")
        self.assertFalse(row._record_contacts())
        self.assertEqual((row.state, row.reason), ("withdrawn", "other_step"))
        self.assertFalse(account.last_level_on, "nobody was told today")

    def test_a_hold_placed_after_the_proposal_stops_the_contact(self):
        account = self._guarantor("R3", days=10)
        run = self._propose()
        self.env["hc.collection.hold"]._place(account, "cease", "asked us to stop")
        self._run_to_end(run)
        row = self._row(run, account)
        self.assertEqual((row.state, row.reason), ("withdrawn", "held"))
        self.assertFalse(account.contact_ids)
        self.assertFalse(account.cadence_level_id)

    def test_a_hold_placed_after_the_recording_stops_the_sending(self):
        account = self._guarantor("R4", days=10)
        run = self._propose()
        run._transition("executing")
        contact = self._row(run, account)._record_contacts()
        self.assertEqual(account.cadence_level_id.code, "statement_1")
        self.env["hc.collection.hold"]._place(account, "bankruptcy", "chapter 7")
        contact._job_deliver()
        self.assertEqual(contact.state, "cancelled")
        self.assertIn("hold", contact.error)
        self.assertFalse(account.cadence_level_id)
        self.assertEqual(self._row(run, account).state, "withdrawn")

    def test_who_has_paid_meanwhile_gets_nothing(self):
        account = self._guarantor("R5", days=10)
        run = self._propose()
        self._owe([(account.patient_id, [(-200.0, 0)])])
        self._run_to_end(run)
        self.assertEqual(self._row(run, account).state, "withdrawn")
        self.assertFalse(account.contact_ids)

    def test_a_policy_published_meanwhile_changes_nothing(self):
        account = self._guarantor("R6", days=10)
        run = self._propose()
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            self.policy.level_ids[0].delay_days = 50
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            self.policy.minimum_amount = 5000
        draft = self.policy.copy({"date_from": self.today})
        draft.level_ids[0].delay_days = 25
        draft._publish()
        self.assertEqual(self.policy.state, "published")
        self._run_to_end(run)
        self.assertEqual(self._row(run, account).state, "contacted")
        self.assertEqual(run.policy_id, self.policy)

    def test_a_second_run_waits_for_the_first(self):
        self._guarantor("R7", days=10)
        run = self._propose()
        with self.assertRaisesRegex(UserError, "open already"):
            self._propose()
        run.action_cancel()
        self.assertTrue(self._propose())

    def test_runs_do_not_go_back_in_time_nor_ahead(self):
        self._guarantor("R8", days=10)
        self._propose().action_cancel()
        run = self._propose()
        self._run_to_end(run)
        for day, message in ((-1, "go back in time"), (1, "not come yet")):
            with self.assertRaisesRegex(UserError, message):
                self.runs._propose(self.company, "patient", self.today + timedelta(days=day))

    def test_rows_are_left_out_with_a_reason(self):
        account = self._guarantor("R9", days=10)
        run = self._propose()
        row = self._row(run, account).with_user(self.collector)
        with self.assertRaisesRegex(UserError, "Say why"):
            row._exclude(" ")
        action = row.action_open_exclusion()
        self.env["hc.cadence.exclude.wizard"].with_user(self.collector).with_context(
            **action["context"]
        ).create({"reason": "wants a plan"}).action_confirm()
        self._run_to_end(run)
        self.assertEqual((row.state, row.exclusion_reason), ("excluded", "wants a plan"))
        self.assertFalse(account.contact_ids)

    def test_nobody_writes_rows_or_runs(self):
        account = self._guarantor("R10", days=10)
        run = self._propose()
        row = self._row(run, account).with_user(self.collector)
        for vals in ({"state": "skipped"}, {"reason": "due"}, {"account_id": account.id}):
            with self.assertRaises(AccessError):
                row.with_context(hc_force=True).write(vals)
        with self.assertRaises(AccessError):
            run.with_user(self.collector).write({"state": "done"})
        stranger = self._create_user(
            "cadence.stranger", "collector", facilities=self.other_facility
        )
        account.patient_id.facility_ids = self.facility
        self.assertFalse(row.with_user(stranger).search([("id", "=", row.id)]))

    def test_calls_become_work_of_people(self):
        self._publish_policy("calls", [self._level(channel="call")])
        account = self._guarantor("R11", days=10)
        run = self._propose()
        self._run_to_end(run)
        contact = account.contact_ids
        self.assertEqual((contact.state, contact.address), ("due", "2175550123"))
        item = self.env["hc.work.item"].search([("dedup_key", "=", f"contact:{contact.id}")])
        self.assertEqual((item.kind, item.queue_id.code), ("collection_contact", "collections"))
        contact.with_user(self.collector).action_make_call()
        self.assertEqual((contact.state, item.state), ("done", "resolved"))

    def test_text_messages_leave_in_one_document(self):
        self._publish_policy("texts", [self._level(channel="sms")], {"sms": ("opted_in", 0)})
        accounts = self._guarantor("R12", days=10) | self._guarantor("R13", days=10)
        silent = self._guarantor("R14", days=10)
        accounts._record_consent(["sms"], "granted", "front_desk", "form 1")
        run = self._propose()
        self.assertEqual(self._row(run, silent).reason, "no_consent")
        self._run_to_end(run)
        exchange = accounts.contact_ids.exchange_id
        self.assertEqual((len(exchange), exchange.document_type), (1, "text_message"))
        self.assertEqual(set(accounts.contact_ids.mapped("state")), {"queued"})
        exchange._finish_sending()
        self.assertEqual(set(accounts.contact_ids.mapped("state")), {"sent"})

    @mute_logger("odoo.addons.mail.models.mail_mail")
    def test_a_mail_server_that_is_down_keeps_and_tries_again(self):
        self._publish_policy("mails", [self._level(channel="email")])
        accounts = self._guarantor("R15", days=10) | self._guarantor("R16", days=10)
        run = self._propose()
        self._run_to_end(run)
        contacts = accounts.contact_ids
        mails = contacts.mail_id
        self.assertEqual((len(mails), set(mails.mapped("state"))), (2, {"outgoing"}))
        servers = self.env.registry["ir.mail_server"]
        with patch.object(servers, "_connect__", side_effect=OSError("no route to host")):
            mails.send()
        contacts._follow_up_mails()
        self.assertEqual(set(contacts.mapped("state")), {"queued"})
        self.assertEqual(set(mails.mapped("state")), {"outgoing"})
        self.assertEqual(contacts.mapped("attempts"), [1, 1])
        contacts._job_deliver()
        self.assertEqual(contacts.mail_id, mails)
        mails.write({"state": "sent"})
        contacts._follow_up_mails()
        self.assertEqual(set(contacts.mapped("state")), {"sent"})

    def test_an_e_mail_that_fails_for_good_gets_a_person(self):
        self._publish_policy("mails", [self._level(channel="email")])
        account = self._guarantor("R17", days=10)
        self._run_to_end(self._propose())
        contact = account.contact_ids
        contact._write_guarded({"attempts": 5})
        contact.mail_id.write({"state": "exception", "failure_reason": "mailbox unknown"})
        contact._follow_up_mails()
        self.assertEqual((contact.state, contact.error), ("failed", "mailbox unknown"))
        self.assertTrue(
            self.env["hc.work.item"].search([("dedup_key", "=", f"contact_failed:{contact.id}")])
        )

    def test_the_final_notice_moves_the_account(self):
        self._publish_policy(
            "last", [self._level("first"), self._level("last", delay_days=30, is_final=True)]
        )
        account = self._guarantor("R18", days=60)
        self._run_to_end(self._propose())
        self._let_days_pass(account, 40)
        self._run_to_end(self._propose())
        self.assertEqual(account.state, "pre_collections")
        self.assertEqual(self._row(self._propose(), account).reason, "exhausted")
        return account

    def _let_days_pass(self, account, days):
        """As if all that was said to an account had been said earlier."""
        account.contact_ids.flush_recordset()
        for table, column in (("hc_contact", "happened_at"), ("hc_cadence_told", "told_on")):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s - %s * interval '1 day' WHERE account_id = %s",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    SQL.identifier(column),
                    days,
                    account.id,
                )
            )
        self.env.invalidate_all()
        account._write_guarded({"last_level_on": account.last_level_on - timedelta(days=days)})

    def test_a_balance_that_arises_the_day_the_old_one_is_paid_begins_anew(self):
        account = self.test_the_final_notice_moves_the_account()
        self.runs.search([("state", "=", "proposed")]).action_cancel()
        self._let_days_pass(account, 30)
        # Paid and owing again before any nightly look, and dated before the last notice.
        self._settle(account)
        self._owe([(account.patient_id, [(75.0, 50)])])
        row = self._row(self._propose(), account)
        self.assertEqual((row.reason, row.level_id.code), ("due", "first"))
        self.assertEqual(account.state, "active")

    def _settle(self, account):
        items = self.env["account.move.line"].search(
            [
                ("partner_id", "=", account.partner_id.id),
                ("account_type", "=", "asset_receivable"),
                ("reconciled", "=", False),
            ]
        )
        self._owe([(account.patient_id, [(-sum(items.mapped("amount_residual")), 0)])])
        items |= self.env["account.move.line"].search(
            [("partner_id", "=", account.partner_id.id), ("reconciled", "=", False)]
        )
        items.reconcile()
        self.assertFalse(sum(items.mapped("amount_residual")))

    def test_a_payer_is_asked_about_each_claim_anew(self):
        """What is left of an old claim does not silence the follow-up of a new one."""
        policy = self._publish_policy("last", [self._level("first")])
        account = self._guarantor("R19", days=10)
        self._run_to_end(self._propose())
        self.assertEqual(account.contact_ids.told_ids.level_id, policy.level_ids)
        self._let_days_pass(account, 40)
        self._owe([(account.patient_id, [(75.0, 6)])])
        self._run_to_end(self._propose())
        self.assertEqual(len(account.contact_ids), 2)
        self.assertEqual(len(account.contact_ids.told_ids), 2)
        self._let_days_pass(account, 40)
        self.assertEqual(self._row(self._propose(), account).reason, "exhausted")

    def test_a_level_that_a_new_version_dropped_is_no_dead_end(self):
        self._publish_policy("one", [self._level("dropped"), self._level("later", delay_days=60)])
        account = self._guarantor("R26", days=90)
        self._run_to_end(self._propose())
        self._let_days_pass(account, 40)
        self._publish_policy("two", [self._level("other"), self._level("next", delay_days=60)])
        row = self._row(self._propose(), account)
        self.assertEqual((row.reason, row.level_id.code), ("due", "next"))

    def test_levels_in_another_order_repeat_none_and_freeze_nobody(self):
        first, second = self._level("first"), self._level("second", delay_days=30)
        self._publish_policy("one", [first, second])
        account = self._guarantor("R27", days=90)
        for _step in (first, second):
            self._run_to_end(self._propose())
            self._let_days_pass(account, 40)
        self.assertEqual(len(account.contact_ids), 2)
        self._publish_policy("two", [second, first, self._level("third", delay_days=60)])
        row = self._row(self._propose(), account)
        self.assertEqual((row.reason, row.level_id.code), ("due", "third"))
        self._run_to_end(row.run_id)
        self.assertEqual((row.state, len(account.contact_ids)), ("contacted", 3))

    def test_balances_in_another_currency_are_not_compared(self):
        account = self._guarantor("R20", days=10)
        self._publish_policy(
            "euro", [self._level()], currency_id=self.env.ref("base.EUR").id, minimum_amount=1.0
        )
        self.assertEqual(self._row(self._propose(), account).reason, "currency_differs")

    def test_a_company_follows_up_its_own_guarantors_only(self):
        account = self._guarantor("R21", days=10)
        other = self.env["res.company"].create({"name": "Another Hospital"})
        run = self.runs._propose(other, "patient", self.today)
        self.assertFalse(run.proposal_ids)
        self.assertTrue(self._row(self._propose(), account))

    def test_hostile_names_stay_text(self):
        account = self._guarantor(
            "R22", days=10, last_name="<script>alert(1)</script>", first_name='=cmd|"/c calc"!A1'
        )
        run = self._propose()
        self._run_to_end(run)
        contact = account.contact_ids
        self.assertEqual(contact.state, "sent")
        self.assertNotIn("script", contact.body)

    def test_chosen_accounts_are_followed_up_alone(self):
        first, second = self._guarantor("R23", days=10), self._guarantor("R24", days=10)
        action = first.with_user(self.collector).action_start_follow_up()
        run = self.runs.browse(action["res_id"])
        self.assertTrue(run.is_partial)
        self.assertEqual(run.proposal_ids.account_id, first)
        self.assertNotIn(second, run.proposal_ids.account_id)
        self.assertIn("Statement 1", str(run.summary_html))

    def test_what_was_left_open_does_not_stop_the_run_of_the_day(self):
        chosen, other = self._guarantor("R27", days=10), self._guarantor("R28", days=10)
        partial = self._propose(chosen | other)
        self._row(partial, other).with_user(self.collector)._exclude("called us today")
        self._run_day()
        run = partial.superseded_by_id
        self.assertEqual((partial.state, run.state), ("cancelled", "executing"))
        self.assertIn(run.name, "".join(partial.message_ids.mapped("body")))
        self._work()
        self.assertEqual(self._row(run, chosen).state, "contacted")
        left_out = self._row(run, other)
        self.assertEqual(
            (left_out.state, left_out.exclusion_reason), ("excluded", "called us today")
        )

    def test_a_review_of_yesterday_makes_way(self):
        account = self._guarantor("R29", days=10)
        stale = self._propose()
        self._run_day()
        self.assertEqual(stale.state, "proposed", "a review of today is its person's")
        stale._write_guarded({"as_of": self._days_ago(1)})
        self._run_day()
        self.assertEqual(stale.state, "cancelled")
        self.assertEqual(self._row(stale.superseded_by_id, account).state, "proposed")

    def test_a_run_whose_job_died_is_taken_up_again(self):
        account = self._guarantor("R30", days=10)
        run = self._propose()
        run.action_execute()
        jobs = self.env["hc.job"].search([("batch", "=", f"cadence_run:{run.id}")])
        for state in ("running", "dead"):
            jobs._transition(state)
        self._run_day()
        self._work()
        self._mail_letters()
        self.assertEqual((run.state, account.contact_ids.state), ("done", "sent"))

    @mute_logger("odoo.addons.hc_revenue_base.models.hc_batch_mixin")
    def test_one_bad_account_keeps_no_other_from_its_reminder(self):
        good, bad = self._guarantor("R31", days=10), self._guarantor("R32", days=10)
        run = self._propose()
        self._refuse_contacts_of(bad)
        self._run_to_end(run)
        self.assertEqual(good.contact_ids.state, "sent")
        row = self._row(run, bad)
        self.assertEqual((row.state, row.reason), ("withdrawn", "failed"))
        item = self.env["hc.work.item"].search([("dedup_key", "=", f"cadence_failed:{bad.id}")])
        self.assertEqual((item.kind, item.state), ("collection_unrecorded", "open"))
        self.env.cr.execute("ALTER TABLE hc_contact DROP CONSTRAINT refused_here")
        self._run_to_end(self._propose())
        self.assertEqual((bad.contact_ids.state, item.state), ("sent", "resolved"))

    def _refuse_contacts_of(self, account):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "ALTER TABLE hc_contact ADD CONSTRAINT refused_here CHECK (account_id <> %s)"
                " NOT VALID",
                account.id,
            )
        )

    def test_a_pilot_keeps_to_its_accounts(self):
        pilot, other = self._guarantor("R33", days=10), self._guarantor("R34", days=10)
        automation = self.env.ref("hc_collections.hc_automation_cadence_run")
        automation._config_write({"segment_domain": f"[('id', '=', {pilot.id})]"})
        self._run_day()
        run = self.runs.search([("party", "=", "patient")], limit=1)
        self.assertTrue(self._row(run, pilot))
        self.assertFalse(self._row(run, other))
        run.action_cancel()
        automation._config_write(
            {"segment_domain": False, "facility_ids": [(6, 0, self.facility.ids)]}
        )
        self.assertFalse(
            self.env["hc.collection.account"].search(
                automation._get_domain_for("hc.collection.account") & Domain("id", "=", pilot.id)
            ),
            "its balance stems from no visit of the facility",
        )
        self.env.cr.execute(
            "UPDATE account_move_line SET hc_case_id = %s WHERE hc_collection_account_id = %s",
            [self._create_case().id, pilot.id],
        )
        self._run_day()
        run = self.runs.search([("party", "=", "patient")], limit=1)
        self.assertEqual(run.proposal_ids.account_id, pilot)

    def _create_case(self):
        encounter = self._create_encounter("R-PILOT")
        encounter.action_complete()
        encounter.action_approve_coding()
        return encounter._get_or_create_cases()

    def test_people_of_one_facility_do_not_work_the_run_of_all(self):
        account = self._guarantor("R35", days=10)
        account.patient_id.facility_ids = self.other_facility
        run = self._propose()
        local = self._create_user("cadence.local", "collector", facilities=self.facility)
        for method in ("action_execute", "action_cancel"):
            with self.assertRaisesRegex(AccessError, "not yours"):
                getattr(run.with_user(local), method)()
        self.assertEqual(run.state, "proposed")

    def test_the_day_runs_once_unattended(self):
        account = self._guarantor("R25", days=10)
        self._run_day()
        run = self._row(self.runs.search([("party", "=", "patient")], limit=1), account).run_id
        self.assertEqual(run.state, "executing")
        self._work()
        count = self.runs.search_count([])
        self._run_day()
        self.assertEqual(self.runs.search_count([]), count)
        self._mail_letters()
        self.assertEqual(account.contact_ids.state, "sent")
