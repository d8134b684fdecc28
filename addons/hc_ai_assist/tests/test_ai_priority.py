# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import tagged

from .ai_common import AiCommon


@tagged("post_install", "-at_install")
class TestAiPriority(AiCommon):
    """Priorities come from points with reasons, before anything was learned."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["hc.ai.policy"].search(
            [
                ("company_id", "=", cls.company.id),
                ("res_model", "=", "hc.work.item"),
                ("field_name", "=", "severity"),
            ]
        )
        cls.policy.responsible_id = cls.lead

    def test_points_tell_their_reasons(self):
        self.assertEqual(self.policy.task_code, "prioritise")
        self.policy.action_shadow()
        item = self._open_items(1, start=700)
        item._write_guarded({"due_at": "2020-01-01 00:00:00"})
        told = self.policy._advise(item.with_user(self.lead)).with_env(self.env)
        self.assertIn("it is overdue (+40)", told.reasons)
        self.assertIn("nobody has it (+10)", told.reasons)
        self.assertEqual((told.value or told.alternatives[0][0]), "error")

    def test_nothing_urgent_is_the_least(self):
        self.policy.action_shadow()
        item = self._open_items(1, start=701)
        item._write_guarded({"assignee_id": self.lead.id, "due_at": False})
        told = self.policy._advise(item.with_user(self.lead)).with_env(self.env)
        self.assertEqual(told.value, "info")

    def test_points_are_what_learning_has_to_beat(self):
        answer = self.policy._get_current_answer()
        value, confidence = answer({"kind": "chain_break", "is_assigned": True})
        self.assertEqual((value, confidence), ("critical", 0.9))

    def test_a_policy_that_is_off_takes_the_task_its_field_names_now(self):
        self.env.cr.execute(
            "UPDATE hc_ai_policy SET task_code = 'choose' WHERE id = %s", [self.policy.id]
        )
        self.policy.invalidate_recordset()
        self.env["hc.ai.policy"]._offer_missing()
        self.assertEqual(self.policy.task_code, "prioritise")
