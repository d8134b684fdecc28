# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from .placement_common import PlacementCase


@tagged("post_install", "-at_install")
class TestCaseworkFacilities(PlacementCase):
    """One guarantor, cases of two facilities: each facility's people act on their own."""

    def setUp(self):
        super().setUp()
        self.other = self._bill_child("G-OTHER")
        self.other.sudo()._write_guarded({"facility_id": self.other_facility.id})
        self._tell(self.other, 200)
        self.account.patient_id.sudo().facility_ids = self.facility | self.other_facility
        self.account._refresh()
        self.stranger = self._create_user(
            "hill.supervisor", "supervisor", "collector", facilities=self.other_facility
        )

    def _see(self, records, user):
        return records.with_user(user).search([("id", "in", records.ids)])

    def test_holds_of_cases_belong_to_their_facility(self):
        values = {"date_to": self.today + timedelta(days=5)}
        own = self._hold("manual", cases=self.case, **values)
        foreign = self._hold("insurance", cases=self.other, **values)
        both = self._hold("manual", cases=self.case | self.other, **values)
        whole = self._hold("promise", **values)
        holds = own | foreign | both | whole
        self.assertEqual(self._see(holds, self.supervisor), own | both | whole)
        self.assertEqual(self._see(holds, self.stranger), foreign | both | whole)
        for hold, user in (
            (own, self.stranger),
            (foreign, self.supervisor),
            (both, self.supervisor),
            (both, self.stranger),
        ):
            with self.subTest(hold=hold.display_name), self.assertRaises(AccessError):
                hold.with_user(user)._release_by_person("because we say so")
        own.with_user(self.supervisor)._release_by_person("because it is ours")
        self.assertEqual(own.state, "released")

    def test_the_balance_tab_tells_what_is_owed_elsewhere(self):
        self.assertEqual(self.account.amount_open, 300.0)
        for user, case in ((self.supervisor, self.case), (self.stranger, self.other)):
            # Rows are kept for whoever read them first.
            self.env.invalidate_all()
            account = self.account.with_user(user)
            self.assertEqual(account.aging_item_ids.case_id, case)
            self.assertEqual((account.elsewhere_item_count, account.elsewhere_amount), (1, 150.0))
        everywhere = self._create_user("every.lead", "supervisor", "all_facilities")
        self.env.invalidate_all()
        account = self.account.with_user(everywhere)
        self.assertEqual(account.aging_item_ids.case_id, self.case | self.other)
        self.assertEqual((account.elsewhere_item_count, account.elsewhere_amount), (0, 0.0))

    def test_the_total_says_what_it_covers(self):
        """Beside the total, not only on the tab: the guarantor owes one sum, at every facility."""
        everywhere = self._create_user("every.reader", "supervisor", "all_facilities")
        sentences = {}
        for user in (self.supervisor, everywhere):
            self.env.invalidate_all()
            form = Form(self.account.with_user(user))
            (sentence,) = form._view["tree"].xpath("//div[h1]/div[@name='coverage']")
            is_hidden = form._get_modifier("elsewhere_item_count", "invisible")
            sentences[user] = (form.amount_open, form.elsewhere_amount)
            self.assertEqual(sentence.get("invisible"), "not elsewhere_item_count")
            self.assertIn("at every facility", " ".join(sentence.itertext()))
            self.assertEqual(bool(is_hidden), user == everywhere)
        self.assertEqual(sentences, {self.supervisor: (300.0, 150.0), everywhere: (300.0, 0.0)})
        listed = self.env["hc.collection.account"].with_user(self.supervisor)
        self.assertIn("elsewhere_amount", listed.get_view(view_type="list")["arch"])

    def test_a_hold_names_only_cases_that_the_user_sees(self):
        wizard = (
            self.env["hc.hold.wizard"]
            .with_user(self.supervisor)
            .create(
                {
                    "account_ids": self.account.ids,
                    "kind": "manual",
                    "date_to": self.today,
                    "reason": "looked at",
                }
            )
        )
        wizard.sudo().case_ids = self.other
        with self.assertRaises(AccessError):
            wizard.action_confirm()

    def test_each_facility_places_its_own_cases(self):
        own = self._place()
        self.assertEqual(own.line_ids.case_id, self.case)
        self.assertEqual(self._see(own, self.supervisor), own)
        self.assertFalse(self._see(own, self.stranger))
        self.assertFalse(self._see(own.line_ids, self.stranger))
        with self.assertRaises(AccessError):
            own.with_user(self.stranger)._recall("The other clinic wants it back.")
        self.account._transition("pre_collections")
        second = self._request(self.stranger, key="other").sudo()
        self.assertEqual(second.line_ids.case_id, self.other)

    def test_disputes_and_applications_go_by_their_cases(self):
        dispute = self.env["hc.billing.dispute"]._open(
            self.account,
            {self.other: 10.0},
            kind="price",
            description="too much",
            channel="letter",
            received_on=self.today,
            due_on=self.today + timedelta(days=30),
            owner_id=self.env.uid,
        )
        self.assertFalse(self._see(dispute, self.supervisor))
        self.assertEqual(self._see(dispute, self.stranger), dispute)
        application = self.env["hc.assistance.application"]._receive(
            self.account,
            channel="letter",
            applied_on=self.today,
            owner_id=self.env.uid,
            persons=1,
            income=1000.0,
        )
        application._score()
        lines = application.line_ids
        self.assertEqual(lines.case_id, self.case | self.other)
        self.assertEqual(self._see(lines, self.supervisor).case_id, self.case)
        for user in (self.supervisor, self.stranger):
            with self.assertRaises(AccessError):
                application.with_user(user).check_access("write")

    def test_the_file_takes_only_what_the_user_may_tell(self):
        everywhere = self._create_user(
            "every.supervisor", "supervisor", facilities=self.facility | self.other_facility
        )
        self.account._transition("pre_collections")
        both = self._request(everywhere).sudo()
        if both.action_id.state == "pending":
            both.action_id._settle(GateDecision("allow"))
        self.assertEqual(both.line_ids.case_id, self.case | self.other)
        with self._refused("cases of other facilities"):
            self.agency.with_user(self.stranger).action_create_file()
        self.assertFalse(both.file_id)
        self.agency.with_user(everywhere).action_create_file()
        self.assertTrue(both.file_id)
