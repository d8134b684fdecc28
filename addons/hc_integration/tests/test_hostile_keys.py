# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json
from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import HttpCase, tagged

from odoo.addons.hc_revenue_base.tests.common import HcCommon

from ..models.ir_http import OPERATION_SCOPE
from .sample_records import create_source


@tagged("post_install", "-at_install")
class TestHostileKeys(HcCommon, HttpCase):
    """A key opens what its connected system may do by now, as that system, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = create_source(cls, "held-system")
        cls.user = cls.source.user_id
        cls.user.hc_facility_ids = cls.facility
        cls.key = cls.env["hc.integration.key"]._issue(cls.source, "tests", 30)

    def _call(self, key=None, name="Look", number="hostile-0001"):
        return self.url_open(
            "/hc/v1/operations/work_item.open",
            data=json.dumps({"name": name, "queue_code": "operations"}),
            headers={
                "Authorization": f"Bearer {key or self.key}",
                "Content-Type": "application/json",
                "Idempotency-Key": number,
            },
        )

    def _assert_refused(self, status, code, key=None):
        answer = self._call(key)
        self.assertEqual((answer.status_code, answer.json()["code"]), (status, code))
        listed = self.url_open(
            "/hc/v1/openapi.json", headers={"Authorization": f"Bearer {key or self.key}"}
        )
        self.assertEqual(listed.status_code, status)
        return answer

    def test_a_paused_system_does_nothing_until_it_goes_on(self):
        self.source.action_pause()
        answer = self._assert_refused(503, "source_paused")
        self.assertEqual(answer.headers["Retry-After"], "300")
        self.assertEqual(answer.headers["Content-Type"], "application/problem+json")
        self.source.action_activate()
        self.assertEqual(self._call().status_code, 200)

    def test_what_is_no_key_is_refused_like_a_wrong_one(self):
        for key in ("\x00" * 40, "é" * 40, self.key.upper(), f"{self.key[:39]}\x00", "'" * 40):
            with self.subTest(key=key[:3]):
                self._assert_refused(401, "unauthorized", key.encode().decode("latin-1"))

    def test_a_retired_system_leaves_no_key_behind(self):
        record = self.source.key_ids
        self.source.action_retire()
        self.assertEqual(record.state, "revoked")
        self.assertFalse(
            self.env["res.users.apikeys"]._check_credentials(scope=OPERATION_SCOPE, key=self.key)
        )
        self._assert_refused(401, "unauthorized")
        with self.assertRaisesRegex(UserError, "disconnected"):
            self.env["hc.integration.key"]._issue(self.source, "afterwards", 30)

    def test_a_system_that_is_not_connected_yet_does_nothing(self):
        draft = self.env["hc.integration.source"].create(
            {"name": "Draft", "code": "draft-system", "user_id": self.user.id}
        )
        key = self.env["hc.integration.key"]._issue(draft, "early", 30)
        self._assert_refused(401, "unauthorized", key)

    def test_the_key_of_a_user_whom_the_system_acts_as_no_more_is_void(self):
        self.source.user_id = self._create_user("held.other", "integration")
        self._assert_refused(401, "unauthorized")

    def test_a_system_calls_what_it_may_call_and_nothing_else(self):
        """What it may not send it cannot report by a call either."""
        self.source.allowed_operations = "exchange.* case.fetch"
        answer = self._call()
        self.assertEqual((answer.status_code, answer.json()["code"]), (403, "access_denied"))
        headers = {"Authorization": f"Bearer {self.key}"}
        listed = self.url_open("/hc/v1/openapi.json", headers=headers).json()["paths"]
        codes = {path.rpartition("/")[2] for path in listed}
        self.assertIn("exchange.submit", codes)
        self.assertNotIn("work_item.open", codes)
        matrix = self.env["hc.integration.rights.wizard"]._get_matrix()
        rows = {row["name"]: row["may"] for _title, part in matrix["sections"] for row in part}
        place = list(matrix["sources"]).index(self.source)
        self.assertEqual((rows["work_item.open"][place], rows["case.fetch"][place]), (False, True))
        with self.assertRaisesRegex(ValidationError, "No operation"):
            self.source.allowed_operations = "exchange.sumbit"

    def test_a_system_for_which_nothing_is_named_calls_nothing(self):
        self.source.allowed_operations = False
        answer = self._call()
        self.assertEqual((answer.status_code, answer.json()["code"]), (403, "access_denied"))

    def test_calls_are_counted_like_messages(self):
        fast = create_source(self, "fast-system")
        fast.rate_per_minute = 1
        key = self.env["hc.integration.key"]._issue(fast, "fast", 30)
        answers = [self._call(key, number=f"hostile-{number}") for number in range(3)]
        self.assertEqual([answer.status_code for answer in answers], [200, 429, 429])
        self.assertEqual(answers[1].json()["code"], "rate_exceeded")
        self.assertGreater(int(answers[1].headers["Retry-After"]), 0)

    def test_a_key_that_nobody_has_on_record_is_void(self):
        keys_sudo = self.env["res.users.apikeys"].with_user(self.user).sudo()
        end = self.env.cr.now() + timedelta(days=1)
        for scope in (OPERATION_SCOPE, None):
            with self.subTest(scope=scope):
                self._assert_refused(401, "unauthorized", keys_sudo._generate(scope, "mine", end))

    def test_a_copy_of_the_database_takes_no_key_of_the_original(self):
        for query in get_neutralization_queries(["hc_integration"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertEqual(self.source.key_ids.state, "revoked")
        self.source.action_activate()
        self._assert_refused(401, "unauthorized")

    def test_a_key_acts_in_the_company_of_its_system(self):
        company = self.env["res.company"].create({"name": "Second Clinic"})
        user = self._create_user("two.companies", "integration")
        user.company_ids |= company
        secret = self.env["hc.secret"].create(
            {"name": "second", "code": "inbound.second", "value": "another-secret-of-tests"}
        )
        source = self.env["hc.integration.source"].create(
            {
                "name": "Second",
                "code": "second-system",
                "company_id": company.id,
                "user_id": user.id,
                "secret_id": secret.id,
            }
        )
        source.action_activate()
        key = self.env["hc.integration.key"]._issue(source, "second", 30)
        answer = self._call(key, number="hostile-0002")
        self.assertEqual(answer.status_code, 200, answer.text)
        item = self.env["hc.work.item"].sudo().browse(answer.json()["work_item_id"])
        self.assertEqual(item.company_id, company)
        user.sudo().company_ids = user.company_id
        self._assert_refused(401, "unauthorized", key)
