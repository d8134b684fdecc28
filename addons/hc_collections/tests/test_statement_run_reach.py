# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .statement_common import StatementCase


@tagged("post_install", "-at_install")
class TestStatementRunReach(StatementCase):
    """Whom a run reaches, who may start it, and on which day it goes on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        maker = cls("setUp")
        cls.case = maker._bill_patient("RR-1")
        cls.account = maker._account_of(cls.case)
        cls.other_case = maker._bill_patient("RR-2")
        cls.other_account = maker._account_of(cls.other_case)
        cls.supervisor = cls._create_user("rr.supervisor", "supervisor")
        cls.runs = cls.env["hc.statement.run"]

    def _move_to_other_facility(self, case):
        """As if the visit had been at the other facility."""
        case.flush_recordset()
        self.env.cr.execute(
            "UPDATE hc_billing_case SET facility_id = %s WHERE id = %s",
            [self.other_facility.id, case.id],
        )
        self.env.invalidate_all()

    def _issue_jobs(self, run):
        jobs = self.env["hc.job"].search([("batch", "=", f"statements:{run.id}")])
        for job in jobs.sorted("id"):
            getattr(run, job.method)(**job.arguments)

    def test_a_run_that_goes_on_later_tells_what_is_owed_then(self):
        run = self.runs.create({})
        run.action_preview()
        run.action_start()
        self._pay_amount(self.case, 50.0)
        later = self.today + timedelta(days=2)
        with freeze_time(datetime.combine(later, datetime.min.time()) + timedelta(hours=12)):
            run.action_continue()
            self._issue_jobs(run)
        statement = self.account.statement_ids
        self.assertEqual(statement.statement_date, later)
        self.assertEqual(statement.key, later.strftime("%Y-%m"))
        self.assertEqual(statement.amount_due, 100.0)
        self.assertGreater(statement.due_date, later)

    def test_people_of_one_facility_start_runs_of_theirs(self):
        run = self.runs.with_user(self.collector).create({})
        self.assertEqual(run.facility_id, self.facility, "one's own is proposed")
        for facility in (self.env["hc.facility"], self.other_facility):
            whole = self.runs.create({"facility_id": facility.id})
            for name in ("action_preview", "action_start", "action_continue", "action_cancel"):
                with self.subTest(facility=facility.name, name=name):
                    by_collector = whole.with_user(self.collector).with_context(su=True)
                    with self.assertRaises(AccessError), self.env.cr.savepoint():
                        getattr(by_collector, name)()
            self.assertEqual(whole.state, "draft")
        manager = self._create_user("rr.manager", "manager")
        whole = self.runs.create({"facility_id": False})
        whole.with_user(manager).action_preview()
        self.assertTrue(whole.line_ids)

    def test_a_run_that_goes_out_is_stopped_by_supervisors(self):
        run = self.runs.with_user(self.collector).create({})
        run.action_preview()
        run.action_start()
        with self._refused("ask a supervisor", AccessError):
            run.action_cancel()
        run.with_user(self.supervisor).action_cancel()
        self.assertEqual(run.state, "cancelled")
        draft = self.runs.with_user(self.collector).create({})
        draft.action_cancel()
        self.assertEqual(draft.state, "cancelled")

    def test_a_run_of_a_facility_asks_where_something_is_open(self):
        self._move_to_other_facility(self.other_case)
        run = self.runs.create({"facility_id": self.facility.id})
        run.action_preview()
        self.assertIn(self.account, run.line_ids.account_id)
        self.assertNotIn(self.other_account, run.line_ids.account_id)

    def test_the_scheduled_action_stays_within_its_scope(self):
        self._move_to_other_facility(self.other_case)
        automation = self.env.ref("hc_collections.hc_automation_issue_statements").sudo()
        automation._config_write({"facility_ids": [(6, 0, self.facility.ids)], "mode": "on"})
        with self.enter_registry_test_mode():
            self.env.ref("hc_collections.ir_cron_issue_statements").method_direct_trigger()
        self.env.invalidate_all()
        run = self.runs.search(
            [("cron_day", "=", self.today), ("company_id", "=", self.company.id)]
        )
        self.assertIn(self.account, run.line_ids.account_id)
        self.assertNotIn(self.other_account, run.line_ids.account_id)

    def test_a_payer_class_is_a_scope_too(self):
        automation = self.env.ref("hc_collections.hc_automation_issue_statements").sudo()
        patient = self._create_patient("20RR-3")
        insured = self._bill("RR-3", patient=patient, coverage=self._create_coverage(patient))
        automation._config_write({"payer_type": self.payer.payer_type})
        accounts = self.env["hc.collection.account"]
        found = accounts.search(automation._get_domain_for(accounts._name))
        self.assertIn(self._account_of(insured, "payer_1"), found)
        self.assertNotIn(self.account, found)
        automation._config_write(
            {"payer_type": False, "segment_domain": f"[('id', '=', {self.account.id})]"}
        )
        found = accounts.search(automation._get_domain_for(accounts._name))
        self.assertEqual(found, self.account)
