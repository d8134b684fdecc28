# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import UserError
from odoo.tests import tagged

from .contract_common import ContractCase


@tagged("post_install", "-at_install")
class TestClaimBorder(ContractCase):
    """What other systems and advisers may know of claims and their answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.integration = cls._create_user("claim.integration", "integration")

    def _run(self, code, payload=None):
        answer = self.env["hc.operation"].with_user(self.integration).run(code, payload)
        self.assertEqual(answer["status"], "ok", answer)
        return answer["result"]

    def _answered(self):
        answer = self._answer("CB-1", 90)
        self._compare(answer)
        # Pages serve what was committed: the clock of the rows is put back.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hc_remittance_claim SET write_date = write_date - INTERVAL '1 day'"
        )
        self.env.cr.execute(
            "UPDATE hc_payment_variance SET write_date = write_date - INTERVAL '1 day'"
        )
        self.env.invalidate_all()
        return answer

    def test_answers_leave_as_claim_responses_without_the_patient(self):
        answer = self._answered()
        page = self._run("claim_response.list_changed", {"limit": 500})
        [found] = [each for each in page["records"] if each["id"] == str(answer.id)]
        self.assertEqual(
            (found["status"], found["outcome"], found["request"]),
            ("active", "complete", answer.claim_id.name),
        )
        self.assertEqual(
            found["payment"],
            {
                "date": "2026-03-10",
                "amount": "90.00",
                "identifier": "T-CB-1",
            },
        )
        self.assertIn({"category": "expected", "amount": "100.00"}, found["total"])
        [item] = found["item"]
        self.assertEqual((item["productOrService"], item["itemSequence"]), ("V1001", 1))
        self.assertIn(
            {
                "category": "adjustment",
                "group": "CO",
                "reason": "45",
                "amount": "60.00",
                "treatment": "allowance",
            },
            item["adjudication"],
        )
        self.assertNotIn("DOE", str(page).upper())
        again = self._run("claim_response.list_changed", {"cursor": page["next_cursor"]})
        self.assertNotIn(str(answer.id), [each["id"] for each in again["records"]])

    def test_a_claims_status_and_variances_are_read(self):
        answer = self._answered()
        status = self._run("claim.fetch_status", {"claim_number": answer.claim_id.name})
        self.assertEqual((status["state"], status["amount_paid"]), ("paid", "90.00"))
        page = self._run("resource.read", {"resource": "payment_variances", "limit": 500})
        self.assertIn(
            (answer.claim_id.name, "10.00", "ACME"),
            [(row["claim_number"], row["amount"], row["contract_code"]) for row in page["records"]],
        )
        missing = (
            self.env["hc.operation"]
            .with_user(self.integration)
            .run("claim.fetch_status", {"claim_number": "NOBODY"})
        )
        self.assertEqual(missing["error"]["code"], "not_found")

    def test_a_remittance_may_be_submitted(self):
        operation = self.env["hc.operation"]._get_operation("exchange.submit")
        types = operation.schema_in["properties"]["document_type"]["enum"]
        self.assertIn("remittance_835", types)
        self.assertNotIn("x12_276", types, "it only leaves")

    def test_advisers_know_facts_and_may_propose_an_owner(self):
        answer = self._answered()
        claim, variance = answer.claim_id, answer.variance_ids
        facts = claim._get_review_facts()
        self.assertEqual(facts["procedure_codes"], ["V1001"])
        self.assertEqual(facts["adjustment_reasons"], ["CO-45"])
        self.assertEqual(variance._get_review_facts()["similar_count"], 1)
        lead = self._create_user("claim.border.lead", "team_lead", "claims_specialist")
        record = variance.with_user(lead)
        record._review_apply({"responsible_user_id": self.poster.id}, record._get_review_token())
        self.assertEqual(variance.responsible_user_id, self.poster)
        with self.assertRaises(UserError):
            record._review_apply({"responsible_user_id": self.poster.id}, "stale")
