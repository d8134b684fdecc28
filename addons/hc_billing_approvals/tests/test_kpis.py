# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .approval_common import ApprovalCommon

OWN = {
    "approvals_waiting",
    "approval_age_days",
    "approval_cycle_days",
    "approvals_overdue",
    "approval_sla_breaches",
    "break_glass_count",
    "billing_override_count",
    "refused_attempts",
}


@tagged("post_install", "-at_install")
class TestKpis(ApprovalCommon):
    """Figures of the controls: now, at past days, and the records behind them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # One calendar for what has a facility and what has none, at every hour of the day.
        cls.facility.timezone = "UTC"

    def _value(self, code, days_ago=0, **scope):
        day = fields.Date.today() - timedelta(days=days_ago)
        provider = self.env["hc.kpi.provider"]
        return int(provider._compute_kpi(code, day, company=self.company, **scope).figure.value)

    def _behind(self, code, days_ago=0, user=None):
        """The records that the number of a card opens."""
        day = fields.Date.today() - timedelta(days=days_ago)
        dashboard = self.env["hc.kpi.dashboard"].with_user(user or self.compliance)
        action = dashboard.get_drill_down(code, {"as_of": str(day)})
        return dashboard.env[action["res_model"]].search(action["domain"])

    def _backdate(self, record, days, **values):
        """Let a record and its log be older; the log's own triggers are off for this."""
        self.env.flush_all()
        self.env.cr.execute("ALTER TABLE hc_transition DISABLE TRIGGER USER")
        self.env.cr.execute(
            "UPDATE hc_transition SET occurred_at = occurred_at - %s * INTERVAL '1 day'"
            " WHERE res_model = %s AND res_id = ANY(%s)",
            [days, record._name, record.ids],
        )
        self.env.cr.execute("ALTER TABLE hc_transition ENABLE TRIGGER USER")
        self.env.invalidate_all()

    def _make_late(self, request, opened_days_ago, due_days_ago):
        self._backdate(request, opened_days_ago)
        self._backdate(request.step_ids, opened_days_ago)
        request.step_ids[:1]._write_guarded(
            {"due_at": self.env.cr.now().replace(microsecond=0) - timedelta(days=due_days_ago)}
        )

    def test_open_steps_past_due_count_from_the_day_on(self):
        before = self._value("approval_sla_breaches"), self._value("approvals_overdue")
        request = self._request_write_off(4200.0).approval_request_ids
        self.assertEqual(self._value("approval_sla_breaches"), before[0])
        self._make_late(request, 10, 5)
        for code, base in zip(("approval_sla_breaches", "approvals_overdue"), before, strict=True):
            with self.subTest(code):
                self.assertEqual(self._value(code), base + 1)
                self.assertEqual(self._value(code, 3), base + 1)
                self.assertEqual(self._value(code, 7), base)
        self.assertIn(request.step_ids[0], self._behind("approval_sla_breaches"))
        self.assertNotIn(request.step_ids[1], self._behind("approval_sla_breaches"))
        self.assertIn(request, self._behind("approvals_overdue"))
        self.assertNotIn(request, self._behind("approvals_overdue", 7))

    def test_a_step_decided_late_stays_a_breach_for_thirty_days(self):
        action = self._request_write_off(300.0)
        request, step = action.approval_request_ids, action.approval_request_ids.step_ids
        before = self._value("approval_sla_breaches"), self._value("approvals_overdue")
        self._approve(action, self.team_lead)
        self._make_late(request, 0, 2)
        self._backdate(step, 0)
        self.env.cr.execute("ALTER TABLE hc_transition DISABLE TRIGGER USER")
        self.env.cr.execute(
            "UPDATE hc_transition SET occurred_at = occurred_at - INTERVAL '4 days'"
            " WHERE res_model = 'hc.approval.step' AND res_id = %s AND to_state = 'open'",
            [step.id],
        )
        self.env.cr.execute("ALTER TABLE hc_transition ENABLE TRIGGER USER")
        self.assertEqual(self._value("approval_sla_breaches"), before[0] + 1)
        self.assertEqual(self._value("approvals_overdue"), before[1])
        self.assertEqual(self._value("approval_sla_breaches", 1), before[0] + 1)
        # Decided in time: no breach any more.
        step._write_guarded({"due_at": self.env.cr.now() + timedelta(days=1)})
        self.assertEqual(self._value("approval_sla_breaches"), before[0])

    def test_glass_and_overrides_count_for_thirty_days(self):
        before = {
            code: self._value(code) for code in ("break_glass_count", "billing_override_count")
        }
        request = self._request_write_off(300.0).approval_request_ids
        request.with_user(self.director)._break_glass("nobody else is there before the deadline")
        self.assertEqual(self._value("break_glass_count"), before["break_glass_count"] + 1)
        self.assertEqual(self._value("break_glass_count", 1), before["break_glass_count"])
        self.assertIn(request.break_glass_ids, self._behind("break_glass_count"))
        override = self._request_override()
        self.assertEqual(
            self._value("billing_override_count"), before["billing_override_count"] + 1
        )
        self.assertIn(override, self._behind("billing_override_count"))
        override._write_guarded({"settled_at": self.env.cr.now() - timedelta(days=31)})
        self.assertEqual(self._value("billing_override_count"), before["billing_override_count"])
        self.assertEqual(
            self._value("billing_override_count", 5), before["billing_override_count"] + 1
        )

    def _request_override(self):
        """An applied override; what it does to a finding is another test's business."""
        action = self._request("not_billable", 10.0, key="override")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hc_controlled_action SET kind = 'billing_override', state = 'applied',"
            " settled_at = now() AT TIME ZONE 'UTC' WHERE id = %s",
            [action.id],
        )
        self.env.invalidate_all()
        return action

    def test_refused_attempts_count_for_compliance_only(self):
        before = self._value("refused_attempts")
        self.env.cr.execute(
            """INSERT INTO hc_refused_attempt
                   (occurred_at, user_id, company_id, res_model, operation, refusal)
               VALUES (now() AT TIME ZONE 'UTC', %(user)s, %(company)s, 'x', 'write', 'duty'),
                      (now() AT TIME ZONE 'UTC' - INTERVAL '40 days', %(user)s, %(company)s,
                       'x', 'write', 'duty')""",
            {"user": self.clerk.id, "company": self.company.id},
        )
        self.assertEqual(self._value("refused_attempts"), before + 1)
        self.assertEqual(self._value("refused_attempts", 35), before + 1)
        self.assertEqual(self._value("refused_attempts", facilities=self.facility), 0)
        self.assertEqual(len(self._behind("refused_attempts")), before + 1)
        overview = self.env["hc.kpi.dashboard"].with_user(self.supervisor).get_overview()
        self.assertNotIn("refused_attempts", [card["code"] for card in overview["cards"]])

    def test_other_facilities_stay_out_of_sight(self):
        before = self._value("approvals_overdue", facilities=self.other_facility)
        request = self._request_write_off(300.0).approval_request_ids
        self._make_late(request, 3, 1)
        self.assertEqual(self._value("approvals_overdue", facilities=self.other_facility), before)
        stranger = self._create_user("ap.elsewhere", "supervisor")
        stranger.hc_facility_ids = self.other_facility
        self.assertNotIn(request, self._behind("approvals_overdue", user=stranger))
        self.assertIn(request, self._behind("approvals_overdue", user=self.supervisor))

    def test_the_page_of_the_topic_shows_its_own_indicators(self):
        dashboard = self.env["hc.kpi.dashboard"].with_user(self.compliance)
        cards = dashboard.get_overview({"topic": "approvals"})["cards"]
        self.assertEqual({card["code"] for card in cards}, OWN)
        everything = {card["code"] for card in dashboard.get_overview()["cards"]}
        self.assertGreater(everything, OWN)
        self.assertEqual(dashboard.get_overview({"topic": "nothing"})["cards"], [])
        with self.assertRaises(UserError):
            dashboard.get_overview({"topic": ["approvals"]})
        for card in cards:
            with self.subTest(card["code"]):
                for grouping in card["groupings"]:
                    dashboard.get_groups(card["code"], grouping)
                self.assertEqual(len(self._behind(card["code"])), card["count"])
