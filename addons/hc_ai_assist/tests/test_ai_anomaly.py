# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.hc_core.review import ReviewEntry

from .ai_common import AiCommon


@tagged("post_install", "-at_install")
class TestAiAnomaly(AiCommon):
    """Amounts that stand out are told once, to be looked at, and nothing is written to them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = cls.env.cr.now()
        cls.policy = cls.env["hc.ai.policy"].search(
            [("company_id", "=", cls.company.id), ("res_model", "=", "hc.charge")]
        )
        cls.policy.responsible_id = cls.lead
        # One visit with the same service written down twice.
        encounter = cls._create_encounter("A-1", services=(("V1001", 1.0), ("V1001", 1.0)))
        encounter.action_complete()
        encounter.service_line_ids._convert_to_charges()
        cls.charges = cls.env["hc.charge"].search(
            [("encounter_id", "=", encounter.id), ("state", "!=", "void")], order="id"
        )
        assert len(cls.charges) == 2, cls.charges

    def _search_amounts(self):
        """The search as the policy's person, without whatever else is in the database."""
        return self.policy._find_anomalies(self.now).filtered(
            lambda each: each.res_id in self.charges.ids
        )

    def _go_live_with_amounts(self):
        self.policy.action_shadow()
        self.policy.sudo()._write_guarded({"examined_count": 1000})
        self.policy.action_live()

    def test_each_kind_of_amounts_gets_a_policy(self):
        policies = self.env["hc.ai.policy"].search(
            [("company_id", "=", self.company.id), ("task_code", "=", "anomaly")]
        )
        self.assertLessEqual(
            {"hc.charge", "hc.controlled.action", "account.payment"},
            set(policies.mapped("res_model")),
        )
        self.assertEqual(set(policies.mapped("mode")), {"off"})

    def test_a_charge_told_twice_is_told_once(self):
        self._go_live_with_amounts()
        before = self.charges.read(["amount", "units", "state", "write_date"])
        (told,) = self._search_amounts()
        self.assertEqual((told.anomaly_reason, told.state), ("told_twice", "pending"))
        self.assertIn("entered before", told.reasons_text)
        self.assertEqual(told.create_uid, self.ai_user)
        self.assertFalse(self._search_amounts())
        self.assertEqual(self.charges.read(["amount", "units", "state", "write_date"]), before)

    def test_accepting_opens_a_work_item_by_who_accepts(self):
        self._go_live_with_amounts()
        (told,) = self._search_amounts()
        told.with_user(self.lead).action_accept()
        item = told.work_item_id
        self.assertEqual(
            (item.kind, item.res_id, item.facility_id), ("anomaly", told.res_id, self.facility)
        )
        self.assertEqual((told.state, told.reviewer_id), ("accepted", self.lead))
        row = self.env["hc.transition"].search(
            [("res_model", "=", "hc.work.item"), ("res_id", "=", item.id)], limit=1
        )
        self.assertEqual(row.actor_id, self.lead)
        with self.assertRaises(UserError):
            told.with_user(self.lead).action_accept()

    def test_rejecting_teaches(self):
        self._go_live_with_amounts()
        (told,) = self._search_amounts()
        told.with_user(self.lead).action_reject("two visits that day")
        self.assertFalse(told.work_item_id)
        self.assertFalse(self._search_amounts())

    def test_another_value_is_refused(self):
        self._go_live_with_amounts()
        (told,) = self._search_amounts()
        with self.assertRaisesRegex(UserError, "nothing to write"):
            told.with_user(self.lead).action_accept_other("doubled")
        self.assertEqual(told.state, "pending")

    def test_an_amount_that_moved_is_stale(self):
        self._go_live_with_amounts()
        (told,) = self._search_amounts()
        charge = self.charges.browse(told.res_id)
        charge._write_guarded({"amount": charge.amount + 1})
        with self.assertRaisesRegex(UserError, "has changed since"):
            told.with_user(self.lead).action_accept()

    def test_who_may_not_see_the_charge_neither_sees_nor_decides(self):
        self._go_live_with_amounts()
        (told,) = self._search_amounts()
        foreign = told.with_user(self.stranger)
        self.assertFalse(foreign.search([("id", "=", told.id)]))
        for user in (self.stranger, self.ai_user):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                told.with_user(user).action_accept()
        self.assertEqual(told.state, "pending")

    def test_in_shadow_nobody_sees_it_and_live_tells_it_again(self):
        self.policy.action_shadow()
        (told,) = self._search_amounts()
        self.assertEqual(told.state, "shadow")
        self.assertFalse(self._search_amounts())
        with self.assertRaisesRegex(UserError, "amounts were compared"):
            self.policy.action_live()
        self.policy.sudo()._write_guarded({"examined_count": 1000})
        self.policy.action_live()
        (again,) = self._search_amounts()
        self.assertEqual(again.state, "pending")

    def test_too_many_told_stay_in_shadow(self):
        self.policy.action_shadow()
        self.assertFalse(self.policy._get_flood_problem(0) and self.policy.examined_count > 200)
        self.policy.sudo()._write_guarded({"examined_count": 200})
        self.assertIn("at most 5", self.policy._get_flood_problem(11))
        self.assertEqual(self.policy._get_flood_problem(10), "")

    def test_what_is_out_of_the_window_is_left(self):
        self._go_live_with_amounts()
        later = self.now + timedelta(days=91)
        self.assertFalse(
            self.policy._find_anomalies(later).filtered(
                lambda each: each.res_id in self.charges.ids
            )
        )

    def test_one_kind_that_fails_keeps_no_other_from_being_searched(self):
        self._go_live_with_amounts()
        other = self.env["hc.ai.policy"].search(
            [("company_id", "=", self.company.id), ("res_model", "=", "hc.controlled.action")]
        )
        other.responsible_id = self.lead
        other.action_shadow()
        other.sudo()._write_guarded({"searched_at": self.now - timedelta(days=9)})
        self.policy.sudo()._write_guarded({"searched_at": self.now - timedelta(days=8)})
        model, crons = self.env.registry["hc.controlled.action"], self.env.registry["ir.cron"]
        with (
            patch.object(model, "_review_entries", side_effect=ValueError("unreadable")),
            patch.object(crons, "_commit_progress", lambda *_args, **_kwargs: 1.0),
            self.assertLogs("odoo.addons.hc_ai_assist.models.hc_ai_policy_anomaly", "ERROR"),
            self.assertRaisesRegex(ValueError, "unreadable"),
        ):
            self.env["hc.ai.policy"]._cron_find_anomalies()
        self.assertEqual(self.policy.searched_at, self.now.replace(microsecond=0))
        self.assertLess(other.searched_at, self.policy.searched_at)

    def test_a_run_that_is_cut_off_goes_on_with_the_next_kind(self):
        self._go_live_with_amounts()
        other = self.env["hc.ai.policy"].search(
            [("company_id", "=", self.company.id), ("res_model", "=", "hc.controlled.action")]
        )
        other.responsible_id = self.lead
        other.action_shadow()
        self.policy.sudo()._write_guarded({"searched_at": self.now - timedelta(days=9)})
        other.sudo()._write_guarded({"searched_at": self.now - timedelta(days=8)})
        crons = self.env.registry["ir.cron"]
        with patch.object(crons, "_commit_progress", lambda *_args, **_kwargs: 0):
            self.env["hc.ai.policy"]._cron_find_anomalies()
            count = self.env["hc.ai.suggestion"].search_count([("policy_id", "=", self.policy.id)])
            self.assertLess(other.searched_at, self.policy.searched_at)
            self.env["hc.ai.policy"]._cron_find_anomalies()
        self.assertEqual(other.searched_at, self.policy.searched_at)
        told = [("policy_id", "=", self.policy.id)]
        self.assertEqual(self.env["hc.ai.suggestion"].search_count(told), count)

    def test_an_unusual_amount_has_its_reasons(self):
        self._go_live_with_amounts()
        day = self.now.date()
        entries = [ReviewEntry(-number, Decimal(100), day, ("p",)) for number in range(1, 20)]
        entries.append(ReviewEntry(self.charges[0].id, Decimal(900), day, ("p",)))
        model = self.env.registry["hc.charge"]
        with patch.object(model, "_review_entries", lambda self, *_period: entries):
            (told,) = self._search_amounts()
        self.assertEqual((told.anomaly_reason, told.value_label), ("unusual", "Unusual Amount"))
        self.assertIn("900.00 where about 100.00 is usual", told.reasons_text)
