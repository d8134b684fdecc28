# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .cadence_common import CadenceCase


@tagged("post_install", "-at_install")
class TestCadencePolicy(CadenceCase):
    """A policy is written by one person, published by another, and then stays as it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supervisor = cls._create_user("policy.supervisor", "supervisor")
        cls.manager = cls._create_user("policy.manager", "manager")

    def _draft(self, user=None):
        action = self.policy.with_user(user or self.supervisor).action_new_version()
        return self.env["hc.cadence.policy"].browse(action["res_id"])

    def test_a_version_takes_over_on_its_first_day(self):
        draft = self._draft()
        self.assertEqual((draft.version, draft.state), (2, "draft"))
        draft.with_user(self.manager).action_publish()
        self.assertEqual((draft.state, self.policy.date_to), ("published", self._days_ago(1)))
        in_force = self.policy._get_in_force
        self.assertEqual(in_force(self.company, "patient", self.today), draft)
        self.assertEqual(in_force(self.company, "patient", self._days_ago(1)), self.policy)
        later = self._draft()
        later.with_user(self.manager).action_publish()
        self.assertEqual(draft.state, "retired")

    @mute_logger("odoo.addons.hc_revenue_base.models.hc_refused_attempt")
    def test_nobody_publishes_their_own_work(self):
        own = self._draft(self.manager)
        with self.assertRaisesRegex(AccessError, "somebody else publishes"):
            own.with_user(self.manager).action_publish()
        with self.assertRaisesRegex(AccessError, "Managers and compliance"):
            own.with_user(self.supervisor).action_publish()
        draft = self._draft()
        draft.with_user(self.manager).minimum_amount = 20
        with self.assertRaisesRegex(AccessError, "somebody else publishes"):
            draft.with_user(self.manager).action_publish()

    def test_what_is_published_stays(self):
        level = self.policy.level_ids[0].with_user(self.supervisor)
        for change in (
            lambda: level.write({"delay_days": 1}),
            level.unlink,
            lambda: level.copy({"code": "extra"}),
            lambda: self.policy.channel_ids[0].write({"consent": "opted_in"}),
            lambda: self.policy.with_user(self.supervisor).write({"date_to": self.today}),
        ):
            with self.assertRaisesRegex(UserError, "cannot be changed"), self.env.cr.savepoint():
                change()
        with self.assertRaises(AccessError):
            self.policy.with_user(self.supervisor).write({"state": "draft"})

    def test_findings_are_shown_and_errors_keep_it_a_draft(self):
        draft = self._draft()
        draft.level_ids[1].delay_days = 3
        self.assertTrue(draft.has_errors)
        self.assertIn("levels come one by one", draft.finding_text)
        with self.assertRaisesRegex(UserError, "levels come one by one"):
            draft.with_user(self.manager).action_publish()
        draft.level_ids[1].delay_days = 20
        self.assertFalse(draft.has_errors)
        self.assertIn("spacing", draft.finding_text)

    def test_a_companys_own_policy_comes_first(self):
        own = self._draft()
        own.write({"company_id": self.company.id, "code": "own"})
        own.with_user(self.manager).action_publish()
        self.assertEqual(self.policy.state, "published")
        in_force = self.policy._get_in_force
        self.assertEqual(in_force(self.company, "patient", self.today), own)
        other = self.env["res.company"].create({"name": "Another Hospital"})
        self.assertEqual(in_force(other, "patient", self.today), self.policy)

    def test_policies_of_other_companies_are_out_of_reach(self):
        other = self.env["res.company"].create({"name": "Another Hospital"})
        theirs = self.policy.copy({"company_id": other.id, "code": "theirs"})
        theirs._publish()
        draft = theirs.copy()
        manager = self.manager.with_context(allowed_company_ids=self.company.ids)
        for policy, method in (
            (theirs, "action_retire"),
            (draft, "action_publish"),
            (draft, "action_discard"),
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(policy.with_user(manager), method)()
        self.assertEqual((theirs.state, draft.state), ("published", "draft"))

    def test_two_policies_are_not_in_force_at_once(self):
        draft = self._draft()
        draft.code = "rival"
        with self.assertRaisesRegex(UserError, "in force on the same days"):
            draft.with_user(self.manager).action_publish()
        draft.with_user(self.supervisor).action_discard()
        self.assertEqual(draft.state, "retired")
        self.policy.with_user(self.manager).action_retire()
        self.assertFalse(self.policy._get_in_force(self.company, "patient", self.today))
        with self.assertRaisesRegex(UserError, "No cadence policy"):
            self._propose()
