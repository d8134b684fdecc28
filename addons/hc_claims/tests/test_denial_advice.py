# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import UserError
from odoo.tests import tagged

from .denial_common import DenialCase


@tagged("post_install", "-at_install")
class TestDenialAdvice(DenialCase):
    """What advisers are told of denials, and how a person changes the category."""

    def test_a_person_changes_the_category_with_a_reason(self):
        denial = self._deny("AD-1").with_user(self.specialist)
        before = denial._get_work_items({denial._get_work_key()})
        with self.assertRaisesRegex(UserError, "sentence"):
            denial._recategorise("coding", "no")
        denial._recategorise("coding", "The letter speaks of a wrong code.")
        self.assertEqual((denial.category, denial.root_cause), ("coding", "coding"))
        self.assertEqual(set(before.mapped("state")), {"resolved"})
        self.assertTrue(denial._get_work_items({denial._get_work_key()}))
        with self.assertRaises(UserError):
            denial.write({"category": "duplicate"})

    def test_codes_and_steps_come_from_table_and_deadline(self):
        denial = self._deny("AD-2").with_user(self.specialist)
        first = denial._review_code_meanings("category")[0]
        self.assertEqual((first.code, first.value), ("CARC 197", "authorization"))
        steps = denial._review_steps("planned_step")
        self.assertEqual(steps[0].value, "appeal" if denial.is_appealable else "correct")
        cited = {each.res_id for each in denial._review_statements("summary")}
        self.assertEqual(cited, {denial.id})
        denial._review_apply({"planned_step": "appeal"}, denial._get_review_token())
        self.assertEqual(denial.planned_step, "appeal")
