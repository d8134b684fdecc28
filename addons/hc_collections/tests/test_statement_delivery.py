# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .statement_common import StatementCase


@tagged("post_install", "-at_install")
class TestStatementDelivery(StatementCase):
    """Notice periods run from the first statement that was provided after discharge."""

    def _send_again(self, account, statement):
        statement.action_void()
        again = self._make(account)
        again.action_mark_sent()
        return again

    def test_periods_run_from_the_day_of_mailing(self):
        case = self._bill_patient("D-1")
        statement = self._make(self._account_of(case))
        self.assertFalse(case.first_statement_on, "a letter that lies in the office tells nobody")
        later = datetime.combine(self.today + timedelta(days=3), datetime.min.time())
        with freeze_time(later + timedelta(hours=12)):
            statement.action_mark_sent()
        self.assertEqual(case.first_statement_on, later.date())
        self.assertEqual(statement.sent_on, later.date())

    def test_what_came_back_or_was_withdrawn_was_not_provided(self):
        case = self._bill_patient("D-2")
        account = self._account_of(case)
        statement = self._make(account)
        statement.action_mark_sent()
        self.assertEqual(case.first_statement_on, self.today)
        statement.action_mail_returned()
        self.assertFalse(case.first_statement_on)
        statement.action_mail_again()
        self.assertEqual(case.first_statement_on, self.today)
        statement.action_void()
        self.assertFalse(case.first_statement_on)

    def test_another_statement_that_was_provided_keeps_the_day(self):
        case = self._bill_patient("D-3")
        account = self._account_of(case)
        statement = self._make(account)
        statement.action_mark_sent()
        day = self._days_ago(40)
        statement._write_guarded({"sent_on": day, "key": "past", "statement_date": day})
        second = self._make(account)
        second.action_mark_sent()
        self.assertEqual(case.first_statement_on, day)
        second.action_void()
        self.assertEqual(case.first_statement_on, day)
        third = self._make(account)
        third.action_mark_sent()
        statement.action_void()
        self.assertEqual(case.first_statement_on, self.today)

    def test_interim_bills_and_bills_before_discharge_do_not_count(self):
        for number, bill, ended, counts in (
            ("D-4", "0112", datetime(2026, 3, 2, 15), False),
            ("D-5", "0113", datetime(2026, 3, 2, 15), False),
            ("D-6", "0111", datetime(2026, 3, 2, 15), True),
            ("D-7", False, datetime.combine(self.today, datetime.min.time()) + timedelta(days=9),
             False),
        ):  # fmt: skip
            with self.subTest(bill=bill, ended=ended):
                case = self._bill_patient(number)
                case.encounter_id.sudo().write({"type_of_bill": bill, "ended_at": ended})
                self._make(self._account_of(case)).action_mark_sent()
                self.assertEqual(bool(case.first_statement_on), counts)

    def test_a_stay_without_an_end_has_not_ended(self):
        case = self._bill_patient("D-8")
        encounter = case.encounter_id.sudo()
        encounter.write({"ended_at": False})
        statement = self._make(self._account_of(case))
        statement.action_mark_sent()
        self.assertEqual(case.first_statement_on, self.today, "a visit ends with its service")
        encounter.write({"encounter_class": "inpatient"})
        case._renew_first_statement()
        self.assertFalse(case.first_statement_on)

    def test_each_case_has_its_own_day(self):
        case = self._bill_patient("D-9")
        account = self._account_of(case)
        first = self._make(account)
        first.action_mark_sent()
        day = self._days_ago(50)
        first._write_guarded({"sent_on": day, "key": "past", "statement_date": day})
        other = self._bill(
            "D-9B",
            coverage=self.no_coverage,
            patient=self._create_patient("20D-9B", guarantor_id=case.patient_id.id),
        )
        self._make(account).action_mark_sent()
        self.assertEqual((case.first_statement_on, other.first_statement_on), (day, self.today))

    def test_what_the_patient_has_is_withdrawn_by_supervisors(self):
        account = self._account_of(self._bill_patient("D-10"))
        statement = self._make(account)
        statement.action_mark_sent()
        by_collector = statement.with_user(self.collector).with_context(su=True)
        with self._refused("ask a supervisor", AccessError):
            by_collector.action_void()
        self.assertEqual(statement.state, "sent")
        supervisor = self._create_user("d.supervisor", "supervisor")
        statement.with_user(supervisor).action_void()
        self.assertEqual(statement.state, "void")
        draft = self._make(account)
        draft.with_user(self.collector).action_void()
        self.assertEqual(draft.state, "void", "before it went out it is the collector's")

    def test_the_same_letter_goes_out_again_only_where_it_may(self):
        case = self._bill_patient("D-11")
        account = self._account_of(case)
        statement = self._make(account)
        statement.action_mark_sent()
        statement.action_mail_returned()
        hold = self.env["hc.collection.hold"]._place(account, "cease", "asked")
        with self._refused("a hold stops contact"):
            statement.action_mail_again()
        hold._release("over")
        case.patient_id.zip = False
        with self._refused("address is incomplete"):
            statement.action_mail_again()
        case.patient_id.zip = "62701"
        self._pay_amount(case, 150.0)
        with self._refused("nothing of it is to be paid"):
            statement.action_mail_again()
        self.assertEqual((statement.state, account.mail_returned_on), ("returned", self.today))
