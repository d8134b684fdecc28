# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from base64 import b64encode
from datetime import datetime

from odoo.tests import tagged

from ..hc_webhook_core import events
from . import fhir_samples
from .fhir_common import FhirCommon


@tagged("post_install", "-at_install")
class TestEventClinical(FhirCommon):
    """A clinical document that came signed goes the way of one that came as a file."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.feed.hc_facility_ids = cls.facility
        cls.feed.group_ids -= cls.env.ref("hc_revenue_base.group_hc_all_facilities")

    def _arrive(self, message_id, content, document_id="bundle-1"):
        """An event with a document, applied."""
        data = {
            "document_type": "fhir_bundle",
            "document_id": document_id,
            "content_base64": b64encode(content).decode(),
        }
        event = (
            self.env["hc.exchange"]
            .with_user(self.feed)
            ._enter_event(
                self.source,
                events.find("clinical.received", 1),
                data,
                datetime(2026, 3, 3, 8),
                external_id=message_id,
                is_manual=False,
            )
        )
        event._process_safely(lambda _done, _left: True)
        self.env.invalidate_all()
        return event.sudo()

    def _documents(self):
        return self.env["hc.exchange"].search([("document_type", "=", "fhir_bundle")], order="id")

    def test_a_bundle_in_an_event_becomes_a_visit_once(self):
        before = self._documents()
        content = fhir_samples.content(
            fhir_samples.bundle(*fhir_samples.master_data(), *fhir_samples.visit())
        )
        event = self._arrive("e-1", content)
        self.assertEqual((event.state, event.event_outcome), ("done", "applied"), event.error)
        document = self._documents() - before
        self.assertEqual((document.source, document.create_uid), ("clinic-ehr", self.feed))
        self.assertEqual((event.event_res_model, event.event_res_id), ("hc.exchange", document.id))
        self.assertEqual(self._process(document).state, "done")
        self.assertEqual(len(self._visit()), 1)
        again = self._arrive("e-2", content)
        self.assertEqual(again.event_changes, "duplicate")
        self.assertEqual(self._documents() - before, document)

    def test_another_content_of_a_known_id_is_kept_for_people(self):
        self._arrive("e-1", b'{"resourceType": "Bundle", "type": "collection"}')
        known = self._documents()
        other = self._arrive("e-2", b'{"resourceType": "Bundle", "type": "transaction"}')
        self.assertEqual(other.state, "failed")
        self.assertIn("other content", other.error)
        self.assertEqual(self._documents(), known)
