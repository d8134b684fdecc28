# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from ..hc_x12.plain import from_plain, to_plain
from ..models.hc_claim_content import CLAIM_CLASSES
from .claim_common import ClaimCase


@tagged("post_install", "-at_install")
class TestClaimBuilding(ClaimCase):
    def test_an_invoiced_case_has_a_ready_claim(self):
        claim = self._claim(services=(("V1001", 1), ("L2002", 2)))
        self.assertEqual(claim.objection_text, "")
        self.assertEqual(claim.state, "ready")
        self.assertEqual((claim.payer_order, claim.version, claim.frequency), ("1", 1, "1"))
        self.assertEqual(claim.amount_charged, 230.0)
        self.assertEqual(claim.line_ids.mapped("code"), ["V1001", "L2002"])
        self.assertEqual(
            claim.line_ids.mapped("control_number"), [f"{claim.name}-1", f"{claim.name}-2"]
        )
        self.assertEqual(
            claim.filing_deadline,
            claim.case_id.service_date_to + timedelta(days=self.payer.timely_filing_days),
        )
        self.assertFalse(claim.content, "what is sent is frozen when it is sent")

    def test_self_pay_has_no_claim(self):
        self.assertFalse(self._claim(coverage=self.env["hc.coverage"]))

    def test_a_payer_without_clearinghouse_holds_its_claims_with_one_item(self):
        self.payer.clearinghouse_id = False
        claims = self._claim("H-1") | self._claim("H-2")
        self.assertEqual(set(claims.mapped("state")), {"held"})
        items = self.env["hc.work.item"].search([("kind", "=", "claim_setup")])
        self.assertEqual(items.mapped("res_id"), self.payer.ids)
        self.payer.clearinghouse_id = self.clearinghouse
        self.assertEqual(items.state, "resolved")
        claims._run_edits()
        self.assertEqual(set(claims.mapped("state")), {"ready"})

    def test_the_writer_objects_and_the_item_stands_in_the_queue_that_can_mend_it(self):
        self.facility.zip = False
        claim = self._claim()
        self.assertEqual(claim.state, "held")
        item = claim._get_open_work_items()
        self.assertEqual((item.kind, item.queue_id.code), ("claim_held", "edi"))
        self.assertIn("Address of the facility (postal code)", claim.objection_text)
        claim.with_user(self.specialist).action_run_edits()
        self.assertEqual(claim.state, "held")
        self.assertEqual(claim._get_open_work_items(), item, "one item while it is held")
        self.facility.zip = "62701-1234"
        item.with_user(self.specialist).action_resolve()
        self.assertEqual(claim.state, "ready")

    def test_a_held_claim_says_what_a_readiness_rule_says_now(self):
        self.facility.zip = False
        claim = self._claim()
        claim.coverage_id.eligibility_status = "inactive"
        self.facility.zip = "62701-1234"
        claim._run_edits()
        self.assertEqual(claim.state, "held")
        codes = [each["code"] for each in claim.objections]
        self.assertTrue(any(code.isupper() for code in codes), codes)

    def test_after_the_last_day_nothing_is_sent_by_itself(self):
        claim = self._claim()
        claim._write_guarded({"filing_deadline": fields.Date.today() - timedelta(days=1)})
        claim._run_edits()
        self.assertEqual(claim.state, "held")
        self.assertEqual([each["code"] for each in claim.objections], ["filing_deadline"])

    def test_content_comes_back_from_its_plain_form(self):
        claim = self._claim(services=(("V1001", 1), ("L2002", 2.5)))
        [content] = claim._prepare_contents().values()
        kind = CLAIM_CLASSES[claim.claim_type]
        self.assertEqual(from_plain(kind, to_plain(content)), content)

    def test_a_dependent_is_named_beside_the_subscriber(self):
        parent = self._create_patient("1000077", first_name="Ann")
        self.coverage.write({"subscriber_relation": "child", "subscriber_id": parent.id})
        claim = self._claim(patient=self.patient, coverage=self.coverage)
        [content] = claim._prepare_contents().values()
        self.assertEqual(content.coverage.subscriber.name.first, "Ann")
        self.assertEqual((content.patient.relationship, content.patient.name.first), ("19", "Jane"))

    def test_a_type_of_bill_makes_an_institutional_claim(self):
        revenue = self._create_code("revenue", "0510", "Clinic")
        encounter = self._create_encounter("I-1", type_of_bill="0131")
        encounter.service_line_ids.revenue_code_id = revenue
        encounter.with_user(self.clerk).action_complete()
        encounter.with_user(self.coder).action_approve_coding()
        self.env.cr.precommit.run()
        claim = encounter.case_ids.claim_ids
        self.assertEqual((claim.state, claim.claim_type), ("ready", "institutional"))
        [content] = claim._prepare_contents().values()
        self.assertEqual((content.facility_type, content.patient_status), ("13", "01"))

    def test_nobody_writes_what_the_claim_says(self):
        claim = self._claim()
        for vals in ({"amount_charged": 1.0}, {"state": "paid"}, {"objections": []}):
            with self.subTest(vals), self.assertRaises(UserError):
                claim.with_user(self.specialist).write(vals)
        with self.assertRaises(AccessError):
            claim.with_user(self.specialist).copy()

    def _void_and_rebill(self, case):
        self._decide(case, "void_rebill")
        action = self.env["hc.controlled.action"].search(
            [("case_id", "=", case.id), ("kind", "=", "credit_note")]
        )
        if action.state == "pending":
            # A module with approvals is installed: its people agree.
            action._settle(GateDecision("allow"))

    def test_cancelling_the_case_withdraws_what_was_not_sent(self):
        claim = self._claim()
        self._void_and_rebill(claim.case_id)
        self.assertEqual(claim.state, "void")
        rebilled = claim.case_id.rebill_case_ids.claim_ids
        self.assertEqual(rebilled.mapped("version"), [1])

    def test_cancelling_the_case_after_it_was_sent_asks_for_a_void_claim(self):
        claim = self._claim()
        self._send(claim)
        self._void_and_rebill(claim.case_id)
        self.assertEqual(claim.state, "submitted")
        self.assertIn("claim_correction", claim._get_open_work_items().mapped("kind"))
