# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.addons.hc_revenue_base.tests.test_billing_flow import BillingFlowCase


class ClaimCase(BillingFlowCase):
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
        if "patient" not in vals and "coverage" not in vals:
            vals["patient"] = self._create_patient(f"30{number}")
            vals["coverage"] = self._create_coverage(vals["patient"])
        return self._bill(number, **vals).claim_ids

    def _send(self, *claims):
        """Write the claims into a file; return the batch."""
        records = self.env["hc.claim"].union(*claims)
        return records._submit()

    def _file_of(self, batch):
        """The segments of a batch's file, as lists of elements."""
        text = batch.sudo().exchange_id.payload_attachment_id.raw.decode("ascii")
        return [segment.split("*") for segment in text.replace("\n", "").split("~") if segment]
