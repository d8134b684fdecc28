# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.addons.hc_revenue_base.tests.test_billing_flow import BillingFlowCase


class SpareClaims:
    """Claims that a class makes once, for those of its tests that need just any.

    Every test finds all of them as they were made.
    """

    spare_claims = ()

    def setUp(self):
        super().setUp()
        self.left_claims = list(self.spare_claims)


class ClaimCase(SpareClaims, BillingFlowCase):
    """A clinic whose payer takes claims through a clearinghouse, and who works on them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.facility.write({"zip": "62701-1234", "state_id": cls.env.ref("base.state_us_14").id})
        cls.clearinghouse = cls._create_clearinghouse()
        cls.payer.clearinghouse_id = cls.clearinghouse
        cls.specialist = cls._create_user("claim.specialist", "claims_specialist")
        cls.lead = cls._create_user("claim.lead", "team_lead")

    @classmethod
    def _create_clearinghouse(cls, code="COASTAL", **vals):
        return cls.env["hc.clearinghouse"].create(
            {
                "name": "Coastal Clearinghouse",
                "code": code,
                "sender_identifier": "RIVERSIDE01",
                "receiver_identifier": "COASTAL",
                "submitter_name": "Riverside Clinic",
                "submitter_identifier": "RIV001",
                "contact_name": "Claims Desk",
                "contact_phone": "2175550100",
                **vals,
            }
        )

    def _claim(self, number="CL-1", **vals):
        """The claim of a case that went straight through, of a patient of its own."""
        if self.left_claims and not vals:
            return self.left_claims.pop()
        return self._bill_claim(number, **vals)

    @classmethod
    def _make_spares(cls):
        cls.spare_claims = [cls._bill_claim(f"SP-{number}") for number in range(3)]

    @classmethod
    def _bill_claim(cls, number, **vals):
        if "patient" not in vals and "coverage" not in vals:
            vals["patient"] = cls._create_patient(f"30{number}")
            vals["coverage"] = cls._create_coverage(vals["patient"])
        return cls._bill(number, **vals).claim_ids

    def _send(self, *claims):
        """Write the claims into a file; return the batch."""
        records = self.env["hc.claim"].union(*claims)
        return records._submit()

    def _file_of(self, batch):
        """The segments of a batch's file, as lists of elements."""
        text = batch.sudo().exchange_id.payload_attachment_id.raw.decode("ascii")
        return [segment.split("*") for segment in text.replace("\n", "").split("~") if segment]
