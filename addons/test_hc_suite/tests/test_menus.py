# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import re
from ast import literal_eval

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from odoo.addons.hc_revenue_base.tests.common import assert_refused

from .conformance import ConformanceCase


@tagged("post_install", "-at_install")
class TestMenus(ConformanceCase):
    """Who sees a menu may open it; who may not open a model is refused."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.windows = cls.get_native("ir.actions.act_window")
        cls.users = []
        for number, group in enumerate(cls.get_roles()):
            user = new_test_user(
                cls.env, f"conformance.{number}", context={"no_reset_password": True}
            )
            user.group_ids = [Command.link(group.id)]
            cls.users.append((group, user))

    def _get_menus(self):
        return self.get_native("ir.ui.menu").filtered(
            lambda menu: menu.action and menu.action._name == "ir.actions.act_window"
        )

    def _find_closed_menus(self):
        """Menus made for a group whose members may not read what the menu opens."""
        for menu in self._get_menus():
            for group in menu.group_ids:
                user = dict(self.users).get(group)
                if user and not self.env[menu.action.res_model].with_user(user).has_access("read"):
                    yield f"{menu.complete_name}: {group.name} cannot read {menu.action.res_model}"

    def test_menus_open_for_the_groups_that_they_are_made_for(self):
        self.assertGreater(len(self._get_menus()), 40)
        self.assertEqual(list(self._find_closed_menus()), [])

    def test_a_menu_for_the_wrong_group_is_found(self):
        menu = self.env.ref("test_hc_contracts.menu_hc_transports")
        menu.group_ids += self.env.ref("hc_revenue_base.group_hc_executive")
        self.assertEqual(len(list(self._find_closed_menus())), 1)

    def test_every_window_opens_for_those_who_may_read_and_for_nobody_else(self):
        opened, refused = 0, 0
        for group, user in self.users:
            described = set()
            for window in self.windows:
                model = self.env[window.res_model].with_user(user)
                with self.subTest(role=group.name, window=window.xml_id):
                    if model.has_access("read"):
                        self._open(window, model, described)
                        opened += 1
                    else:
                        with assert_refused(self, AccessError):
                            model.web_search_read([], {"id": {}}, limit=1)
                        refused += 1
        self.assertGreater(opened, 100)
        self.assertGreater(refused, 100)

    def _open(self, window, model, described):
        """Open a window; its views only where no other window showed them to this user."""
        views = {(model._name, view_id, mode) for view_id, mode in window.views}
        views.add((model._name, False, "search"))
        fresh = views - described
        if fresh:
            asked = [(view_id, mode) for _model, view_id, mode in fresh]
            result = model.get_views(asked, {"action_id": window.id})
            self.assertEqual(set(result["views"]), {mode for _view_id, mode in asked})
            described |= fresh
        if window.target != "new" and not model._transient:
            domain = literal_eval(re.sub(r"\buid\b", str(model.env.uid), window.domain or "[]"))
            model.web_search_read(domain, {"display_name": {}}, limit=2)
