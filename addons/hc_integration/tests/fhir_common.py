# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import itertools

from odoo.addons.hc_revenue_base.tests.common import HcCommon

from . import fhir_samples
from .sample_records import create_source


class FhirCommon(HcCommon):
    """A connected clinical system, and documents on their way in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.facility.timezone = "America/New_York"
        cls.source = create_source(cls, "clinic-ehr")
        cls.source.facility_ids = cls.facility
        cls.feed = cls.source.user_id
        cls.numbers = itertools.count(1)

    def _receive_document(self, content, document_type="fhir_bundle", source="clinic-ehr"):
        """Store a document as its sender; the exchange."""
        exchanges = self.env["hc.exchange"].with_user(self.feed)
        number = f"doc-{next(self.numbers)}"
        exchange, verdict = exchanges._receive(document_type, source, number, content, number)
        self.assertEqual(verdict, "new")
        return exchange

    def _take_in(self, *resources, **options):
        """Receive and process a bundle of resources; the exchange, as the superuser."""
        document = fhir_samples.content(fhir_samples.bundle(*resources))
        return self._process(self._receive_document(document, **options))

    def _process(self, exchange):
        self.assertTrue(exchange._as_sender()._process(lambda done, left: True))
        self.env.invalidate_all()
        return exchange.sudo()

    def _bill_visits(self):
        """What the Scheduled Action does with visits that are complete and coded."""
        encounters = self.env["hc.encounter"]
        encounters.search(encounters._get_to_bill_domain())._prepare_billing()

    def _remarks(self, exchange, result="refused"):
        """The messages of the exchange's remarks."""
        rows = exchange.row_ids.filtered(lambda row: row.result == result)
        return "\n".join(rows.mapped("message"))

    def _visit(self, number="1"):
        return self.env["hc.encounter"].search(
            [("number", "=", f"FV-{number}"), ("source", "=", "clinic-ehr")]
        )

    def _patient(self, number="1"):
        return self.env["hc.patient"].search([("mrn", "=", f"30000{number}")])
