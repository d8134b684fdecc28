# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, new_test_user, tagged

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestSystray(ApprovalCommon):
    """The counter: what waits for the user, capped, at the same cost however much it is."""

    def _get_systray(self, user):
        self.env.invalidate_all()
        return self.env["hc.approval.request"].with_user(user).get_systray()

    def _request_several(self, count):
        for number in range(count):
            self._request_write_off(60.0 + number, key=f"systray {number}")

    def test_it_counts_what_waits_for_the_user(self):
        before = self._get_systray(self.team_lead)["waiting"]
        action = self._request_write_off(300.0)
        told = self._get_systray(self.team_lead)
        self.assertEqual(told["waiting"], before + 1)
        line = next(
            each for each in told["requests"] if each["id"] == action.approval_request_ids.id
        )
        self.assertEqual((line["kind"], line["case"]), ("Denial Write-Off", self.case.name))
        self.assertIn("300.00", line["amount"])
        self.assertEqual(self._get_systray(self.clerk)["waiting"], 0)
        self._approve(action, self.team_lead)
        self.assertEqual(self._get_systray(self.team_lead)["waiting"], before)

    def test_what_waits_for_a_lower_role_is_not_a_managers_work(self):
        before = self._get_systray(self.manager)["waiting"]
        request = self._request_write_off(300.0).approval_request_ids
        self.assertEqual(self._get_systray(self.manager)["waiting"], before)
        seen = request.with_user(self.manager)
        self.assertEqual((seen.is_mine_to_decide, seen.is_meant_for_me), (True, False))
        self.assertTrue(request.with_user(self.team_lead).is_meant_for_me)

    def test_where_nobody_has_a_role_those_above_are_meant(self):
        role = self.env.ref("hc_revenue_base.group_hc_team_lead")
        leads = role.all_user_ids.filtered(role._is_own_of)
        leads.write({"active": False})
        request = self._request_write_off(300.0).approval_request_ids
        self.env.invalidate_all()
        self.assertTrue(request.with_user(self.supervisor).is_meant_for_me)

    def test_a_role_of_the_offices_own_leads_to_the_role_it_includes(self):
        role = self.env.ref("hc_revenue_base.group_hc_team_lead")
        custom = self.env["res.groups"].create({"name": "Desk Lead", "implied_ids": [(4, role.id)]})
        user = new_test_user(self.env, "desk.lead", "base.group_user")
        user.write({"group_ids": [(4, custom.id)], "hc_facility_ids": [(4, self.facility.id)]})
        request = self._request_write_off(300.0).approval_request_ids
        self.assertTrue(request.with_user(user).is_meant_for_me)

    def test_it_shows_five_and_stops_counting(self):
        self._request_several(7)
        self.assertEqual(len(self._get_systray(self.team_lead)["requests"]), 5)
        path = "odoo.addons.hc_billing_approvals.models.hc_approval_systray._COUNTED"
        with patch(path, 6):
            self.assertEqual(self._get_systray(self.team_lead)["waiting"], 6)

    def test_the_most_urgent_comes_first(self):
        self._request_several(3)
        last = self.env["hc.approval.request"].search([], order="id desc", limit=1)
        self.assertFalse(self._get_systray(self.team_lead)["is_overdue"])
        last.step_ids._write_guarded({"due_at": self.env.cr.now() - timedelta(hours=1)})
        last._take_due_times()
        told = self._get_systray(self.team_lead)
        self.assertTrue(told["is_overdue"])
        self.assertEqual(told["requests"][0]["id"], last.id)
        self.assertEqual([each["is_overdue"] for each in told["requests"][:2]], [True, False])

    def test_questions_wait_for_their_requester(self):
        request = self._request_write_off(300.0).approval_request_ids
        request.with_user(self.team_lead)._ask("which appeal?")
        self.assertEqual(self._get_systray(self.clerk)["asked"], 1)
        self.assertEqual(self._get_systray(self.team_lead)["asked"], 0)
        request.with_user(self.clerk)._answer("the second")
        self.assertEqual(self._get_systray(self.clerk)["asked"], 0)

    def _count_queries(self, user):
        self._get_systray(user)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env["hc.approval.request"].with_user(user).get_systray()
        return self.env.cr.sql_log_count - before

    def test_it_asks_the_database_as_often_for_many_as_for_few(self):
        self._request_several(5)
        few = self._count_queries(self.team_lead)
        for number in range(12):
            self._request_write_off(80.0 + number, key=f"more {number}")
        self.assertEqual(self._count_queries(self.team_lead), few)
        self.assertLess(few, 30)

    def test_others_see_nothing(self):
        stranger = new_test_user(self.env, "ap.stranger", groups="base.group_user")
        self._request_write_off(300.0)
        self.assertEqual(
            self._get_systray(stranger),
            {"waiting": 0, "asked": 0, "is_overdue": False, "requests": []},
        )


@tagged("post_install", "-at_install")
class TestSystrayTour(HttpCase, ApprovalCommon):
    """The counter in a browser."""

    def test_an_approver_opens_what_waits(self):
        self._request_write_off(300.0)
        self.start_tour("/odoo", "hc_approval_systray", login="ap.team_lead")

    def test_who_has_no_role_has_no_counter(self):
        new_test_user(self.env, "ap.stranger", groups="base.group_user")
        self.start_tour("/odoo", "hc_approval_no_systray", login="ap.stranger")


@tagged("post_install", "-at_install")
class TestReassign(ApprovalCommon):
    """A supervisor names who is to decide; the rule and the duties stay as they are."""

    def setUp(self):
        super().setUp()
        self.action = self._request_write_off(300.0)
        self.request = self.action.approval_request_ids
        self.step = self.request.step_ids

    def _refused(self, by, to, words, reason="because"):
        before = self.step.approver_ids
        with self.assertRaises(UserError) as caught:
            self.step.with_user(by)._reassign(to, reason)
        self.assertRegex(str(caught.exception), words)
        self.assertEqual(self.step.approver_ids, before)

    def test_a_supervisor_hands_a_step_on(self):
        action = self.request.with_user(self.supervisor).action_open_reassign()
        wizard = Form(
            self.env[action["res_model"]]
            .with_user(self.supervisor)
            .with_context(**action["context"])
        )
        wizard.user_ids.add(self.team_lead)
        wizard.reason = "knows the payer"
        wizard.save().action_confirm()
        self.assertEqual(self.step.approver_ids, self.team_lead)
        entry = self.env["hc.transition"].search(
            [("res_model", "=", self.request._name), ("res_id", "=", self.request.id)],
            order="id desc",
            limit=1,
        )
        self.assertEqual((entry.kind, entry.reason), ("event", "knows the payer"))
        self.assertEqual(entry.facts["users"], self.team_lead.ids)
        self.assertIn(
            f"Handed to {self.team_lead.name} by {self.supervisor.name}", self.request.path_html
        )
        self._approve(self.action, self.manager)
        self.assertEqual(self.action.state, "applied", "nobody lost their right")

    def test_the_wizard_offers_whom_the_rule_knows(self):
        wizard = self.env["hc.approval.reassign.wizard"].with_user(self.supervisor)
        candidates = wizard.create(
            {"step_ids": self.step.ids, "user_ids": self.team_lead.ids, "reason": "x"}
        ).candidate_ids
        self.assertLessEqual(self.team_lead | self.manager, candidates)
        self.assertFalse(candidates & (self.clerk | self.compliance | self.operations))

    def test_several_at_once_or_none(self):
        other = self._request_write_off(
            300.0, case=self._create_case("AP-2", 40)
        ).approval_request_ids
        steps = (self.step | other.step_ids).with_user(self.supervisor)
        steps._reassign(self.team_lead, "both")
        self.assertEqual(steps.mapped("approver_ids"), self.team_lead)
        self._approve(other.action_id, self.manager)
        with self.assertRaises(UserError):
            steps._reassign(self.manager, "both again")
        self.assertEqual(self.step.approver_ids, self.team_lead)

    def test_only_supervisors_hand_on(self):
        for user in (self.clerk, self.team_lead, self.compliance, self.administrator):
            self._refused(user, self.manager, "Supervisors hand requests on")
            with self.assertRaises(AccessError):
                self.env["hc.approval.reassign.wizard"].with_user(user).create(
                    {
                        "step_ids": self.step.ids,
                        "user_ids": self.manager.ids,
                        "reason": "x",
                    }
                )

    def test_nobody_chooses_who_decides_their_own_request(self):
        action = self._request_write_off(
            300.0, user=self.supervisor, case=self._create_case("AP-2", 40)
        )
        self.step = action.approval_request_ids.step_ids
        self._refused(self.supervisor, self.team_lead, "You requested it")

    def test_people_who_could_not_decide_are_refused(self):
        self._refused(self.supervisor, self.clerk, "they requested it")
        self._refused(self.supervisor, self.compliance, "none of the step's roles")
        self.case.patient_id.hc_related_user_ids = self.team_lead
        self._refused(self.supervisor, self.team_lead, "their family")
        self._refused(self.supervisor, self.manager, "say why", reason=" ")

    def test_who_decided_already_is_refused(self):
        action = self._request_write_off(4200.0, case=self._create_case("AP-2", 40))
        self._approve(action, self.manager)
        self.step = action.approval_request_ids.step_ids.filtered(lambda s: s.state == "open")
        self._refused(self.supervisor, self.manager, "decided a step of it already")

    def test_a_rung_not_reached_yet_may_be_named(self):
        action = self._request_write_off(6000.0, case=self._create_case("AP-2", 60))
        self.step = action.approval_request_ids.step_ids.filtered(lambda s: s.state == "open")
        self.step.with_user(self.supervisor)._reassign(self.director, "manager is ill")
        self._approve(action, self.director)
        self.assertEqual(self.step.state, "approved")

    def test_duties_are_asked_again_when_it_is_decided(self):
        self.step.with_user(self.supervisor)._reassign(self.team_lead, "yours")
        self.case.patient_id.hc_related_user_ids = self.team_lead
        with self.assertRaises(UserError) as caught:
            self.request.with_user(self.team_lead).action_approve()
        self.assertIn("your family", str(caught.exception))

    def test_the_fields_are_guarded(self):
        for values in (
            {"approver_ids": [(4, self.clerk.id)]},
            {"reassigned_by_id": self.clerk.id},
        ):
            with self.assertRaises(UserError):
                self.step.sudo().write(values)


@tagged("post_install", "-at_install")
class TestBottlenecks(ApprovalCommon):
    """Where requests wait, for supervisors: read only, of their own facilities."""

    def setUp(self):
        super().setUp()
        self.action = self._request_write_off(300.0)
        self.step = self.action.approval_request_ids.step_ids

    def _rows(self, user):
        self.env.flush_all()
        return self.env["hc.approval.bottleneck"].with_user(user)

    def test_a_row_says_for_whom_and_how_long(self):
        opened_at = self.env.cr.now() - timedelta(days=14)
        self.step._write_guarded(
            {"opened_at": opened_at, "due_at": self.env.cr.now() - timedelta(days=1)}
        )
        row = self._rows(self.supervisor).browse(self.step.id)
        self.assertEqual(row.group_id, self.env.ref("hc_revenue_base.group_hc_team_lead"))
        self.assertEqual((row.age_days, row.overdue_count), (10, 1))
        self.assertEqual((row.amount, row.request_id), (300.0, self.step.request_id))
        self.assertFalse(row.user_id)
        self.step.with_user(self.supervisor)._reassign(self.team_lead, "late")
        self.env.invalidate_all()
        self.assertEqual(self._rows(self.supervisor).browse(self.step.id).user_id, self.team_lead)

    def test_weekends_do_not_age(self):
        monday = self.env.cr.now().date() - timedelta(days=self.env.cr.now().weekday())
        ages = {}
        self.env.flush_all()
        for days in range(1, 8):
            self.env.cr.execute(
                "UPDATE hc_approval_step SET opened_at = %s WHERE id = %s",
                [monday - timedelta(days=days), self.step.id],
            )
            self.env.invalidate_all()
            ages[days] = self._rows(self.supervisor).browse(self.step.id).age_days
        since_monday = min(self.env.cr.now().weekday(), 5)
        self.assertEqual([ages[days] - since_monday for days in range(1, 8)], [0, 0, 1, 2, 3, 4, 5])

    def test_decided_steps_are_gone(self):
        before = self._rows(self.supervisor).search_count([])
        self._approve(self.action, self.team_lead)
        self.assertEqual(self._rows(self.supervisor).search_count([]), before - 1)

    def test_totals_by_role(self):
        role = self.env.ref("hc_revenue_base.group_hc_team_lead")
        domain = [("group_id", "=", role.id), ("case_id", "=", self.case.id)]
        self._request_write_off(60.0, key="second")
        groups = self._rows(self.supervisor)._read_group(
            domain, ["group_id"], ["__count", "amount:sum", "overdue_count:sum", "age_days:avg"]
        )
        self.assertEqual(groups, [(role, 2, 360.0, 0, 0)])

    def test_facilities_and_roles_are_kept(self):
        elsewhere = self._create_user(
            "ap.supervisor.2", "supervisor", facilities=self.other_facility
        )
        self.assertFalse(self._rows(elsewhere).search([("facility_id", "=", self.facility.id)]))
        self.assertTrue(self._rows(self.compliance).search([("id", "=", self.step.id)]))
        with self.assertRaises(AccessError):
            self._rows(self.clerk).search([])
        with self.assertRaises(AccessError):
            self._rows(self.supervisor).create({"amount": 1.0})

    def test_its_buttons_lead_on(self):
        row = self._rows(self.supervisor).browse(self.step.id)
        opened = row.action_open_request()
        self.assertEqual((opened["res_model"], opened["res_id"]), (
            "hc.approval.request", self.step.request_id.id,
        ))  # fmt: skip
        self.assertEqual(row.action_open_reassign()["context"]["default_step_ids"], self.step.ids)
        with self.assertRaises(UserError):
            row.browse().action_open_reassign()
