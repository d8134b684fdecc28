# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from functools import partial
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import HcCommon


@tagged("post_install", "-at_install")
class TestConfigChange(HcCommon):
    """A billing administrator moves the due time of a queue from 16 to 4 hours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.queue = cls.env.ref("hc_revenue_base.work_queue_coding")
        cls.requester = cls._create_user("config.requester", "administrator")
        cls.second = cls._create_user("config.second", "manager")

    def _propose(self, record=None, **values):
        """A draft of the requester, with values entered as on the form."""
        record = (record or self.queue).with_user(self.requester)
        change = self.env["hc.config.change"].browse(record.action_propose_change()["res_id"])
        change = change.with_user(self.requester)
        for line in change.line_ids.filtered(lambda line: line.field_name in values):
            line.new_value = values[line.field_name]
        change.reason = "Answers come within half a day now."
        return change

    def _get_versions(self, record):
        return self.env["hc.config.version"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], order="number"
        )

    def test_a_change_takes_effect_after_a_second_person_agrees(self):
        change = self._propose(sla_hours=4)
        change.action_submit()
        self.assertEqual((change.state, self.queue.sla_hours), ("submitted", 16.0))
        self.assertEqual(change.summary, "Due Within (hours): 16 → 4")
        self.assertIn("<del>16</del>", change.diff_html)
        self.assertEqual(change.action_id.sudo().state, "pending")
        change.with_user(self.second).action_approve()
        self.assertEqual((change.state, self.queue.sla_hours), ("effective", 4.0))
        self.assertEqual(change.decided_by_id, self.second)
        self.assertEqual(change.action_id.sudo().state, "applied")
        shipped, current = self._get_versions(self.queue)
        self.assertEqual((shipped.origin, shipped.content["sla_hours"]), ("shipped", 16.0))
        self.assertEqual((current.change_id, current.content["sla_hours"]), (change, 4.0))
        self.assertTrue(current.is_current)

    def test_nobody_agrees_to_their_own_change(self):
        for login in ("config.requester", "admin"):
            user = self.env["res.users"].search([("login", "=", login)])
            user.group_ids |= self.env.ref("hc_revenue_base.group_hc_manager")
            user.group_ids |= self.env.ref("hc_revenue_base.group_hc_compliance")
            change = self.env["hc.config.change"].with_user(user)._propose(self.queue)
            change.line_ids[0].new_value = 5
            change.reason = "I want it"
            change.action_submit()
            for attempt in (
                change.action_approve,
                change.sudo().action_approve,
                change.sudo()._agree,
                partial(self._settle, change),
            ):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    attempt()
                    # A gate that waits raises nothing: nothing may have happened then.
                    self.assertEqual(change.state, "submitted")
                    raise AccessError(self.env._("still waiting"))
            self.assertEqual(self.queue.sla_hours, 16.0)
            change.action_withdraw()

    def _settle(self, change):
        action = change.sudo().action_id
        action._settle(action._gate())

    def test_only_those_who_decide_decide(self):
        change = self._propose(sla_hours=4)
        change.action_submit()
        for role in ("clerk", "supervisor", "cfo", "operations"):
            user = self._create_user(f"config.{role}", role)
            with self.assertRaises(AccessError):
                change.with_user(user).action_approve()
            with self.assertRaises(AccessError):
                self.queue.with_user(user).action_propose_change()

    def test_two_people_decide_at_once_and_one_of_them_is_told(self):
        change = self._propose(sla_hours=4)
        change.action_submit()
        change.with_user(self.second).action_approve()
        other = self._create_user("config.third", "compliance")
        with self.assertRaisesRegex(UserError, "decided already"):
            change.with_user(other).action_approve()

    def test_a_refusal_has_a_reason(self):
        change = self._propose(sla_hours=4)
        change.action_submit()
        item = self.env["hc.work.item"].search([("dedup_key", "=", f"config_change:{change.id}")])
        self.assertEqual(item.queue_id.code, "compliance")
        wizard = (
            self.env["hc.config.reject.wizard"]
            .with_user(self.second)
            .create({"change_id": change.id, "reason": "Too fast for part-timers"})
        )
        wizard.action_reject()
        self.assertEqual((change.state, self.queue.sla_hours), ("rejected", 16.0))
        self.assertEqual(change.action_id.sudo().state, "rejected")
        self.assertEqual(item.state, "resolved")
        entry = self.env["hc.transition"].search(
            [("res_model", "=", "hc.config.change"), ("res_id", "=", change.id)], limit=1
        )
        self.assertEqual(entry.reason, "Too fast for part-timers")

    def test_withdrawing_the_request_or_the_change_ends_both(self):
        by_request, by_change = self._propose(sla_hours=4), self._propose(sla_hours=5)
        (by_request | by_change).action_submit()
        by_request.action_id.with_user(self.requester).action_withdraw()
        by_change.action_withdraw()
        for change in by_request | by_change:
            self.assertEqual((change.state, change.action_id.state), ("withdrawn", "void"))

    def test_a_change_waits_for_its_time(self):
        change = self._propose(sla_hours=4)
        change.effective_at = fields.Datetime.now() + timedelta(days=3)
        change.action_submit()
        change.with_user(self.second).action_approve()
        self.assertEqual((change.state, self.queue.sla_hours), ("approved", 16.0))
        self._apply_due()
        self.assertEqual(change.state, "approved")
        self.cr.execute(
            "UPDATE hc_config_change SET effective_at = now() - interval '1 day' WHERE id = %s",
            [change.id],
        )
        self._apply_due()
        self.assertEqual((change.state, self.queue.sla_hours), ("effective", 4.0))

    def _apply_due(self):
        self.env.invalidate_all()
        cron = self.env.ref("hc_revenue_base.ir_cron_apply_config_changes")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_a_record_that_changed_meanwhile_is_a_conflict(self):
        first, second = self._propose(sla_hours=4), self._propose(sla_hours=6)
        first.action_submit()
        second.effective_at = fields.Datetime.now() + timedelta(days=1)
        second.action_submit()
        second.with_user(self.second).action_approve()
        first.with_user(self.second).action_approve()
        self.cr.execute(
            "UPDATE hc_config_change SET effective_at = now() - interval '1 day' WHERE id = %s",
            [second.id],
        )
        self._apply_due()
        self.assertEqual((second.state, self.queue.sla_hours), ("approved", 4.0))
        item = self.env["hc.work.item"].search(
            [("dedup_key", "=", f"config_change_failed:{second.id}")]
        )
        self.assertIn("Due Within (hours) changed since", item.description)
        second.action_withdraw()
        self.assertEqual(item.state, "resolved")

    def test_one_goes_back_to_any_version(self):
        for hours in (4, 2):
            self._agree(self._propose(sla_hours=hours))
        shipped = self._get_versions(self.queue)[0]
        action = shipped.with_user(self.requester).action_roll_back()
        change = self.env["hc.config.change"].browse(action["res_id"])
        self.assertEqual(change.summary, "Due Within (hours): 2 → 16")
        self._agree(change, "Back to what we had")
        self.assertEqual(self.queue.sla_hours, 16.0)
        self.assertEqual(len(self._get_versions(self.queue)), 4)

    def test_what_is_proposed_is_checked(self):
        for name, value in (
            ("sla_hours", "many"),
            ("sla_hours", [4]),
            ("code", ""),
            ("code", {"a": 1}),
            ("resource_calendar_id", 10**9),
            ("active", "perhaps"),
        ):
            with self.subTest(name, value=value), self.assertRaisesRegex(UserError, "no value for"):
                self._propose(**{name: value})
        change = self._propose(sla_hours=-1)
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(UserError, "above zero"):
            change.action_submit()
        self.assertEqual((change.state, self.queue.sla_hours), ("draft", 16.0))

    def test_values_that_the_database_cannot_hold_are_refused_in_words(self):
        cron = self.env.ref("hc_revenue_base.ir_cron_sweep_stalled")
        for record, name, value in (
            (self.queue, "code", "a\x00b"),
            (self.queue, "code", "\ud800"),
            (cron, "interval_number", 10**12),
        ):
            with self.assertRaisesRegex(UserError, "no value for"):
                self._propose(record, **{name: value})
        change = self._propose(code="x" * 1_000_000)
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(UserError, "too large"):
            change.action_submit()

    def test_nobody_names_what_they_may_not_read(self):
        company = self.env["res.company"].create({"name": "Next Door"})
        automation = self.env.ref("hc_revenue_base.hc_automation_sweep_stalled")
        names = ("npi", "tax_identifier", "taxonomy_code", "street", "city", "zip")
        hidden = (
            self.env["hc.facility"]
            .with_company(company)
            .create(
                {name: self.facility[name] for name in names} | {"name": "Hidden", "code": "HID"}
            )
        )
        for values in ({"facility_ids": hidden.ids}, {"company_ids": company.ids}):
            with self.assertRaises(AccessError):
                self._propose(automation, **values)
        change = self._propose(automation, facility_ids=[self.facility.id])
        self.assertIn(self.facility.name, change.summary)

    def test_a_draft_is_not_decided(self):
        change = self._propose(sla_hours=4).with_user(self.second)
        for decide in (change.action_approve, lambda: change._reject("no")):
            with self.assertRaisesRegex(UserError, "in state “Draft”"):
                decide()

    def test_a_change_of_what_is_gone_ends_in_words(self):
        change = self._propose(sla_hours=4)
        change.effective_at = fields.Datetime.now() + timedelta(days=1)
        change.action_submit()
        change.with_user(self.second).action_approve()
        self._agree(self._propose(sla_hours=5))
        version = self._get_versions(self.queue)[-1]
        # The module of the model was uninstalled meanwhile.
        self.cr.execute(
            "UPDATE hc_config_change SET res_model = 'hc.gone', effective_at = now() AT TIME ZONE"
            " 'UTC' - interval '1 day' WHERE id = %s",
            [change.id],
        )
        self._apply_due()
        self.assertEqual(change.state, "approved")
        item = self.env["hc.work.item"].search(
            [("dedup_key", "=", f"config_change_failed:{change.id}")]
        )
        self.assertIn("is gone", item.description)
        with self.assertRaisesRegex(UserError, "is gone"):
            change.action_open_record()
        change.action_withdraw()
        self.assertEqual((change.state, item.state), ("withdrawn", "resolved"))
        with patch.object(type(version), "_get_record", lambda version: version.browse()):
            for attempt in (version.action_open_record, version.action_roll_back):
                with self.assertRaisesRegex(UserError, "gone"):
                    attempt()

    def test_nothing_is_submitted_without_reason_or_difference(self):
        change = self._propose()
        with self.assertRaisesRegex(UserError, "no value differs"):
            change.action_submit()
        change = self._propose(sla_hours=4)
        change.reason = " "
        with self.assertRaisesRegex(UserError, "say why"):
            change.action_submit()

    def test_a_submitted_change_is_fixed(self):
        change = self._propose(sla_hours=4)
        other = self._create_user("config.other", "administrator")
        with self.assertRaisesRegex(UserError, "only its requester"):
            change.line_ids[0].with_user(other).new_value = 1
        change.action_submit()
        for record, values in (
            (change, {"reason": "another"}),
            (change.line_ids[0], {"new_value": 1}),
            (change, {"line_ids": [(1, change.line_ids[0].id, {"new_value": 1})]}),
        ):
            for user in (self.requester, self.second, self.env.ref("base.user_admin")):
                with self.assertRaises(UserError):
                    record.with_user(user).write(values)
        for values in ({"requester_id": self.second.id}, {"res_id": 1}, {"state": "approved"}):
            with self.assertRaises(AccessError):
                change.sudo().write(values)
        for values in ({"old_value": 4}, {"field_name": "code"}, {"before_text": "4"}):
            with self.assertRaises(AccessError):
                change.line_ids[0].sudo().write(values)

    def test_stopping_an_automation_is_a_version_and_starting_it_a_change(self):
        automation = self.env.ref("hc_revenue_base.hc_automation_sweep_stalled")
        automation._stop("too many items")
        self.assertEqual(self._get_versions(automation)[-1].origin, "stop")
        change = self._propose(automation, mode="observe", payer_type=self.payer.payer_type)
        self._agree(change)
        self.assertEqual(automation.mode, "observe")
        self.assertEqual(automation.payer_type, self.payer.payer_type)
        self.assertEqual(self._get_versions(automation)[-1].content["mode"], "observe")

    def test_stopping_an_automation_ends_what_was_agreed_to_before(self):
        automation = self.env.ref("hc_revenue_base.hc_automation_sweep_stalled")
        automation._set_mode("off", "not yet")
        start = self._propose(automation, mode="on")
        start.effective_at = fields.Datetime.now() + timedelta(days=1)
        start.action_submit()
        start.with_user(self.second).action_approve()
        operations = self._create_user("config.stops", "operations")
        automation.with_user(operations)._stop("it must not start")
        self.assertEqual(start.state, "withdrawn")
        entry = self.env["hc.transition"].search(
            [("res_model", "=", "hc.config.change"), ("res_id", "=", start.id)], limit=1
        )
        self.assertEqual((entry.reason, entry.actor_id), ("it must not start", operations))

    def test_a_publication_shows_what_differs_and_needs_a_second_person(self):
        shipped = self.env.ref("hc_revenue_base.readiness_rule_set_initial")
        draft = shipped.browse(shipped.action_new_draft()["res_id"])
        draft.effective_from = fields.Date.context_today(draft)
        draft.rule_ids.filtered(lambda rule: rule.code == "DEM-01").severity = "warning"
        action = draft.with_user(self.requester).action_publish()
        change = self.env["hc.config.change"].browse(action["res_id"]).with_user(self.requester)
        self.assertEqual(change.summary, "DEM-01 · Severity: error → warning")
        change.reason = "Addresses are fixed later"
        change.action_submit()
        # Whoever edits the draft after it was submitted voids the proposal.
        draft.rule_ids.filtered(lambda rule: rule.code == "DEM-01").severity = "info"
        with self.assertRaisesRegex(UserError, "propose again"), self.cr.savepoint():
            change.with_user(self.second).action_approve()
        rule = draft.rule_ids.filtered(lambda rule: rule.code == "DEM-01")
        rule.severity, phase, rule.phase = "warning", rule.phase, "pre_bill"
        with self.assertRaisesRegex(UserError, "propose again"), self.cr.savepoint():
            change.with_user(self.second).action_approve()
        rule.phase = phase
        change.with_user(self.second).action_approve()
        self.assertEqual(draft.state, "published")
        self.assertEqual(
            self._get_versions(draft).content["rules"]["DEM-01"]["severity"], "warning"
        )
