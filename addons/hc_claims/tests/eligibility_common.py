# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import date, timedelta

from odoo import fields

from odoo.addons.hc_revenue_base.tests.common import HcCommon

from ..demo_data.eligibility_answers import Answer, active, eligibility_answers


class EligibilityCase(HcCommon):
    """A clinic whose payer answers questions through a clearinghouse."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clearinghouse = cls.env["hc.clearinghouse"].create(
            {
                "name": "Coastal Clearinghouse",
                "code": "COASTAL",
                "sender_identifier": "RIVERSIDE01",
                "receiver_identifier": "COASTAL",
                "submitter_name": "Riverside Clinic",
                "submitter_identifier": "RIV001",
                "contact_name": "Claims Desk",
                "contact_phone": "2175550100",
            }
        )
        cls.payer.clearinghouse_id = cls.clearinghouse
        cls.payer.eligibility_fresh_days = 30
        cls.patient.facility_ids = cls.facility
        cls.coverage.write({"eligibility_status": "unknown", "eligibility_checked_on": False})
        cls.clerk = cls._create_user("elig.clerk", "clerk")
        # One day for the clinic and the test, at any hour.
        cls.facility.timezone = "UTC"
        cls.today = fields.Date.context_today(cls.env["hc.coverage"])

    def _member(self, number, first_name="ANN", **vals):
        """The coverage of another patient of the clinic, born on the first day of 1990."""
        patient = self._create_patient(
            f"77{number}",
            first_name=first_name,
            birth_date="1990-01-01",
            facility_ids=self.facility.ids,
        )
        values = {"eligibility_status": "unknown", "eligibility_checked_on": False, **vals}
        return self._create_coverage(patient, member_id=f"M{number}", **values)

    def _ask(self, coverage=None, day=None):
        """A question that went out in a file."""
        inquiry = self.env["hc.eligibility.inquiry"]._request(
            [
                {
                    "coverage_id": (coverage or self.coverage).id,
                    "service_date_from": day or self.today,
                }
            ]
        )
        inquiry._submit()
        return inquiry

    def _answer(self, inquiry, segments=None, **changes):
        """What the payer says of whom the question is about."""
        values = {
            "trace": inquiry.name if inquiry else "",
            "member_id": "W123456789",
            "last_name": "DOE",
            "first_name": "JANE",
            "birth_date": date(1980, 5, 17),
            "segments": active() if segments is None else tuple(segments),
            **changes,
        }
        return Answer(**values)

    def _take(self, *answers, sent_on=None, content=None, name="answer.x12", source="COASTAL"):
        """Bring answers in as the clerk and process them."""
        if content is None:
            content = eligibility_answers(answers, sent_on or self.today)
        exchanges = self.env["hc.exchange"].with_user(self.clerk)
        exchange, verdict = exchanges._receive_acknowledgement(content, source, name)
        if verdict == "new":
            self.assertTrue(exchange._as_sender()._process(lambda done, left: True))
        return exchange.sudo()

    def _items(self, kind, record=None):
        domain = [("kind", "=", kind), ("state", "in", ("open", "in_progress"))]
        if record is not None:
            domain += [("res_model", "=", record._name), ("res_id", "in", record.ids)]
        return self.env["hc.work.item"].search(domain)

    def _days(self, count):
        return self.today - timedelta(days=count)

    def _trigger(self, name):
        with self.enter_registry_test_mode():
            self.env.ref(f"hc_claims.{name}").method_direct_trigger()
