# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from unittest.mock import patch

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
        self.env["hc.collection.account"]._cron_issue_statements()
        self.env["hc.collection.account"]._cron_issue_statements()
        runs = self.env["hc.statement.run"].search(
            [("cron_day", "=", self.today), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(len(runs), 1)
        self.assertIn(runs.state, ("running", "done"))

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
