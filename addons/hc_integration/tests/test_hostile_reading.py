# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.hc_revenue_base.models import hc_phi_read
from odoo.addons.hc_revenue_base.tests.trail_common import TrailCommon

from .event_common import EventCase
from .test_event_encounter import COMPLETED


@tagged("post_install", "-at_install")
class TestHostileReading(EventCase, TrailCommon):
    """The content of an event shows a patient: no way around the record of who looked."""

    def setUp(self):
        super().setUp()
        hc_phi_read._remembered.clear()
        self.addCleanup(hc_phi_read._remembered.clear)

    def _create_reader(self, login):
        return self._create_user(login, "administrator", "phi", "all_facilities")

    def _seen(self, call):
        before = self.env["hc.phi.read"].search([])
        reads = self.env.registry["hc.phi.read"]
        with patch.object(reads, "_get_source", lambda model: "form"), self._request():
            call()
        return self.env["hc.phi.read"].search([]) - before

    def test_who_opens_an_event_is_on_record(self):
        events = (
            self._send("patient.updated", self._person(contact={"phone": "555-0100"})),
            self._send("encounter.completed", {**COMPLETED, "patient_mrn": self.patient.mrn}),
            self._store("patient.updated", self._person(contact={"phone": "555-0101"})),
        )
        for number, event in enumerate(events):
            reader = self._create_reader(f"content.reader{number}")
            seen = event.with_user(reader)
            row = self._seen(lambda seen=seen: seen.web_read({"payload_text": {}}))
            self.assertEqual((row.patient_id, row.user_id), (self.patient, reader))
            self.assertEqual((row.res_model, row.detail), ("hc.exchange", "record"))

    def test_what_shows_nobody_is_no_reading(self):
        event = self._send("patient.updated", self._person(contact={"phone": "555-0100"}))
        reader = self._create_reader("content.reader")
        seen = event.with_user(reader)
        self.assertFalse(self._seen(lambda: seen.web_read({"state": {}, "name": {}})))
        unreadable = self._store("patient.updated", {}, payload_body=b"[")
        seen = unreadable.with_user(reader)
        self.assertFalse(self._seen(lambda: seen.web_read({"payload_text": {}})))
