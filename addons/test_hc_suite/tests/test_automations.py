# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import re

from odoo.tests import tagged
from odoo.tools import mute_logger

from .conformance import ConformanceCase

CRON_CALL = re.compile(r"model\.(?P<method>_cron_\w+)\(\)")
ACTION_CALL = re.compile(r"(action = )?(records?|model)\.(?P<method>\w+)\(\)")


@tagged("post_install", "-at_install")
class TestAutomations(ConformanceCase):
    """What acts by itself is in the register, calls one method, and bears an empty office."""

    def _find_unregistered(self):
        automations = self.env["hc.automation"].sudo().with_context(active_test=False)
        crons, rules = self.get_native("ir.cron"), self.get_native("base.automation")
        missing = crons - automations.search([("cron_id", "in", crons.ids)]).cron_id
        found = missing.mapped("cron_name")
        missing = rules - automations.search([("rule_id", "in", rules.ids)]).rule_id
        found += missing.mapped("name")
        actions = self._get_server_actions()
        missing = actions - automations.search([("action_id", "in", actions.ids)]).action_id
        return found + missing.mapped("name")

    def _get_server_actions(self):
        """Those that people start; the engines of crons and rules belong to them."""
        return self.get_native("ir.actions.server").filtered(
            lambda action: not (action.base_automation_id or action.ir_cron_ids)
        )

    def _find_bad_calls(self, actions, pattern):
        for action in actions:
            call = pattern.fullmatch((action.code or "").strip())
            model = type(self.env[action.model_id.model])
            if action.state != "code" or not call:
                yield f"{action.name}: calls more or less than one method: {action.code}"
            elif not callable(getattr(model, call["method"], None)):
                yield f"{action.name}: there is no method {call['method']}"

    def _get_cron_actions(self):
        return self.get_native("ir.cron").ir_actions_server_id

    def _get_rule_actions(self):
        return self.get_native("base.automation").action_server_ids

    def test_everything_is_in_the_register(self):
        self.assertEqual(self._find_unregistered(), [])

    def test_what_is_not_in_the_register_is_found(self):
        automation = self.env.ref("test_hc_contracts.hc_automation_open_overdue_transports")
        self.env.cr.execute("DELETE FROM hc_automation WHERE id = %s", [automation.id])
        self.env.invalidate_all()
        self.assertIn("Revenue: transports that nobody booked", self._find_unregistered())

    def test_each_calls_one_method(self):
        self.assertGreater(len(self._get_cron_actions()), 10)
        self.assertEqual(list(self._find_bad_calls(self._get_cron_actions(), CRON_CALL)), [])
        others = self._get_server_actions() | self._get_rule_actions()
        self.assertGreater(len(others), 3)
        self.assertEqual(list(self._find_bad_calls(others, ACTION_CALL)), [])

    def test_a_cron_with_code_of_its_own_is_found(self):
        action = self.env.ref("test_hc_contracts.ir_cron_open_overdue_transports")
        action = action.ir_actions_server_id
        for code, problem in (
            ("model.search([]).unlink()", "calls more"),
            ("model._cron_gone()", "no method"),
        ):
            self.env.cr.execute(
                "UPDATE ir_act_server SET code = %s WHERE id = %s", [code, action.id]
            )
            self.env.invalidate_all()
            found = list(self._find_bad_calls(action, CRON_CALL))
            self.assertEqual(len(found), 1)
            self.assertIn(problem, found[0])

    def test_every_cron_survives_an_empty_office(self):
        for cron in self.get_native("ir.cron"):
            with (
                self.subTest(cron.cron_name),
                self.enter_registry_test_mode(),
                mute_logger("odoo.addons.base.models.ir_cron"),
            ):
                cron.method_direct_trigger()
        self.env.invalidate_all()
        self.assertFalse(
            self.env["hc.automation"].search([("is_failing", "=", True)]).mapped("name")
        )
