# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from .placement_common import PlacementCase

_REFUSALS = "odoo.addons.hc_revenue_base.models.hc_refused_attempt"


@tagged("post_install", "-at_install")
class TestPlacement(PlacementCase):
    """An account goes to an agency when nothing forbids it, and comes back."""

    def test_nothing_is_placed_that_must_not_be(self):
        with self._refused("the final notice has not been given"):
            self._request()
        self.account._transition("pre_collections")
        hold = self._hold("bankruptcy")
        with self._refused("Bankruptcy.*holds it"):
            self._request()
        hold._release("dismissed")
        self._hold("dispute", cases=self.case, amount=10.0)
        with self._refused("Dispute.*holds it"):
            self._request()

    def test_collectors_do_not_place(self):
        self.account._transition("pre_collections")
        placement = self._request(self.collector).sudo()
        if placement.action_id.state == "pending":
            placement.action_id._settle(GateDecision("refuse", "not yet"))
        self.assertEqual((placement.state, self.account.state), ("refused", "pre_collections"))

    @mute_logger(_REFUSALS)
    def test_guardrails_are_asked_at_the_request(self):
        self.account._transition("pre_collections")
        self._tell(self.case, 119)
        lawful = self._days_ago(119) + timedelta(days=120)
        words = rf"(?s)R501-1.*26 CFR 1\.501\(r\)-6\(c\)\(3\).*Lawful from {lawful}"
        with self.assertRaisesRegex(AccessError, words):
            self._request()
        self._tell(self.case, 120)
        self._request()
        check = self.env["hc.guardrail.check"].search(
            [("account_id", "=", self.account.id), ("act", "=", "placement")], limit=1
        )
        self.assertEqual(check.outcome, "allowed")
        self.assertIn("R501-5", check.rule_code)

    @mute_logger(_REFUSALS)
    def test_nothing_is_placed_without_a_written_agreement(self):
        self.account._transition("pre_collections")
        for values in (
            {"agreement": False},
            {"agreement_from": self.today + timedelta(days=1)},
            {"agreement_from": "2020-01-01", "agreement_to": self._days_ago(1)},
        ):
            with self.subTest(values=values), self.env.cr.savepoint():
                self.agency.write(values)
                with self.assertRaisesRegex(AccessError, "R501-5: No written agreement"):
                    self._request()
                self.agency.write({"agreement": b"c2lnbmVk", "agreement_to": False})

    @mute_logger(_REFUSALS)
    def test_guardrails_are_asked_again_when_it_takes_effect(self):
        self.account._transition("pre_collections")
        placement = self.env["hc.placement"]._create_guarded(
            [{"name": "P-1", "account_id": self.account.id, "agency_id": self.agency.id}]
        )
        self.env["hc.placement.line"]._create_guarded(
            [{"placement_id": placement.id, "case_id": self.case.id, "amount_placed": 150.0}]
        )
        action = self.env["hc.controlled.action"].search([], limit=1)
        self._tell(self.case, 10)
        with self.assertRaisesRegex(AccessError, "R501-1"):
            placement._place(action)
        self.assertEqual(placement.state, "requested")

    @mute_logger(_REFUSALS)
    def test_who_was_granted_assistance_is_not_placed(self):
        self.account._transition("pre_collections")
        application = self.env["hc.assistance.application"]._create_guarded(
            [
                {
                    "name": "FA-1",
                    "account_id": self.account.id,
                    "applied_on": self._days_ago(30),
                    "owner_id": self.env.uid,
                }
            ]
        )
        self.env["hc.assistance.case"]._create_guarded(
            [
                {
                    "application_id": application.id,
                    "case_id": self.case.id,
                    "amount_charged": 150.0,
                    "amount_left": 75.0,
                }
            ]
        )
        application._write_guarded({"outcome": "granted"})
        application._move("decided", "state", "for this story", None, None)
        with self.assertRaisesRegex(AccessError, "(?s)R501-4: Assistance was granted.*R501-6"):
            self._request()

    def test_the_agency_is_told_once_of_each(self):
        self.case.patient_id.sudo().write({"street": '=HYPERLINK("x")'})
        placement = self._place()
        self.assertEqual((placement.state, self.account.state), ("placed", "placed"))
        text = self._write_file()
        self.assertIn('"PLACE"', text)
        self.assertIn('"150.00"', text)
        self.assertIn('"\'=HYPERLINK(""x"")"', text)
        with self._refused("knows everything"):
            self._write_file()
        placement.with_user(self.supervisor)._recall("The patient has applied for assistance.")
        self.assertEqual((placement.state, self.account.state), ("recalling", "placed"))
        text = self._write_file()
        self.assertIn('"RECALL"', text)
        self.assertNotIn("HYPERLINK", text)
        with self._refused("knows everything"):
            self._write_file()
        placement.with_user(self.supervisor).action_confirm_recall()
        self.assertEqual((placement.state, self.account.state), ("recalled", "active"))
        self.assertEqual(self.account.hold_ids.mapped("state"), ["released"])

    def test_what_is_paid_is_no_longer_with_the_agency(self):
        placement = self._place()
        self._pay_amount(self.case, 150.0)
        self.account._refresh()
        self.assertEqual((placement.state, placement.amount_recovered), ("closed", 150.0))
        self.assertEqual(self.account.state, "active")

    def test_an_account_is_requested_once(self):
        self.account._transition("pre_collections")
        self._request()
        with self._refused("requested already|final notice"):
            self._request(key="again")

    def test_what_is_billed_later_is_followed_up_here(self):
        placement = self._place()
        hold = self.account.hold_ids
        self.assertEqual((hold.kind, hold.case_ids), ("placement", self.case))
        holds = self.env["hc.collection.hold"]
        self.assertIn(self.account.id, holds._get_stopping(self.account, self.today))
        self.assertEqual(self.account.situation, "placed")
        other = self._bill_child("G-2")
        self.assertEqual(self._account_of(other), self.account)
        self.account._refresh()
        self.account.invalidate_recordset()
        self.assertNotEqual(self.account.situation, "placed")
        self.assertNotIn(self.account.id, holds._get_stopping(self.account, self.today))
        figures, reasons = self.env["hc.statement"]._classify(self.account, self.today)
        self.assertEqual(list(figures[self.account.id].cases), other.ids)
        self.assertNotIn(reasons[self.account.id], ("placed", "held"))
        self.assertEqual(placement.amount_open, 150.0)
        self._tell(other, 150)
        second = self._place(key="second")
        self.assertEqual(second.line_ids.case_id, other)

    def test_a_legal_hold_recalls_at_once(self):
        placement = self._place()
        self._write_file()
        self._hold("promise", date_to=self.today)
        self.assertEqual(placement.state, "placed")
        self.assertTrue(self._items("placement_hold", placement))
        self._hold("bankruptcy")
        self.assertEqual(placement.state, "recalling")
        self.assertIn("Bankruptcy", placement.recall_reason)
        item = self._items("placement_recall", placement)
        self.assertEqual(item.severity, "error")
        self.assertIn('"Bankruptcy: as we heard"', self._write_file())
        placement.with_user(self.supervisor).action_confirm_recall()
        self.assertFalse(self._items("placement_recall", placement))

    def test_a_dispute_of_a_placed_case_recalls_it(self):
        placement = self._place()
        self._write_file()
        other = self._bill_child("G-2")
        self.account._refresh()
        self._hold("dispute", cases=other, amount=10.0)
        self.assertEqual(placement.state, "placed")
        self._hold("dispute", cases=self.case, amount=10.0)
        self.assertEqual(placement.state, "recalling")

    def test_what_the_agency_does_not_know_comes_back_at_once(self):
        placement = self._place()
        self._hold("deceased")
        self.assertEqual((placement.state, self.account.state), ("recalled", "active"))
        with self._refused("knows everything"):
            self._write_file()

    def test_the_file_has_the_amounts_of_its_day(self):
        placement = self._place()
        self._pay_amount(self.case, 50.0)
        self.account._refresh()
        text = self._write_file()
        self.assertIn('"100.00"', text)
        self.assertNotIn('"150.00"', text)
        self.assertEqual(placement.amount_placed, 100.0)

    def test_what_may_not_go_stays_out_of_the_file_and_says_why(self):
        placement = self._place()
        self._tell(self.case, 60)
        self.assertIn("R501-1", self._write_file())
        self.assertFalse(placement.file_id)
        self.assertIn("R501-1", placement.file_objection)
        self.assertTrue(self._items("placement_blocked", placement))
        self._tell(self.case, 200)
        self.assertIn('"PLACE"', self._write_file())
        self.assertFalse(placement.file_objection)

    def test_something_without_a_case_goes_through_the_guardrails(self):
        placement = self._place()
        move = self.case.invoice_ids.filtered(lambda each: each.state == "posted")
        items = move.line_ids.filtered(lambda line: line.hc_collection_account_id == self.account)
        placement.line_ids._write_guarded({"case_id": False})
        items.flush_recordset()
        self.env.cr.execute(
            "UPDATE account_move_line SET hc_case_id = NULL WHERE id = ANY(%s)", [items.ids]
        )
        self.env.invalidate_all()
        self.assertIn("R501-1", self._write_file())

    def test_facts_of_no_single_case_are_those_of_the_account(self):
        facts = self.env["hc.guardrail.facts"]
        expected = facts._load(self.account)[self.account.id]
        self.assertEqual(facts._load(self.account, case_ids=())[self.account.id], expected)
        self.assertTrue(expected.first_statement_on)

    def test_a_second_notice_lets_newer_visits_go(self):
        self._place()
        other = self._bill_child("G-3")
        self._tell(other, 150)
        self.account._refresh()
        contact = self.env["hc.contact"]._record(
            [
                {
                    "account_id": self.account.id,
                    "key": "second final notice",
                    "channel": "letter",
                    "purpose": "pre_collection",
                    "level_id": self.env["hc.cadence.level"]
                    .search(
                        ["|", ("is_precollection", "=", True), ("is_final", "=", True)], limit=1
                    )
                    .id,
                }
            ]
        )
        self.assertTrue(contact.level_id)
        contact._note_final_notice()
        self.assertEqual(self.account.state, "pre_collections")

    def test_debts_of_which_nobody_was_told_stay_here(self):
        self.case.sudo()._write_guarded({"first_statement_on": False})
        self.account._transition("pre_collections")
        with self._refused("final notice has not been given for any"):
            self._request()
