# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .statement_common import StatementCase


@tagged("post_install", "-at_install")
class TestStatementRun(StatementCase):
    """Many statements: chosen and explained, issued once, going on where they stopped."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        maker = cls("setUp")
        cls.cases = [maker._bill_patient(f"R-{number}") for number in range(3)]
        cls.accounts = [maker._account_of(case) for case in cls.cases]
        cls.run_ = cls.env["hc.statement.run"].with_user(cls.collector).create({}).sudo()

    def _lines(self):
        return self.run_.line_ids.filtered(lambda line: line.account_id in self._own())

    def _own(self):
        return self.env["hc.collection.account"].union(*self.accounts)

    def _run_jobs(self):
        jobs = self.env["hc.job"].search([("batch", "=", f"statements:{self.run_.id}")])
        for job in jobs.sorted("id"):
            getattr(self.run_, job.method)(**job.arguments)
        return jobs

    def _issue_today(self):
        """The Scheduled Action, in a transaction of its own, which commits in steps."""
        self.env.flush_all()
        try:
            with self.enter_registry_test_mode(), self.registry.cursor() as cr:
                self.env(cr=cr)["hc.collection.account"]._cron_issue_statements()
        finally:
            self.env.invalidate_all()

    def test_the_preview_says_who_is_left_out_and_why(self):
        self.env["hc.collection.hold"]._place(self.accounts[0], "cease", "asked")
        self.cases[1].patient_id.zip = False
        self.run_.action_preview()
        reasons = {line.account_id: (line.state, line.reason) for line in self._lines()}
        self.assertEqual(reasons[self.accounts[0]], ("skipped", "held"))
        self.assertEqual(reasons[self.accounts[1]], ("skipped", "no_address"))
        self.assertEqual(reasons[self.accounts[2]], ("waiting", False))
        self.assertFalse(self.run_.statement_ids)

    def test_jobs_issue_each_statement_once(self):
        self.run_.action_preview()
        self.run_.action_start()
        self._run_jobs()
        self._run_jobs()
        self.assertEqual(self.run_.state, "done")
        self.assertEqual(len(self.run_.statement_ids), self.run_.issued_count)
        for account in self.accounts:
            self.assertEqual(len(account.statement_ids), 1)
        other = self.env["hc.statement.run"].create({})
        other.action_preview()
        lines = other.line_ids.filtered(lambda line: line.account_id in self._own())
        self.assertEqual(set(lines.mapped("reason")), {"known"})

    def test_what_changed_since_the_preview_is_looked_at_again(self):
        self.run_.action_preview()
        self.run_.action_start()
        self._pay_amount(self.cases[0], 150.0)
        self.env["hc.collection.hold"]._place(self.accounts[1], "cease", "asked")
        self._run_jobs()
        reasons = {line.account_id: line.reason for line in self._lines()}
        self.assertEqual(reasons[self.accounts[0]], "nothing_owed")
        self.assertEqual(reasons[self.accounts[1]], "held")
        self.assertTrue(self.accounts[2].statement_ids)

    @mute_logger("odoo.addons.hc_revenue_base.models.hc_batch_mixin")
    def test_one_that_fails_stops_no_other_and_is_tried_again(self):
        self.run_.action_preview()
        self.run_.action_start()
        statements = self.env.registry["hc.statement"]
        render = statements._render_letter
        bad = self.accounts[1]

        def fail(statement):
            if statement.account_id == bad:
                raise UserError(statement.env._("characters without a font"))
            return render(statement)

        with patch.object(statements, "_render_letter", fail):
            self._run_jobs()
        states = {line.account_id: line.state for line in self._lines()}
        self.assertEqual(states[bad], "failed")
        self.assertEqual(states[self.accounts[0]], "issued")
        self.assertEqual(self.run_.state, "running")
        self.assertFalse(bad.statement_ids, "a draft that failed is undone")
        item = self.env["hc.work.item"].search(
            [("kind", "=", "statement_failed"), ("res_id", "=", bad.id)]
        )
        self.assertEqual(item.state, "open")
        self.env["hc.job"].search([("batch", "=", f"statements:{self.run_.id}")])._transition(
            "cancelled"
        )
        self.run_.action_continue()
        self._run_jobs()
        self.assertEqual((self.run_.state, len(bad.statement_ids)), ("done", 1))

    def test_letters_are_printed_as_one_file_and_marked(self):
        self.run_.action_preview()
        self.run_.action_start()
        self._run_jobs()
        content = self.run_._read_letters()
        self.assertTrue(content.startswith(b"%PDF-"))
        self.run_.action_mark_mailed()
        self.assertEqual(set(self.run_.statement_ids.mapped("state")), {"sent"})
        self.assertEqual(set(self.run_.statement_ids.contact_id.mapped("state")), {"sent"})

    def test_the_scheduled_action_starts_one_run_a_day(self):
        self._issue_today()
        self._issue_today()
        runs = self.env["hc.statement.run"].search(
            [("cron_day", "=", self.today), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(len(runs), 1)
        self.assertIn(runs.state, ("running", "done"))

    @mute_logger("odoo.addons.hc_collections.models.hc_statement_run_daily")
    def test_one_company_keeps_no_other_from_its_statements(self):
        other = self.env["res.company"].create({"name": "Another Hospital"})
        patient = self.env["hc.patient"].create(
            {"mrn": "R-OTHER", "last_name": "Other", "first_name": "O", "company_id": other.id}
        )
        accounts = self.env["hc.collection.account"]
        accounts._open_accounts({(other.id, patient.partner_id.id)})
        runs = self.env.registry["hc.statement.run"]
        issue = runs._issue_day

        def fail(run, company):
            if company == self.company:
                raise UserError(run.env._("characters without a font"))
            return issue(run, company)

        with (
            patch.object(runs, "_issue_day", fail),
            self.assertRaisesRegex(UserError, "without a font"),
        ):
            self._issue_today()
        self.assertTrue(self.run_.search([("company_id", "=", other.id)]).cron_day)
        item = self.run_._get_day_items(self.company)
        self.assertEqual(item.state, "open")
        self._issue_today()
        self.assertEqual(item.state, "resolved")

    def test_two_last_groups_at_once_end_the_run(self):
        self.run_.action_preview()
        with patch("odoo.addons.hc_collections.models.hc_statement_run.LINES_PER_JOB", 1):
            self.run_.action_start()
        waiting = self.run_.line_ids.filtered(lambda line: line.state == "waiting")
        domain = [("batch", "=", f"statements:{self.run_.id}")]
        known = self.env["hc.job"].search(domain)
        self.run_._job_issue(waiting[:1].ids)
        self.assertEqual(self.run_.state, "running")
        # What another transaction did meanwhile; neither has seen the other.
        waiting[1:]._write_guarded({"state": "skipped", "reason": "held"})
        for job in self.env["hc.job"].search(domain) - known:
            getattr(self.run_, job.method)(**job.arguments)
        self.assertEqual(self.run_.state, "done")

    def test_today_is_the_day_at_the_office(self):
        """It is one day in Samoa while it is the one before, or after, in Kiribati."""
        # Two days on: nothing was billed later than the earlier of the two.
        moment = fields.Datetime.now().replace(hour=10, minute=30) + timedelta(days=2)
        with freeze_time(moment):
            days = {}
            for zone in ("Pacific/Pago_Pago", "Pacific/Kiritimati"):
                self.company.partner_id.tz = zone
                self._issue_today()
                days[zone] = self.run_.search(
                    [("company_id", "=", self.company.id)], limit=1
                ).cron_day
                now = fields.Datetime.now().replace(tzinfo=ZoneInfo("UTC"))
                self.assertEqual(days[zone], now.astimezone(ZoneInfo(zone)).date())
            self.assertEqual(len(set(days.values())), 2, "25 hours apart")
            statement = self._make(self.accounts[0])
            statement.action_mark_sent()
            self.assertEqual(statement.sent_on, days["Pacific/Kiritimati"])

    def test_the_office_is_where_its_address_its_facility_or_its_calendar_says(self):
        self.company.partner_id.tz = False
        self.facility.timezone = self.other_facility.timezone = "America/Denver"
        self.assertEqual(self.company._get_office_timezone(), "America/Denver")
        other = self.env["res.company"].create({"name": "Another Hospital"})
        other.partner_id.tz = False
        other.resource_calendar_id.tz = "America/Chicago"
        self.assertEqual(other._get_office_timezone(), "America/Chicago")

    def test_a_run_of_another_day_is_not_started(self):
        self.run_.statement_date = self._days_ago(3)
        self.run_.action_preview()
        with self._refused("another day"):
            self.run_.action_start()

    def test_whom_it_is_about_is_settled_when_it_starts(self):
        self.run_.action_preview()
        self.run_.amount_minimum = 151.0
        self.assertFalse(self.run_.previewed_at or self.run_.line_ids)
        self.run_.action_preview()
        self.assertEqual(set(self._lines().mapped("reason")), {"below_minimum"})
        self.run_.action_start()
        with self._refused("has started"):
            self.run_.with_user(self.collector).write({"amount_minimum": 0.0})
