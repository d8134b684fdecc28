# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.hc_revenue_base.hc_core.job_policy import GiveUp
from odoo.addons.hc_revenue_base.hc_core.kpi_question import KpiQuestion

from .transport_common import TransportCommon


@tagged("post_install", "-at_install")
class TestContractsRecords(TransportCommon):
    """Life cycles, work items, jobs, facts, figures and advice of a sibling."""

    def _get_log(self, record):
        return self.env["hc.transition"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], order="id"
        )

    def test_a_life_cycle_of_its_own(self):
        request = self.request.with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "name the carrier"):
            request.action_book()
        with self.assertRaises(AccessError):
            request.write({"state": "booked"})
        with self.assertRaises(AccessError):
            request.write({"amount": 0.0})
        request.carrier = "Swift Vans"
        request.action_book()
        self.assertEqual(request.state, "booked")
        log = self._get_log(request)
        self.assertEqual(log.mapped("to_state"), ["requested", "booked"])
        self.assertEqual(log[-1].actor_id, self.clerk)

    def test_a_state_added_to_a_life_cycle_of_base(self):
        self.request._open_waiting_item()
        item = self._get_items().with_user(self.clerk)
        item._transition("on_hold", reason="the carrier calls back")
        labels = dict(item._fields["state"]._description_selection(self.env))
        self.assertEqual(labels[item.state], "On Hold")
        with self.assertRaises(UserError):
            item._transition("resolved")
        item._transition("open")
        self.assertEqual(item.state, "open")

    def _get_items(self):
        return self.env["hc.work.item"].search([("kind", "=", "transport_waiting")])

    def test_the_scheduled_action_opens_items_that_end_with_their_cause(self):
        self.request.pickup_at = self.env.cr.now() - timedelta(hours=1)
        cron = self.env.ref("test_hc_contracts.ir_cron_open_overdue_transports")
        for _run in range(2):
            with self.enter_registry_test_mode(), mute_logger("odoo.addons.base.models.ir_cron"):
                cron.method_direct_trigger()
            self.env.invalidate_all()
        item = self._get_items()
        self.assertEqual(len(item), 1, "once per cause")
        self.assertEqual(item.facility_id, self.facility)
        self.request.carrier = "Swift Vans"
        self.request.action_book()
        self.assertEqual(item.state, "resolved")

    def test_the_register_decides_whether_the_scheduled_action_runs(self):
        self.request.pickup_at = self.env.cr.now() - timedelta(hours=1)
        automation = self.env.ref("test_hc_contracts.hc_automation_open_overdue_transports")
        automation._set_mode("observe", "for this story")
        with self.enter_registry_test_mode(), mute_logger("odoo.addons.base.models.ir_cron"):
            automation.cron_id.method_direct_trigger()
            self.env.cr.precommit.run()
        self.env.invalidate_all()
        self.assertFalse(self._get_items(), "what is observed changes nothing")
        automation._stop("for this story")
        self.assertEqual(automation.mode, "off")

    def test_a_job_of_a_declared_method(self):
        job = self.request.with_user(self.clerk)._enqueue_job("_job_book", {"carrier": "Swift"})
        self.env["hc.job"]._drain(lambda _done=0: 60.0)
        self.assertEqual((job.state, self.request.state), ("done", "booked"))
        with self.assertRaisesRegex(GiveUp, "not declared"):
            self.request._enqueue_job("_waive")

    def test_a_fact_that_readiness_rules_speak_about(self):
        rules = self.env.ref("hc_revenue_base.readiness_rule_set_initial")
        administrator = self._create_user("transport.administrator", "administrator")
        action = rules.with_user(administrator).action_new_draft()
        draft = self.env["hc.readiness.rule.set"].browse(action["res_id"])
        self.env["hc.readiness.rule"].with_user(administrator).create(
            {
                "set_id": draft.id,
                "code": "TRN-01",
                "name": "Rides are done",
                "queue_id": self.env.ref("hc_revenue_base.work_queue_billing").id,
                "message": "{pending_transport_count} rides are open.",
                "condition_ids": [
                    Command.create(
                        {
                            "fact_name": "pending_transport_count",
                            "operator": "equals",
                            "value": "0",
                        }
                    )
                ],
            }
        )
        today = fields.Date.context_today(draft)
        self.payer.timely_filing_days = 100_000
        draft.effective_from = today
        action = draft.with_user(administrator).action_publish()
        self._agree(self.env["hc.config.change"].browse(action["res_id"]))
        self.assertEqual(self._run(self.case, today), "exception")
        self.assertEqual(self._open_codes(self.case), ["TRN-01"])
        self.assertIn("1 rides are open", self.case.open_finding_ids.message)
        self.request._transition("cancelled")
        self.assertEqual(self._run(self.case, today), "ready")

    def test_an_indicator_with_its_drill_down(self):
        provider = self.env["hc.kpi.provider"]
        today = fields.Date.context_today(provider)
        result = provider._compute_kpi("transports_requested", today, group_by="facility")
        self.assertEqual(result.figure.count, 1)
        self.assertEqual([group.key for group in result.groups], self.facility.ids)
        question = KpiQuestion("transports_requested", today, self.company.id)
        found = self.env["hc.transport.request"].search([("kpi_figure", "=", question.to_text())])
        self.assertEqual(found, self.request)

    def test_the_dashboard_shows_it_to_those_who_read_transports(self):
        executive = self._create_user("transport.executive", "executive")
        shown = {
            user: {card["code"] for card in self._get_cards(user)}
            for user in (self.supervisor, executive)
        }
        self.assertEqual(shown[self.supervisor] - shown[executive], {"transports_requested"})
        self.assertTrue(shown[executive])

    def _get_cards(self, user):
        return self.env["hc.kpi.dashboard"].with_user(user).get_overview()["cards"]

    def test_advice_is_accepted_by_a_person(self):
        request = self.request.with_user(self.clerk)
        request._review_apply({"urgency": "urgent"}, request._get_review_token())
        self.assertEqual(request.urgency, "urgent")
        self.assertEqual(self._get_log(request)[-1].facts, {"accepted": ["urgency"]})

    def test_a_score_says_why(self):
        score = self.request._score_urgency()
        self.assertEqual(score.total, 90)
        self.assertEqual([reason.name for reason in score.reasons], ["late", "unowned"])
        self.request.carrier = "Swift Vans"
        self.assertEqual(self.request._score_urgency().total, 60)
