# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from ast import literal_eval

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models.hc_suite_record_mixin import SUITE_PREFIXES
from .common import HcCommon

ROLES = (
    "clerk",
    "team_lead",
    "supervisor",
    "manager",
    "coder",
    "collector",
    "claims_specialist",
    "finance_manager",
    "director",
    "cfo",
    "executive",
    "compliance",
    "operations",
    "integration",
    "administrator",
)


@tagged("post_install", "-at_install")
class TestScreens(HcCommon):
    """Every screen opens for every role that sees its menu, and shows what it may."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root_menu = cls.env.ref("hc_revenue_base.menu_hc_root")

    def _get_menus(self, user):
        menus = self.env["ir.ui.menu"].with_user(user)
        visible = menus._visible_menu_ids()
        return (
            menus.sudo()
            .search([("id", "child_of", self.root_menu.id)])
            .filtered(lambda menu: menu.id in visible and menu.action)
        )

    def _check_window_opens(self, action, user):
        model = self.env[action.res_model].with_user(user)
        options = {"action_id": action.id, "load_filters": True, "toolbar": True}
        views = [(view_id, mode) for view_id, mode in action.views] + [(False, "search")]
        result = model.get_views(views, options)
        domain = literal_eval(action.domain or "[]")
        for view_id, mode in action.views:
            fields = result["models"][action.res_model]["fields"]
            arch = etree.fromstring(result["views"][mode]["arch"])
            shown = [
                node.get("name")
                for node in arch.xpath("//field[not(ancestor::field)]")
                if node.get("name") in fields
            ]
            model.web_search_read(domain, {name: {} for name in shown}, limit=5)
            self.assertTrue(arch.tag, (view_id, mode))

    def test_every_menu_opens_for_every_role_that_sees_it(self):
        self._create_encounter()
        for role in ROLES:
            user = self._create_user(f"screens_{role}", role)
            menus = self._get_menus(user)
            self.assertIn(
                self.env.ref("hc_revenue_base.menu_hc_home"), menus, f"{role} has a start page"
            )
            for menu in menus:
                with self.subTest(role=role, menu=menu.complete_name):
                    if menu.action._name == "ir.actions.act_window":
                        self._check_window_opens(menu.action, user)
                    else:
                        self.assertIn(menu.action.tag, ("hc_revenue_home", "hc_kpi_dashboard"))
            self.env["hc.home"].with_user(user).get_home_data()
            self.env["hc.kpi.dashboard"].with_user(user).get_overview()

    def test_system_administrator_sees_all_three_kinds_of_automation(self):
        admin = self._create_user("screens_system", "administrator")
        admin.group_ids += self.env.ref("base.group_system")
        names = ("automation_rules", "scheduled_actions", "server_actions")
        for name in names:
            menu = self.env.ref(f"hc_revenue_base.menu_hc_configuration_{name}")
            self.assertIn(menu, self._get_menus(admin))
            self._check_window_opens(menu.action, admin)
            records = (
                self.env[menu.action.res_model]
                .with_user(admin)
                .with_context(active_test=False)
                .search(literal_eval(menu.action.domain))
            )
            self.assertTrue(records, f"the suite ships {name}")
            modules = set(records.get_external_id().values())
            self.assertFalse(
                [xml_id for xml_id in modules if not xml_id.startswith(SUITE_PREFIXES)]
            )

    def test_no_role_without_patient_data_gets_a_patient_field_in_a_view(self):
        user = self._create_user("screens_no_phi", "finance_manager")
        views = (
            self.env["hc.patient"]
            .with_user(user)
            .get_views([(False, "form"), (False, "list"), (False, "search"), (False, "kanban")])
        )
        archs = "".join(view["arch"] for view in views["views"].values())
        for name in ("last_name", "birth_date", "ssn_last4", "member_id", "coverage_ids"):
            self.assertNotIn(f'"{name}"', archs)

    def test_every_button_names_a_public_method(self):
        views = self.env["ir.ui.view"].search([("model", "=like", "hc.%")])
        self.assertGreater(len(views), 50)
        for view in views:
            for node in etree.fromstring(view.arch).xpath(
                "//button[@type='object']|//a[@type='object']"
            ):
                with self.subTest(view=view.name, button=node.get("name")):
                    self.assertFalse(node.get("name").startswith("_"))

    def test_every_action_has_a_path_and_words_for_an_empty_list(self):
        windows = self.env["ir.actions.act_window"].search(
            [("res_model", "=like", "hc.%"), ("target", "!=", "new")]
        )
        self.assertGreater(len(windows), 20)
        for window in windows:
            with self.subTest(window=window.name):
                self.assertTrue(window.path)
                self.assertTrue(window.help)

    def test_home_counts_what_the_user_may_see(self):
        clerk = self._create_user("screens_home", "clerk")
        other = self._create_user("screens_other", "clerk", facilities=self.other_facility)
        self._open_item("home:1")
        self._open_item("home:2", assignee=clerk)
        before = self._get_figures(other)
        figures = self._get_figures(clerk)
        self.assertEqual(figures["tiles"]["mine"], 1)
        self.assertEqual(figures["exceptions"]["stalled"], 2)
        self.assertNotIn("stalled", before["exceptions"], "another facility's work is not counted")
        self.assertEqual(self._get_home(clerk)["facilities"], self.facility.mapped("name"))

    def test_home_shows_queues_to_those_who_lead(self):
        lead = self._create_user("screens_lead", "team_lead")
        clerk = self._create_user("screens_clerk", "clerk")
        self._open_item("home:3", assignee=clerk)
        self.assertIsNone(self._get_home(clerk)["queues"])
        queue = next(row for row in self._get_home(lead)["queues"] if row["name"] == "Billing")
        self.assertEqual(queue["open_count"], 1)
        self.assertEqual(queue["unassigned_count"], 0)
        self.assertEqual([owner["id"] for owner in queue["owners"]], clerk.ids)

    def test_home_is_closed_to_users_without_a_role(self):
        outsider = self._create_user("screens_outsider")
        with self.assertRaises(AccessError):
            self._get_home(outsider)

    def test_my_facility_filter(self):
        clerk = self._create_user("screens_facility", "clerk")
        mine = self.env["hc.facility"].with_user(clerk).search([("is_mine", "=", True)])
        self.assertEqual(mine, self.facility)
        self.assertFalse(self.other_facility.with_user(clerk).sudo().is_mine)
        encounters = self.env["hc.encounter"].with_user(clerk)
        self._create_encounter("E-SCREENS")
        found = encounters.search([("facility_id.is_mine", "=", True)])
        self.assertIn("E-SCREENS", found.mapped("number"))
        self.assertFalse(encounters.search([("facility_id.is_mine", "=", False)]))

    def _get_home(self, user):
        return self.env["hc.home"].with_user(user).get_home_data()

    def _get_figures(self, user):
        home = self._get_home(user)
        return {
            part: {row["key"]: row["count"] for row in home[part]}
            for part in ("tiles", "exceptions", "stages")
        }

    def _open_item(self, key, assignee=None):
        item = self.env["hc.work.item"]._open(
            [
                {
                    "kind": "stalled",
                    "name": key,
                    "dedup_key": key,
                    "queue_code": "billing",
                    "facility_id": self.facility.id,
                }
            ]
        )
        if assignee:
            item.with_user(assignee).action_take()
        return item


@tagged("post_install", "-at_install")
class TestReassign(HcCommon):
    """Team leads give work to others; nobody else does, and each move is in the log."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._create_user("reassign_lead", "team_lead")
        cls.clerk = cls._create_user("reassign_clerk", "clerk")
        cls.stranger = cls._create_user("reassign_stranger", "clerk", facilities=cls.other_facility)
        cls.item = cls.env["hc.work.item"]._open(
            [
                {
                    "kind": "stalled",
                    "name": "Waits",
                    "dedup_key": "reassign:1",
                    "queue_code": "billing",
                    "facility_id": cls.facility.id,
                }
            ]
        )

    def _reassign(self, actor, **values):
        wizard = (
            self.env["hc.work.item.reassign.wizard"]
            .with_user(actor)
            .create({"item_ids": self.item.ids, **values})
        )
        wizard.action_apply()

    def test_lead_assigns_and_the_log_says_so(self):
        coding = self.env.ref("hc_revenue_base.work_queue_coding")
        self._reassign(self.lead, user_id=self.clerk.id, queue_id=coding.id, reason="leave cover")
        self.assertEqual(self.item.assignee_id, self.clerk)
        self.assertEqual(self.item.queue_id, coding)
        entry = self.env["hc.transition"].search(
            [("res_model", "=", "hc.work.item"), ("res_id", "=", self.item.id)], limit=1
        )
        self.assertEqual(entry.kind, "decision")
        self.assertEqual(entry.reason, "leave cover")
        self.assertEqual(entry.actor_id, self.lead)
        self.assertEqual(entry.facts["to_user"], self.clerk.id)
        self.assertEqual(entry.facts["from_queue"], "billing")

    def test_started_work_goes_back_to_open_for_its_new_owner(self):
        self.item.with_user(self.clerk).action_take()
        self._reassign(self.lead, user_id=self.lead.id)
        self.assertEqual(self.item.state, "open")
        self.item.with_user(self.lead).action_take()
        self.assertEqual(self.item.state, "in_progress")

    def test_clearing_gives_the_item_back_to_its_queue(self):
        self.item.with_user(self.clerk).action_take()
        self._reassign(self.lead, clear_assignee=True)
        self.assertFalse(self.item.assignee_id)
        self.assertEqual(self.item.state, "open")

    def test_clerks_are_refused(self):
        with self.assertRaises(AccessError):
            self._reassign(self.clerk, user_id=self.clerk.id)
        wizard = (
            self.env["hc.work.item.reassign.wizard"]
            .with_user(self.lead)
            .create({"item_ids": self.item.ids, "user_id": self.clerk.id})
        )
        with self.assertRaises(AccessError):
            wizard.with_user(self.clerk).action_apply()
        self.assertFalse(self.item.assignee_id)

    def test_nobody_gets_work_of_a_facility_that_they_do_not_see(self):
        with self.assertRaisesRegex(AccessError, "may not work on"):
            self._reassign(self.lead, user_id=self.stranger.id)
        self.assertFalse(self.item.assignee_id)

    def test_finished_items_stay_as_they_are(self):
        self.item.with_user(self.clerk).action_resolve()
        with self.assertRaisesRegex(UserError, "is finished already"):
            self._reassign(self.lead, user_id=self.clerk.id)
