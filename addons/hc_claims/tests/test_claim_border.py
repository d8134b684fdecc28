# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.tests.trail_common import TrailCommon

from .contract_common import ContractCase


@tagged("post_install", "-at_install")
class TestClaimBorder(TrailCommon, ContractCase):
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
        self.env.cr.execute("UPDATE hc_claim SET write_date = write_date - INTERVAL '1 day'")
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

    def test_claims_leave_as_claims_without_the_patient(self):
        claim = self._answered().claim_id
        page = self._run("claim.list_changed", {"limit": 500})
        [found] = [each for each in page["records"] if each["identifier"] == claim.name]
        self.assertEqual(
            (found["resourceType"], found["status"], found["total"], found["frequency"]),
            ("Claim", "active", "150.00", "1"),
        )
        [item] = found["item"]
        self.assertEqual((item["productOrService"], item["net"]), ("V1001", "150.00"))
        self.assertNotIn("DOE", str(page).upper())
        self.assertNotIn("MRN", str(page).upper())
        again = self._run("claim.list_changed", {"cursor": page["next_cursor"]})
        self.assertNotIn(claim.name, [each["identifier"] for each in again["records"]])

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

    def test_a_remittance_is_looked_up_in_numbers(self):
        answer = self._answered()
        wanted = {"resource": "remittances", "record_id": answer.remittance_id.id}
        record = self._run("resource.fetch", wanted)["record"]
        self.assertEqual(
            (record["state"], record["claim_count"], record["denied_count"]),
            (answer.remittance_id.state, 1, 0),
        )
        self.assertEqual(record["amount_patients"], f"{answer.amount_patient:.2f}")
        self.assertNotIn("DOE", str(record).upper())

    def test_a_question_to_a_payer_tells_the_patient_to_whom_may_see_it(self):
        answer = self._answered()
        coverage = answer.claim_id.coverage_id
        inquiry = self.env["hc.eligibility.inquiry"]._request(
            [{"coverage_id": coverage.id, "service_date_from": "2026-03-02"}]
        )
        wanted = {"resource": "eligibility_inquiries", "record_id": inquiry.id}
        record = self._run("resource.fetch", wanted)["record"]
        self.assertEqual((record["trace_number"], record["state"]), (inquiry.name, "draft"))
        self.assertNotIn("member_id", record)
        self.integration.group_ids += self.env.ref("hc_revenue_base.group_hc_phi")
        with self._request():
            record = self._run("resource.fetch", wanted)["record"]
        self.assertEqual(record["member_id"], coverage.member_id)
        found = self.env["hc.phi.read"].search([("user_id", "=", self.integration.id)])
        self.assertEqual((found.patient_id, found.source), (coverage.patient_id, "rpc"))
