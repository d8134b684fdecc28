# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from .common import HcCommon

_LINKS = {"base.automation": "rule_id", "ir.cron": "cron_id", "ir.actions.server": "action_id"}


@tagged("post_install", "-at_install")
class TestAutomationRegister(TransactionCase):
    def _get_unregistered(self):
        """XML ids of the suite's native records that no automation names."""
        shipped = self.env["ir.model.data"].search(
            [("module", "=like", "hc\\_%"), ("model", "in", list(_LINKS))]
        )
        missing = []
        for data in shipped:
            native = self.env[data.model].browse(data.res_id)
            # The engine of a rule or a cron is registered with it.
            if data.model == "ir.actions.server" and (
                native.base_automation_id or native.ir_cron_ids or native.parent_id
            ):
                continue
            domain = [(_LINKS[data.model], "=", native.id)]
            if not self.env["hc.automation"].search_count(domain):
                missing.append(data.complete_name)
        return missing

    def test_everything_that_acts_by_itself_is_registered(self):
        self.assertEqual(
            self._get_unregistered(), [], "add them to a data file of hc.automation records"
        )

    def test_the_search_for_gaps_finds_one(self):
        cron = self.env.ref("hc_revenue_base.ir_cron_seal_log").copy()
        self.env["ir.model.data"].create(
            {"module": "hc_sample", "name": "cron", "model": "ir.cron", "res_id": cron.id}
        )
        self.assertEqual(self._get_unregistered(), ["hc_sample.cron"])

    def test_every_row_can_be_followed(self):
        for automation in self.env["hc.automation"].search([("code", "!=", False)]):
            with self.subTest(automation.code):
                self.assertTrue(automation.owner_group_id)
                self.assertGreater(automation.next_review_on, fields.Date.context_today(automation))
                self.assertEqual(automation.mode, automation.shipped_mode)
                self.assertTrue(automation._get_native() or automation.kind == "external_flow")


@tagged("post_install", "-at_install")
class TestAutomationControl(HcCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.automation = cls.env.ref("hc_revenue_base.hc_automation_sweep_stalled")
        cls.rule = cls.env.ref("hc_revenue_base.hc_automation_encounter_completed_and_coded")

    def test_those_who_watch_stop_it_at_once_with_a_reason(self):
        for role in ("operations", "supervisor", "administrator"):
            self.automation._transition("on")
            user = self._create_user(f"stop.{role}", role)
            wizard = (
                self.env["hc.automation.stop.wizard"]
                .with_user(user)
                .create({"automation_ids": self.automation.ids, "reason": f"{role} saw it"})
            )
            wizard.action_stop()
            self.assertEqual(self.automation.mode, "off")
            entry = self.env["hc.transition"].search(
                [("res_model", "=", "hc.automation"), ("res_id", "=", self.automation.id)], limit=1
            )
            self.assertEqual((entry.reason, entry.actor_id), (f"{role} saw it", user))
            self.assertTrue(entry.facts["kill_switch"])

    def test_others_do_not_stop_it(self):
        for role in ("clerk", "coder", "compliance", "cfo"):
            user = self._create_user(f"nostop.{role}", role)
            with self.assertRaises(AccessError):
                self.automation.with_user(user)._stop("because")
        self.assertEqual(self.automation.mode, "on")

    def test_a_reason_is_required(self):
        wizard = self.env["hc.automation.stop.wizard"].create(
            {"automation_ids": self.automation.ids, "reason": "  "}
        )
        with self.assertRaises(UserError):
            wizard.action_stop()

    def test_nobody_registers_an_automation_by_hand(self):
        administrator = self._create_user("register.admin", "administrator")
        with self.assertRaises(AccessError):
            self.env["hc.automation"].with_user(administrator).create({"name": "X", "code": "x"})

    def test_nobody_takes_an_automation_off_its_engine(self):
        for values in ({"cron_id": False}, {"code": "other"}, {"mode": "on"}, {"has_scope": False}):
            with self.assertRaises(AccessError):
                self.automation.sudo().write(values)

    def test_an_overdue_review_is_work_until_it_is_done(self):
        self.automation.next_review_on = fields.Date.context_today(self.automation) - timedelta(1)
        self.automation._open_review()
        item = self.automation._get_open_items("automation_review")
        self.assertEqual(item.queue_id.code, "operations")
        self.assertTrue(self.automation.is_review_due)
        self.automation.action_mark_reviewed()
        self.assertEqual(item.state, "resolved")
        self.assertFalse(self.automation.is_review_due)

    def test_a_scope_names_the_records_that_it_may_touch(self):
        self.rule._config_write(
            {
                "facility_ids": [Command.set(self.facility.ids)],
                "payer_type": self.payer.payer_type,
                "segment_domain": "[('number', '=like', 'P-%')]",
            }
        )
        inside = self._create_encounter("P-1")
        outside = self._create_encounter("Q-1") | self._create_encounter(
            "P-2", facility_id=self.other_facility.id, department_id=False
        )
        domain = self.env["hc.automation"]._get_scope_domain(self.rule.code, "hc.encounter")
        self.assertEqual((inside | outside).filtered_domain(domain), inside)
        # The segment speaks of encounters; of their cases only the rest of the scope is known.
        domain = self.env["hc.automation"]._get_scope_domain(self.rule.code, "hc.billing.case")
        self.assertNotIn("number", str(domain))
        self.assertIn("payer_type", str(domain))

    def test_a_scope_that_means_nothing_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "cannot be limited"):
            self.env.ref("hc_revenue_base.hc_automation_seal_log")._config_write(
                {"company_ids": self.company.ids}
            )
        with self.assertRaisesRegex(ValidationError, "no Companies"):
            self.env.ref("hc_revenue_base.hc_automation_check_automation_reviews")._config_write(
                {"company_ids": self.company.ids}
            )
        for segment in ("[('nothing', '=', 1)]", "__import__('os')", "[("):
            with self.assertRaisesRegex(ValidationError, "no valid filter"):
                self.rule._config_write({"segment_domain": segment})
