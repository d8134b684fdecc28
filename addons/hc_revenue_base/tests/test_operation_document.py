# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from base64 import b64encode
from hashlib import sha256

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_operation import OperationCase


@tagged("post_install", "-at_install")
class TestOperationDocument(OperationCase):
    """Documents of other systems: attached once, of the right patient, by who may."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patient.facility_ids = cls.facility

    def _document(self, content=b"note", **changes):
        return {
            "source": "archive",
            "document_id": "D-1",
            "facility_code": "RIV",
            "patient_mrn": self.patient.mrn,
            "document_type": "clinical_note",
            "name": "Visit note",
            "content_base64": b64encode(content).decode(),
            **changes,
        }

    def _attach(self, key, user=None, **changes):
        return self._run(
            user or self.integration, "document.attach", self._document(**changes), key
        )

    def _stored(self):
        return self.env["hc.document"].search([("external_id", "=", "D-1")])

    def test_a_document_comes_in_once_and_is_renewed_by_another_file(self):
        verdicts = [
            self._attach("key-00001")["result"]["verdict"],
            self._attach("key-00002")["result"]["verdict"],
            self._attach("key-00003", content=b"corrected")["result"]["verdict"],
        ]
        self.assertEqual(verdicts, ["new", "known", "renewed"])
        document = self._stored()
        self.assertEqual(len(document), 1)
        self.assertEqual(document.checksum, sha256(b"corrected").hexdigest())
        self.assertEqual(set(document.attachment_ids.mapped("raw")), {b"note", b"corrected"})
        self.assertEqual(document.attachment_ids.mapped("res_model"), ["hc.document"] * 2)

    def _allow(self, target):
        """An outgoing allowance in force, as if two administrators had agreed."""
        asks, agrees = (
            self._create_user(f"document.{name}.{target}", "administrator")
            for name in ("asks", "agrees")
        )
        allowance = (
            self.env["hc.http.allowance"]
            .with_user(asks)
            .create({"target": target, "reason": "Archive", "expires_on": "2099-12-31"})
        )
        allowance.with_user(agrees).action_approve()

    def _attach_address(self, url, key, document_id="D-1"):
        payload = self._document(repository_url=url, document_id=document_id)
        del payload["content_base64"]
        return self._run(self.integration, "document.attach", payload, key)

    def test_an_address_takes_the_place_of_the_file(self):
        self._assert_error(
            self._attach_address("https://archive.example/D-1", "key-00001"), "payload_invalid"
        )
        self._allow("archive.example")
        answer = self._attach_address("https://archive.example/D-1?a=<b>", "key-00002")
        self.assertEqual(answer["status"], "ok", answer)
        document = self._stored()
        self.assertEqual(document.repository_url, "https://archive.example/D-1?a=<b>")
        self.assertEqual(
            str(document.repository_link),
            '<a href="https://archive.example/D-1?a=&lt;b&gt;" target="_blank"'
            ' rel="noopener noreferrer">https://archive.example/D-1?a=&lt;b&gt;</a>',
        )

    def test_people_are_led_to_no_hostile_address(self):
        self._allow("archive.example")
        self._allow("10.7.0.0/24")
        for number, url in enumerate(
            (
                "javascript:alert(1)//archive.example",
                "data:text/html,<script>alert(1)</script>",
                "http://archive.example/x",
                "https:///etc/passwd",
                "https://jane:pass@archive.example/x",
                "https://archive.example@evil.example/x",
                "https://archive.example\\@evil.example/x",
                "https://evil.example/archive.example",
                "https://archive.example.evil.example/",
                "https://evilarchive.example/",
                "https://archive.example/x?token=abc",
                "https://archive.example/x?a=1&X-Amz-Signature=abc",
                "https://archive.example/\nSet-Cookie: a",
                "https://2130706433/",
                "https://10.8.0.1/x",
                "//archive.example/x",
            )
        ):
            with self.subTest(url=url):
                answer = self._attach_address(url, f"key-1{number:04}", "D-2")
                self._assert_error(answer, "payload_invalid")
        answer = self._attach_address("https://10.7.0.9/x", "key-20000", "D-3")
        self.assertEqual(answer["status"], "ok", answer)

    def test_a_file_that_was_changed_on_its_way_is_refused(self):
        answer = self._attach("key-00001", sha256="0" * 64)
        self._assert_error(answer, "payload_invalid")
        self.assertFalse(self._stored())

    def test_other_facilities_and_patients_are_out_of_reach(self):
        self._assert_error(self._attach("key-00001", user=self.elsewhere), "not_found")
        stranger = self._create_patient("4000001", facility_ids=self.other_facility.ids)
        self._assert_error(self._attach("key-00002", patient_mrn=stranger.mrn), "not_found")
        self._attach("key-00003")
        other = self._create_patient("4000002", facility_ids=self.facility.ids)
        self._assert_error(self._attach("key-00004", patient_mrn=other.mrn), "rejected")
        self.assertEqual(self._stored().patient_id, self.patient)

    def test_where_it_came_from_is_not_what_somebody_types(self):
        self._attach("key-00001")
        for values in ({"source": "x"}, {"repository_url": "https://x.example"}, {"checksum": "0"}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self._stored().write(values)
