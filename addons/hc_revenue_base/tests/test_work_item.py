# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import HcCommon


@tagged("post_install", "-at_install")
class TestWorkItem(HcCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._create_user("item.first", "clerk")
        cls.second = cls._create_user("item.second", "clerk")
        cls.item = cls._open_item("k1")

    def test_who_only_reads_items_is_not_offered_to_take_them(self):
        take = self.env.ref("hc_revenue_base.ir_actions_server_take_work_items")
        readers = ("executive", "administrator", "finance_manager")
        for role in (*readers, "clerk", "collector", "claims_specialist"):
            with self.subTest(role=role):
                user = self._create_user(f"take.{role}", role)
                items = self.env["hc.work.item"].with_user(user)
                offered = self.env["ir.actions.actions"].with_user(user).get_bindings(items._name)
                ids = [action["id"] for action in offered.get("action", ())]
                self.assertEqual(take.id in ids, items.has_access("write"))

    @classmethod
    def _open_item(cls, key, **vals):
        return cls.env["hc.work.item"]._open(
            [
                {
                    "kind": "manual",
                    "queue_code": "coding",
                    "dedup_key": key,
                    "name": "Look at this",
                    "facility_id": cls.facility.id,
                    **vals,
                }
            ]
        )

    def test_an_open_item_is_not_opened_twice(self):
        self.assertEqual(self._open_item("k1"), self.item)
        self.item.action_resolve()
        self.assertNotEqual(self._open_item("k1"), self.item)

    def test_what_the_machine_opens_says_so_in_its_log_alone(self):
        vals = {"kind": "manual", "queue_code": "coding", "dedup_key": "k8", "name": "Quiet"}
        # Tests have chatter switched off.
        item = self.env(context={})["hc.work.item"]._open([vals])
        self.assertFalse(item.message_ids)
        self.assertEqual(item.transition_count, 1)

    def test_repeats_in_one_call_are_one_item(self):
        vals = {"kind": "manual", "queue_code": "coding", "dedup_key": "k9", "name": "Twice"}
        items = self.env["hc.work.item"]._open([vals, dict(vals)])
        self.assertEqual(items[0], items[1])

    def test_two_transactions_that_open_the_same_item_do_it_again(self):
        vals = self.env["hc.work.item"]._prepare_item_vals(
            {"kind": "manual", "queue_code": "coding", "dedup_key": "k1", "name": "Race"}
        )
        with self.assertRaises(ConcurrencyError), mute_logger("odoo.sql_db"):
            self.env["hc.work.item"].sudo()._create_once([vals])

    def test_a_queue_for_one_group_is_closed_to_others(self):
        item = self._open_item("k3", queue_code="compliance", facility_id=False)
        compliance = self._create_user("item.compliance", "compliance")
        self.assertEqual(item.with_user(compliance).name, "Look at this")
        item.with_user(compliance).action_take()
        with self.assertRaises(AccessError):
            item.with_user(self.first).action_resolve()
        self.assertFalse(
            self.env["hc.work.item"].with_user(self.first).search([("id", "=", item.id)])
        )

    def test_the_due_time_counts_working_hours_of_the_queue(self):
        calendar = self.env["resource.calendar"].create({"name": "Nine to five"})
        queue = self.env["hc.work.queue"].search([("code", "=", "coding")])
        queue._config_write({"resource_calendar_id": calendar.id, "sla_hours": 8})
        friday_evening = fields.Datetime.to_datetime("2026-03-06 22:00:00")
        due = calendar.plan_hours(8, friday_evening)
        self.patch(type(self.env.cr), "now", lambda cr: friday_evening)
        item = self._open_item("k2")
        self.assertEqual(item.due_at, due.replace(tzinfo=None))
        self.assertGreaterEqual(item.due_at.date(), friday_evening.date() + timedelta(days=3))

    def test_two_people_cannot_take_the_same_item(self):
        self.item.with_user(self.first).action_take()
        with self.assertRaisesRegex(UserError, "was taken by item.first"):
            self.item.with_user(self.second).action_take()
        self.item.with_user(self.first).action_release()
        self.item.with_user(self.second).action_take()
        self.assertEqual(self.item.assignee_id, self.second)

    def test_nobody_takes_or_releases_work_behind_its_owners_back(self):
        self.item.with_user(self.first).action_take()
        with self.assertRaises(AccessError):
            self.item.with_user(self.second).write({"assignee_id": self.second.id})
        with self.assertRaises(AccessError):
            self.item.with_user(self.second).write({"due_at": False})
        with self.assertRaisesRegex(UserError, "somebody else's"):
            self.item.with_user(self.second).action_release()

    def test_resolving_records_who_and_how(self):
        self.item.with_user(self.first).action_take()
        self.item.with_user(self.first).action_resolve()
        self.assertEqual(self.item.resolved_by_id, self.first)
        self.assertEqual((self.item.state, self.item.resolution_code), ("resolved", "fixed"))

    def test_an_unknown_queue_falls_back_to_billing(self):
        item = self._open_item("k3", queue_code="nobody")
        self.assertEqual(item.queue_id.code, "billing")

    def test_the_lead_hears_of_an_overdue_item_once(self):
        lead = self._create_user("item.lead", "team_lead")
        self.item.queue_id.lead_id = lead
        self.item._write_guarded({"due_at": fields.Datetime.now() - timedelta(hours=1)})
        with self.enter_registry_test_mode():
            cron = self.env.ref("hc_revenue_base.ir_cron_sweep_overdue")
            cron.method_direct_trigger()
            cron.method_direct_trigger()
        self.assertEqual(self.item.activity_ids.user_id, lead)
        self.assertEqual(len(self.item.activity_ids), 1)


@tagged("post_install", "-at_install")
class TestSweeps(HcCommon):
    def _run(self, cron):
        with self.enter_registry_test_mode():
            self.env.ref(f"hc_revenue_base.{cron}").method_direct_trigger()

    def _items(self, kind):
        return self.env["hc.work.item"].search([("kind", "=", kind)])

    def test_a_visit_without_services_is_a_missing_charge(self):
        self._create_encounter("M-1", services=()).action_complete()
        self._run("ir_cron_sweep_charges")
        self._run("ir_cron_sweep_charges")
        self.assertEqual(len(self._items("missing_charge")), 1)

    def test_documented_but_uncharged_services_are_charge_lag(self):
        encounter = self._create_encounter("M-2")
        encounter.action_complete()
        self._run("ir_cron_sweep_charges")
        self.assertEqual(self._items("charge_lag").res_id, encounter.id)
        self.assertFalse(self._items("missing_charge"))

    def test_a_case_that_does_not_move_is_stalled_until_it_moves(self):
        encounter = self._create_encounter("M-3")
        encounter.action_complete()
        case = encounter._prepare_billing()
        self.assertEqual(case.stage, "coding")
        case._write_guarded({"stage_entered_at": fields.Datetime.now() - timedelta(days=9)})
        self._run("ir_cron_sweep_stalled")
        item = self._items("stalled")
        self.assertEqual((item.case_id, item.state), (case, "open"))
        encounter.action_approve_coding()
        self.env.cr.precommit.run()
        self.assertEqual(item.state, "resolved")
