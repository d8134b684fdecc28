# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime, timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.tests.common import HcCommon

CODE = "charge_lag_days"
MONDAY_MORNING = datetime(2026, 8, 3, 9, 0)
SUNDAY = datetime(2026, 8, 2, 9, 0)


@tagged("post_install", "-at_install")
class TestKpiAlerts(HcCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.tz = "UTC"
        cls.manager = cls._create_user("alert.manager", "manager")
        cls.executive = cls._create_user("alert.executive", "executive")
        cls.clerk = cls._create_user("alert.clerk", "clerk")
        cls.rule = cls.env["hc.kpi.alert.rule"].create(
            {
                "name": "Charges are late",
                "company_id": cls.company.id,
                "code": CODE,
                "condition": "above",
                "bound": 3,
                "queue_id": cls.env.ref("hc_revenue_base.work_queue_billing").id,
                "notified_user_ids": cls.manager.ids,
                "escalation_user_ids": cls.executive.ids,
                "escalation_hours": 8,
            }
        )
        cls.day = MONDAY_MORNING.date() - timedelta(days=1)

    def _write_down(self, day, value):
        """A figure of a day, as a night writes it."""
        self.env.cr.execute(
            """INSERT INTO hc_kpi_snapshot (code, company_id, as_of, numerator, denominator,
                                            record_count, is_first, known_at)
                    VALUES (%s, %s, %s, %s, 1, 1, TRUE, now())""",
            [CODE, self.company.id, day, value],
        )
        self.env.cr.execute(
            """INSERT INTO hc_kpi_snapshot_day
                           (code, company_id, as_of, first_taken_at, last_taken_at, change_count)
                    VALUES (%s, %s, %s, now(), now(), 0)""",
            [CODE, self.company.id, day],
        )

    def _check(self, now=MONDAY_MORNING):
        self.rule._check(now)
        return self.env["hc.kpi.alert"].search([("rule_id", "=", self.rule.id)])

    def _get_item(self):
        return self.env["hc.work.item"].search([("dedup_key", "=", f"kpi_alert:{self.rule.id}")])

    def test_an_alert_opens_once_and_closes_by_itself(self):
        self._write_down(self.day, 4)
        alert = self._check()
        self.assertEqual((alert.state, alert.value, alert.bound), ("open", 4.0, 3.0))
        self.assertEqual(self._get_item().state, "open")
        self.assertEqual(alert.activity_ids.user_id, self.manager)
        self._write_down(self.day + timedelta(days=1), 5)
        self.assertEqual(self._check(), alert)
        self.assertEqual((alert.value, len(alert.activity_ids)), (5.0, 1))
        self._write_down(self.day + timedelta(days=2), 2)
        self.assertEqual(self._check().state, "closed")
        self.assertEqual(self._get_item().state, "resolved")
        self.assertFalse(alert.activity_ids)

    def test_at_its_bound_a_figure_is_well(self):
        self._write_down(self.day, 3)
        self.assertFalse(self._check())

    def test_so_many_days_in_a_row(self):
        self.rule.days_in_row = 2
        self._write_down(self.day, 4)
        self.assertFalse(self._check())
        self._write_down(self.day + timedelta(days=1), 4)
        self.assertTrue(self._check())

    def test_worse_than_usual_needs_to_know_what_is_usual(self):
        self.rule.write({"condition": "worse_than_usual", "worse_percent": 50})
        for back in range(1, 7):
            self._write_down(self.day - timedelta(days=back), 2)
        self._write_down(self.day, 9)
        self.assertFalse(self._check())
        self._write_down(self.day - timedelta(days=7), 2)
        alert = self._check()
        self.assertEqual((alert.value, alert.bound), (9.0, 3.0))

    def test_nobody_is_told_outside_their_hours(self):
        self.rule.calendar_id = self.env["resource.calendar"].create(
            {"name": "Office", "company_id": self.company.id, "tz": "UTC"}
        )
        self._write_down(SUNDAY.date() - timedelta(days=1), 4)
        alert = self._check(SUNDAY)
        self.assertTrue(self._get_item(), "work waits for nobody's hours")
        self.assertFalse(alert.activity_ids)
        self._check(MONDAY_MORNING)
        self.assertEqual(alert.activity_ids.user_id, self.manager)

    def test_what_nobody_takes_is_escalated_and_what_somebody_takes_is_not(self):
        self._write_down(self.day, 4)
        alert = self._check()
        self._check(MONDAY_MORNING + timedelta(hours=7))
        self.assertFalse(alert.escalated_at)
        self._check(MONDAY_MORNING + timedelta(hours=9))
        self.assertIn(self.executive, alert.activity_ids.user_id)
        alert.with_user(self.manager).action_acknowledge()
        self.assertEqual(alert.acknowledged_by_id, self.manager)
        with self.assertRaises(UserError):
            alert.with_user(self.manager).action_acknowledge()

    def test_a_taken_alert_is_not_escalated(self):
        self._write_down(self.day, 4)
        alert = self._check()
        alert.with_user(self.manager).action_acknowledge()
        self._check(MONDAY_MORNING + timedelta(hours=9))
        self.assertFalse(alert.escalated_at)

    def test_an_email_goes_where_the_rule_says_so(self):
        self.rule.is_emailed = True
        self.manager.email = "manager@example.com"
        self._write_down(self.day, 4)
        alert = self._check()
        mails = self.env["mail.message"].search(
            [("model", "=", alert._name), ("res_id", "=", alert.id)]
        )
        self.assertIn(self.manager.partner_id, mails.notified_partner_ids)

    def test_an_indicator_without_target_misses_none(self):
        with self.assertRaises(ValidationError):
            self.rule.write({"code": "dnfb_amount", "condition": "off_target"})

    def test_clerks_neither_read_nor_take_alerts(self):
        self._write_down(self.day, 4)
        alert = self._check()
        for call in (alert.with_user(self.clerk).action_acknowledge, self._read_as_clerk):
            with self.assertRaises(AccessError):
                call()

    def _read_as_clerk(self):
        return self.env["hc.kpi.alert"].with_user(self.clerk).search([])

    def test_the_state_moves_by_its_buttons_only(self):
        self._write_down(self.day, 4)
        alert = self._check()
        with self.assertRaises(UserError):
            alert.with_user(self.manager).write({"state": "closed"})
