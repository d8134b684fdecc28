# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields
from odoo.tests import tagged

from .claim_common import ClaimCase
from .eligibility_common import EligibilityCase


@tagged("post_install", "-at_install")
class TestOperationClaimStatus(ClaimCase):
    """What other systems say of claims: once, in any order, and never money."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.integration = cls._create_user("status.integration", "integration")
        cls.elsewhere = cls._create_user(
            "status.elsewhere", "integration", facilities=cls.other_facility
        )

    def _sent(self, number="OS-1"):
        claim = self._claim(number)
        self._send(claim).action_mark_sent()
        return claim

    def _say(self, claim, category, key, day="2026-03-10", user=None, **extra):
        payload = {
            "claim_number": claim.name,
            "effective_on": day,
            "statuses": [{"category": category, "status_code": "20"}],
            **extra,
        }
        return (
            self.env["hc.operation"]
            .with_user(user or self.integration)
            .run("claim.record_status", payload, key)
        )

    def test_a_rejection_is_work_and_moves_no_money(self):
        claim = self._sent()
        moves = self.env["account.move"].search_count([])
        answer = self._say(claim, "A7", "key-00001")
        self.assertEqual(
            answer["result"],
            {
                "claim_number": claim.name,
                "state": "rejected",
                "is_new": True,
            },
        )
        self.assertEqual(claim.status_ids[0].origin, "system")
        item = self.env["hc.work.item"].search([("kind", "=", "claim_rejected")])
        self.assertIn(claim.name, item.name)
        self.assertEqual(self.env["account.move"].search_count([]), moves)

    def test_the_same_said_again_is_no_news(self):
        claim = self._sent()
        self._say(claim, "A2", "key-00001")
        again = self._say(claim, "A2", "key-00002")
        self.assertFalse(again["result"]["is_new"])
        self.assertEqual(len(claim.status_ids), 1)

    def test_a_late_acceptance_does_not_undo_a_rejection(self):
        claim = self._sent()
        self._say(claim, "A7", "key-00001", day="2026-03-10")
        self._say(claim, "A2", "key-00002", day="2026-03-09")
        self.assertEqual(claim.state, "rejected")

    def test_unsent_and_other_facilities_claims_are_out_of_reach(self):
        unsent = self._claim("OS-2")
        answer = self._say(unsent, "A2", "key-00001")
        self.assertEqual(answer["error"]["code"], "rejected")
        claim = self._sent("OS-3")
        answer = self._say(claim, "A7", "key-00002", user=self.elsewhere)
        self.assertEqual(answer["error"]["code"], "not_found")
        answer = self._say(claim, "A7", "key-00003", day="2099-01-01")
        self.assertEqual(answer["error"]["code"], "payload_invalid")
        self.assertNotEqual(claim.state, "rejected")


@tagged("post_install", "-at_install")
class TestOperationEligibilityResult(EligibilityCase):
    """Answers of payers that another system found out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.integration = cls._create_user("result.integration", "integration")

    def _record(self, key, user=None, **changes):
        payload = {
            "facility_code": "RIV",
            "patient_mrn": self.patient.mrn,
            "payer_code": "ACME",
            "outcome": "active",
            "checked_on": fields.Date.to_string(self.today),
            "reference": "REF-1",
            **changes,
        }
        return (
            self.env["hc.operation"]
            .with_user(user or self.integration)
            .run("eligibility.record_result", payload, key)
        )

    def test_the_newest_answer_is_in_force(self):
        self.assertTrue(self._record("key-00001")["result"]["is_in_force"])
        self.assertEqual(self.coverage.eligibility_status, "active")
        old = fields.Date.to_string(fields.Date.subtract(self.today, days=3))
        late = self._record("key-00002", outcome="inactive", checked_on=old, reference="REF-0")
        self.assertEqual((late["result"]["is_new"], late["result"]["is_in_force"]), (True, False))
        self.assertEqual(self.coverage.eligibility_status, "active")
        self.assertFalse(self._record("key-00003")["result"]["is_new"])

    def test_it_ends_the_question_that_it_answers(self):
        inquiry = self._ask()
        inquiry.batch_id.action_mark_sent() if "batch_id" in inquiry else None
        inquiry._transition_where_allowed("sent")
        self._record("key-00001")
        self.assertEqual(inquiry.state, "answered")

    def test_what_cannot_be_is_refused(self):
        ahead = fields.Date.to_string(fields.Date.add(self.today, days=2))
        for changes, code in (
            ({"checked_on": ahead}, "payload_invalid"),
            ({"payer_code": "NOBODY"}, "not_found"),
            ({"patient_mrn": "NOBODY"}, "not_found"),
            ({"facility_code": "HIL"}, "not_found"),
            ({"plan_date_from": "2026-02-01", "plan_date_to": "2026-01-01"}, "payload_invalid"),
        ):
            with self.subTest(changes=changes):
                self.assertEqual(self._record("key-00009", **changes)["error"]["code"], code)
        coder = self._create_user("result.coder", "coder")
        self.assertEqual(self._record("key-00010", user=coder)["error"]["code"], "access_denied")
