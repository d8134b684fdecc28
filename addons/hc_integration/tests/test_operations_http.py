# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json

from odoo.tests import HttpCase, tagged

from odoo.addons.hc_revenue_base.tests.common import HcCommon

from .sample_records import create_source


@tagged("post_install", "-at_install")
class TestOperationsHttp(HcCommon, HttpCase):
    """The operations over HTTP: keys, codes of refusals, once per idempotency key."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = create_source(cls, "calling-system")
        cls.source.user_id.hc_facility_ids = cls.facility
        cls.key = cls.env["hc.integration.key"]._issue(cls.source, "tests", 30)

    def _call(self, code, payload, *, key=None, **headers):
        sent = {"Authorization": f"Bearer {self.key if key is None else key}"}
        sent |= {"Content-Type": "application/json"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        body = payload if isinstance(payload, (bytes, str)) else json.dumps(payload)
        return self.url_open(f"/hc/v1/operations/{code}", data=body, headers=sent)

    def _assert_problem(self, answer, status, code):
        self.assertEqual(answer.status_code, status, answer.text[:300])
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        self.assertEqual(answer.json()["code"], code)
        self.assertNotIn("Traceback", answer.text)

    def _open_item(self, name, **headers):
        return self._call("work_item.open", {"name": name, "queue_code": "operations"}, **headers)

    def test_without_a_valid_key_nothing(self):
        for key in ("", "x", "0" * 40, self.key[:-1], f"{self.key}0"):
            with self.subTest(key=len(key)):
                self._assert_problem(self._call("case.fetch", {}, key=key), 401, "unauthorized")
        self.authenticate("admin", "admin")
        answer = self.url_open(
            "/hc/v1/operations/case.fetch",
            data="{}",
            headers={"Content-Type": "application/json"},
        )
        self._assert_problem(answer, 401, "unauthorized")

    def test_the_key_does_not_open_the_external_interface(self):
        answer = self.url_open(
            "/json/2/res.users/search",
            data=json.dumps({"domain": []}),
            headers={
                "Authorization": f"Bearer {self.key}",
                "Content-Type": "application/json",
            },
        )
        self.assertEqual(answer.status_code, 401)

    def test_a_write_runs_once_per_key(self):
        first = self._open_item("Look at the feed", Idempotency_Key="feed-0001")
        self.assertEqual(first.status_code, 200, first.text)
        self.assertNotIn("Idempotency-Replayed", first.headers)
        again = self._open_item("Look at the feed", Idempotency_Key="feed-0001")
        self.assertEqual(again.json(), first.json())
        self.assertEqual(again.headers["Idempotency-Replayed"], "true")
        other = self._open_item("Something else", Idempotency_Key="feed-0001")
        self._assert_problem(other, 422, "key_conflict")
        item = self.env["hc.work.item"].browse(first.json()["work_item_id"])
        self.assertEqual(item.create_uid, self.source.user_id)

    def test_what_is_wrong_is_said_with_a_stable_code(self):
        cases = (
            (("work_item.open", {"name": "Look", "queue_code": "operations"}), 400, "key_missing"),
            (("work_item.open", {"name": 7}), 400, "key_missing"),
            (("case.fetch", {"nonsense": True}), 400, "payload_invalid"),
            (("case.fetch", b"\xff\xfe"), 400, "payload_invalid"),
            (("case.fetch", '{"case_number": NaN}'), 400, "payload_invalid"),
            (("case.fetch", "[" * 100_000), 400, "payload_invalid"),
            (("case.fetch", {"case_number": "x" * 70_000}), 413, "payload_too_large"),
            (("case.fetch", {"case_number": "NONE"}), 404, "not_found"),
            (("no.such", {}), 404, "operation_unknown"),
            (("write", {}), 404, "operation_unknown"),
        )
        for (code, payload), status, expected in cases:
            with self.subTest(code=code, expected=expected):
                self._assert_problem(self._call(code, payload), status, expected)
        answer = self._call("case.fetch", "a=1", Content_Type="application/x-www-form-urlencoded")
        self._assert_problem(answer, 415, "media_type")

    def test_the_description_lists_what_the_user_may_call(self):
        answer = self.url_open(
            "/hc/v1/openapi.json", headers={"Authorization": f"Bearer {self.key}"}
        )
        document = answer.json()
        self.assertEqual(document["openapi"], "3.1.0")
        operations = self.env["hc.operation"].with_user(self.source.user_id)
        expected = {entry.code for entry in operations._get_callable_operations()}
        listed = {path.rpartition("/")[2] for path in document["paths"]}
        self.assertEqual(listed, expected)
        self.assertIn("work_item.open", listed)
        self.assertLess(len(listed), len(operations._get_operations()) + 1)
