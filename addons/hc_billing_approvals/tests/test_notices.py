# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestNotices(ApprovalCommon):
    """Whoever is waited for hears of it: later, together, and without a patient's name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Nothing of earlier requests in this database is to be told here.
        cls.env["hc.approval.step"].search([("state", "=", "open")])._write_guarded(
            {"noticed_at": fields.Datetime.now()}
        )
        cls.env["hc.approval.request"].search(
            [("requester_notice_at", "!=", False)]
        )._write_guarded({"requester_notice_at": False})

    def setUp(self):
        super().setUp()
        self.mails_before = self._search_mails()

    def _search_mails(self):
        return self.env["mail.mail"].search([("model", "=", "res.users")])

    def _notify(self):
        """What a run of the Scheduled Action sends: ``{user: body}``, one e-mail each."""
        before = self._search_mails()
        self._run_cron("notify_approvers")
        sent = self._search_mails() - before
        bodies = {self.env["res.users"].browse(mail.res_id): str(mail.body_html) for mail in sent}
        self.assertEqual(len(bodies), len(sent), "nobody gets two at once")
        return bodies

    def _get_activities(self, request):
        return request.activity_ids.filtered(
            lambda each: (
                each.activity_type_id
                == self.env.ref("hc_billing_approvals.mail_activity_type_approval")
            )
        )

    def test_requesting_and_deciding_send_nothing(self):
        action = self._request_write_off(300.0)
        self._approve(action, self.team_lead)
        self.assertEqual(self._search_mails(), self.mails_before)

    def test_an_approver_gets_one_mail_about_all_requests(self):
        cases = self.case | self._create_case("AP-2", 40) | self._create_case("AP-3", 40)
        requests = self.env["hc.approval.request"]
        for case in cases:
            requests |= self._request_write_off(300.0, case=case).approval_request_ids
        mails = self._notify()
        self.assertIn(self.team_lead, mails)
        self.assertNotIn(self.clerk, mails, "the requester does not decide")
        self.assertNotIn(self.compliance, mails)
        body = mails[self.team_lead]
        for request in requests:
            self.assertIn(f'/odoo/revenue-approvals/{request.id}"', body)
            self.assertIn(request.case_id.name, body)
            self.assertNotIn(request.case_id.patient_id.last_name, body)
            self.assertNotIn(request.case_id.patient_id.first_name, body)
        self.assertIn("Denial Write-Off", body)
        self.assertIn("300.00", body)
        self.assertTrue(all(requests.step_ids.mapped("noticed_at")))
        self.assertEqual(self._notify(), {}, "once")

    def test_the_link_opens_the_request(self):
        action = self.env.ref("hc_billing_approvals.hc_approval_request_action")
        self.assertEqual(
            (action.path, action.res_model), ("revenue-approvals", "hc.approval.request")
        )
        self.assertIn("form", action.view_mode)

    def test_a_long_list_is_cut(self):
        for number in range(22):
            self._request_write_off(51.0 + number, key=f"cut {number}")
        body = self._notify()[self.team_lead]
        self.assertEqual(body.count("/odoo/revenue-approvals/"), 20)
        self.assertRegex(body, r"and\s+<?.*2.*\s+more")

    def test_who_may_not_see_it_is_not_told(self):
        other = self._create_user("ap.elsewhere", "team_lead", facilities=self.other_facility)
        absent = self._create_user("ap.archived", "team_lead")
        absent.active = False
        self._request_write_off(300.0)
        mails = self._notify()
        self.assertIn(self.team_lead, mails)
        self.assertNotIn(other, mails)
        self.assertNotIn(absent, mails)

    def test_people_choose_how_often(self):
        self.team_lead.with_user(self.team_lead).hc_approval_notice = "none"
        other = self._create_user("ap.lead.2", "team_lead")
        daily = self._create_user("ap.lead.3", "team_lead")
        daily.with_user(daily).hc_approval_notice = "daily"
        daily.tz = "UTC"
        day = self.env.cr.now().date()
        daily.hc_approval_digest_on = day
        self._request_write_off(300.0)
        mails = self._notify()
        self.assertIn(other, mails)
        self.assertNotIn(self.team_lead, mails)
        self.assertNotIn(daily, mails)
        daily.hc_approval_digest_on = day - timedelta(days=1)
        self._set_local_hour(daily, 6)
        self.assertNotIn(daily, self._notify(), "not before the morning")
        self._set_local_hour(daily, 9)
        daily.hc_approval_digest_on = day - timedelta(days=2)
        mails = self._notify()
        self.assertEqual(set(mails), {daily})
        self.assertIn("300.00", mails[daily])
        self.assertEqual(self._notify(), {}, "once a day")

    def _set_local_hour(self, user, hour):
        """Give a user the time zone in which it is about that hour now."""
        offset = (hour - self.env.cr.now().hour) % 24
        offset = offset - 24 if offset > 12 else offset
        user.tz = f"Etc/GMT{-offset:+d}" if offset else "UTC"

    def test_nobody_chooses_for_others(self):
        with self.assertRaises(UserError):
            self.team_lead.with_user(self.supervisor).hc_approval_notice = "none"

    def test_named_approvers_get_an_activity_until_it_is_decided(self):
        action = self._request_write_off(300.0)
        request = action.approval_request_ids
        self._notify()
        self.assertFalse(self._get_activities(request), "roles have none")
        request.step_ids.with_user(self.supervisor)._reassign(self.team_lead, "back today")
        mails = self._notify()
        self.assertIn("Handed to You", mails[self.team_lead])
        activity = self._get_activities(request)
        self.assertEqual(activity.user_id, self.team_lead)
        request.step_ids._write_guarded({"noticed_at": False})
        self._notify()
        self.assertEqual(self._get_activities(request), activity, "one is enough")
        self._approve(action, self.manager)
        self.assertFalse(self._get_activities(request))

    def test_an_activity_ends_with_its_request(self):
        action = self._request_write_off(300.0)
        request = action.approval_request_ids
        request.step_ids.with_user(self.supervisor)._reassign(self.team_lead, "yours")
        self._notify()
        self.assertTrue(self._get_activities(request))
        action.with_user(self.clerk).action_withdraw()
        self.assertFalse(self._get_activities(request))

    def test_the_requester_hears_what_came_of_it(self):
        action = self._request_write_off(300.0)
        self._notify()
        action.approval_request_ids.with_user(self.team_lead)._ask("which appeal?")
        mails = self._notify()
        self.assertEqual(set(mails), {self.clerk})
        self.assertIn("waits for your answer", mails[self.clerk])
        action.approval_request_ids.with_user(self.clerk)._answer("the second")
        self.assertNotIn(self.clerk, self._notify())
        action.approval_request_ids.with_user(self.team_lead)._decide("reject", "appeal first")
        mails = self._notify()
        self.assertEqual(set(mails), {self.clerk})
        self.assertIn("refused", mails[self.clerk])
        self.assertEqual(self._notify(), {})

    def test_a_reminder_tells_again(self):
        action = self._request_write_off(300.0)
        self._notify()
        step = action.approval_request_ids.step_ids
        step._write_guarded({"next_reminder_at": self.env.cr.now() - timedelta(hours=1)})
        self._run_cron("remind_approvers")
        self.assertGreater(step.next_reminder_at, self.env.cr.now())
        self.assertIn("Still Waits for You", self._notify()[self.team_lead])
        self._run_cron("remind_approvers")
        self.assertEqual(self._notify(), {})

    def test_an_escalation_tells_those_whom_it_reached(self):
        action = self._request_write_off(6000.0)
        self.assertIn(self.manager, self._notify())
        step = action.approval_request_ids.step_ids.filtered(lambda each: each.state == "open")
        step._write_guarded({"next_escalation_at": self.env.cr.now() - timedelta(hours=1)})
        self._run_cron("escalate_steps")
        mails = self._notify()
        self.assertIn(self.director, mails)
        self.assertNotIn(self.manager, mails)
        self.assertIn("You May Decide Too", mails[self.director])

    def test_delegates_are_told(self):
        delegation = (
            self.env["hc.approval.delegation"]
            .with_user(self.team_lead)
            .create(
                {
                    "delegate_id": self.operations.id,
                    "date_to": fields.Date.today() + timedelta(days=2),
                    "reason": "leave",
                }
            )
        )
        delegation.with_user(self.operations).action_accept()
        self._request_write_off(300.0)
        self.assertIn(self.operations, self._notify())

    def test_one_mail_that_fails_keeps_nobody_else_from_theirs(self):
        action = self._request_write_off(300.0)
        template = type(self.env["mail.template"])
        send_mail = template.send_mail

        def fail_for_one(self, res_id, **values):
            if res_id == unlucky.id:
                raise ValueError("no such field")
            return send_mail(self, res_id, **values)

        unlucky = self._create_user("ap.lead.2", "team_lead")
        with (
            patch.object(template, "send_mail", fail_for_one),
            self.assertLogs("odoo.addons.hc_billing_approvals", "ERROR"),
        ):
            mails = self._notify()
        self.assertIn(self.team_lead, mails)
        self.assertNotIn(unlucky, mails)
        self.assertTrue(action.approval_request_ids.step_ids.noticed_at)
        self.assertEqual(self._notify(), {})

    def test_what_was_told_cannot_be_untold(self):
        step = self._request_write_off(300.0).approval_request_ids.step_ids
        for values in ({"noticed_at": fields.Datetime.now()}, {"notice_kind": "reminder"}):
            with self.assertRaises(UserError):
                step.sudo().write(values)
        with self.assertRaises(UserError):
            step.request_id.sudo().write({"requester_notice_at": fields.Datetime.now()})
