# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from .collections_common import CollectionsCase


@tagged("post_install", "-at_install")
class TestDispute(CollectionsCase):
    """A dispute holds its amount, and is decided by what is posted."""

    def setUp(self):
        super().setUp()
        self.case = self._bill_patient("D-1")
        self.account = self._account_of(self.case)

    def _dispute(self, amount=60.0, user=None, **values):
        account = self.account.with_user(user or self.collector)
        return account.env["hc.billing.dispute"]._open(
            account,
            {self.case.with_env(account.env): amount},
            kind=values.pop("kind", "billing_error"),
            description="I was not there that day.",
            channel="call",
            received_on=self.today,
            due_on=self.today + timedelta(days=30),
            owner_id=self.collector.id,
            **values,
        )

    def _concede(self, dispute, amount, user=None, key="decide"):
        dispute = dispute.with_user(user or self.manager)
        actions = dispute._decide(
            {dispute.line_ids: amount},
            reason="The visit was billed twice.",
            reason_code=self._reason("write_off"),
            idempotency_key=key,
        )
        return actions.sudo()

    def _settle(self, actions):
        for action in actions:
            if action.state == "pending":
                action._settle(GateDecision("allow"))

    def _holds(self, dispute):
        return self.env["hc.collection.hold"].search(
            [("source_model", "=", dispute._name), ("source_id", "=", dispute.id)]
        )

    def test_only_the_disputed_amount_is_held(self):
        dispute = self._dispute()
        hold = self._holds(dispute)
        self.assertEqual((hold.kind, hold.amount, hold.case_ids), ("dispute", 60.0, self.case))
        self.assertEqual(self.account.amount_disputed, 60.0)
        self.assertEqual(self.account.amount_open, 150.0)
        received = self.account.contact_ids
        self.assertEqual((received.direction, received.state), ("in", "done"))
        item = self.env["hc.work.item"].search(
            [("res_model", "=", dispute._name), ("res_id", "=", dispute.id)]
        )
        self.assertEqual((item.kind, item.assignee_id), ("dispute", self.collector))

    def test_no_more_is_disputed_than_is_open(self):
        for amount in (150.01, 0.0, -5.0):
            with self.subTest(amount=amount), self._refused("cannot be disputed"):
                self._dispute(amount)
        self._dispute(100.0)
        with self._refused("up to.*50.00"):
            self._dispute(60.0)

    def test_what_is_upheld_is_posted_and_released(self):
        dispute = self._dispute()
        actions = self._concede(dispute, 60.0)
        self._settle(actions)
        self.assertEqual(dispute.state, "upheld")
        self.assertEqual(self._open(self.case), 90.0)
        self.assertEqual(self._holds(dispute).state, "released")
        answer = self.account.contact_ids.filtered(lambda one: one.direction == "out")
        self.assertEqual((answer.state, answer.letter_run_id.state), ("queued", "collecting"))
        self._assert_adds_up(self.case)

    def test_a_part_is_upheld(self):
        dispute = self._dispute()
        self._settle(self._concede(dispute, 20.0))
        self.assertEqual((dispute.state, dispute.amount_conceded), ("partly_upheld", 20.0))
        self.assertEqual(self._open(self.case), 130.0)

    def test_a_reversal_takes_the_dispute_up_again(self):
        dispute = self._dispute()
        action = self._concede(dispute, 60.0)
        self._settle(action)
        self._settle(self._reverse(action))
        self.assertEqual((dispute.state, dispute.amount_conceded), ("investigating", 0.0))
        self.assertEqual(self.account.amount_disputed, 60.0)
        self.assertIn("active", self._holds(dispute).mapped("state"))

    def test_denying_needs_a_reason_and_no_approval(self):
        dispute = self._dispute()
        with self._refused("in a sentence"):
            dispute._decide({dispute.line_ids: 0}, reason="no", idempotency_key="k")
        dispute._decide(
            {dispute.line_ids: 0}, reason="The chart shows the visit.", idempotency_key="k"
        )
        self.assertEqual(dispute.state, "denied")
        self.assertEqual(self._holds(dispute).state, "released")
        dispute._reopen("They sent a passport stamp.")
        self.assertEqual(dispute.state, "investigating")
        self.assertIn("active", self._holds(dispute).mapped("state"))

    def test_a_refused_request_leaves_the_amount_on_hold(self):
        dispute = self._dispute()
        action = self._concede(dispute, 60.0, user=self.collector)
        if action.state == "pending":
            action._settle(GateDecision("refuse", "not proved"))
        self.assertEqual((action.state, dispute.state), ("rejected", "investigating"))
        self.assertEqual(self._holds(dispute).state, "active")
        self.assertFalse(dispute.is_waiting)

    def test_waiting_for_approval_nothing_else_is_decided(self):
        dispute = self._dispute()
        action = self._concede(dispute, 60.0)
        action.flush_recordset()
        self.env.cr.execute(
            "UPDATE hc_controlled_action SET state = 'pending' WHERE id = %s", [action.id]
        )
        self.env.cr.execute(
            "UPDATE hc_billing_dispute SET state = 'investigating' WHERE id = %s", [dispute.id]
        )
        self.env.invalidate_all()
        self.assertTrue(dispute.is_waiting)
        self.assertIn(dispute, dispute.search([("is_waiting", "=", True)]))
        self.assertNotIn(dispute, dispute.search([("is_waiting", "=", False)]))
        with self._refused("waits for approval"):
            self._concede(dispute, 10.0, key="other")
        with self._refused("waits for approval"):
            dispute._withdraw("They called and take it back.")

    def test_an_estimate_dispute_stops_everything_of_the_case(self):
        dispute = self._dispute(kind="price", is_estimate=True)
        self.assertEqual(self._holds(dispute).kind, "estimate_dispute")

    def test_the_wizards_take_in_and_decide(self):
        action = self.account.with_user(self.collector).action_open_dispute()
        form = Form(
            self.env["hc.dispute.wizard"]
            .with_user(self.collector)
            .with_context(**action["context"])
        )
        form.kind = "not_mine"
        form.description = "Somebody used my card."
        with form.line_ids.edit(0) as line:
            self.assertEqual(line.amount, 150.0)
            line.amount = 30.0
        opened = form.save().action_confirm()
        dispute = self.env["hc.billing.dispute"].browse(opened["res_id"])
        self.assertEqual(dispute.amount_disputed, 30.0)
        action = dispute.with_user(self.manager).action_open_decision()
        form = Form(
            self.env["hc.dispute.decision.wizard"]
            .with_user(self.manager)
            .with_context(**action["context"])
        )
        form.reason = "The signature is not hers."
        with form.line_ids.edit(0) as line:
            line.amount = 30.0
        form.reason_code_id = self._reason("write_off")
        form.save().action_confirm()
        self._settle(dispute.line_ids.action_id)
        self.assertEqual(dispute.state, "upheld")

    def test_nobody_writes_a_dispute(self):
        dispute = self._dispute()
        for vals in ({"state": "upheld"}, {"kind": "other"}, {"decision_reason": "x"}):
            with self.subTest(vals=vals), self._refused("directly|state"):
                dispute.write(vals)
        with self._refused("directly|access|allowed", Exception):
            dispute.line_ids.write({"amount_conceded": 60.0})
        reader = self._create_user("dispute.reader", "clerk")
        with self.assertRaises(AccessError):
            self._dispute(user=reader)

    def test_another_facility_sees_no_dispute(self):
        dispute = self._dispute()
        stranger = self._create_user("d.stranger", "collector", facilities=self.other_facility)
        for records in (dispute, dispute.line_ids):
            self.assertFalse(records.with_user(stranger).search([("id", "=", records.id)]))

    def test_a_file_of_another_record_is_no_evidence(self):
        case = self._bill_patient("D-LETTER")
        account = self._account_of(case)
        letter = self.env["ir.attachment"].with_user(self.collector).create({"name": "letter"})
        contact = self.env["hc.contact"]._record(
            [
                {
                    "account_id": account.id,
                    "key": "letter",
                    "channel": "letter",
                    "purpose": "final_notice",
                    "attachment_id": letter.id,
                }
            ]
        )
        letter.sudo().write({"res_model": contact._name, "res_id": contact.id})
        with self.assertRaisesRegex(UserError, "Upload the evidence yourself"):
            self.env["hc.billing.dispute"].with_user(self.collector)._check_own_files(letter)
        with self.assertRaisesRegex(AccessError, "neither changed nor deleted"):
            letter.write({"raw": b"another letter"})
