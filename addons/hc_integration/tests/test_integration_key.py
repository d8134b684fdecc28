# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.tests.common import HcCommon

from ..models.ir_http import OPERATION_SCOPE
from .sample_records import create_source


@tagged("post_install", "-at_install")
class TestIntegrationKey(HcCommon):
    """Keys of connected systems: of one scope, with an end, on record."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = create_source(cls, "keyed-system")
        cls.keys = cls.env["hc.integration.key"]

    def _check(self, key, scope=OPERATION_SCOPE):
        return self.env["res.users.apikeys"]._check_credentials(scope=scope, key=key)

    def test_a_key_opens_the_operations_and_nothing_else(self):
        key = self.keys._issue(self.source, "nightly", 30)
        self.assertEqual(self._check(key), self.source.user_id.id)
        self.assertFalse(self._check(key, scope="rpc"))

    def test_a_key_ends(self):
        for days in (0, -1, 366):
            with self.subTest(days=days), self.assertRaisesRegex(UserError, "1 to 365"):
                self.keys._issue(self.source, "x", days)
        key = self.keys._issue(self.source, "short", 1)
        record = self.source.key_ids[0]
        self.env.cr.execute(
            "UPDATE res_users_apikeys SET expiration_date = now() AT TIME ZONE 'utc' "
            "- interval '1 minute' WHERE id = %s",
            [record.key_number],
        )
        self.assertFalse(self._check(key))
        record._write_guarded({"expires_at": self.env.cr.now() - timedelta(minutes=1)})
        self.keys._cron_watch_keys()
        self.assertEqual(record.state, "ended")

    def test_a_revoked_key_opens_nothing(self):
        key = self.keys._issue(self.source, "leaked", 30)
        record = self.source.key_ids[0]
        record.action_revoke()
        self.assertEqual(record.state, "revoked")
        self.assertFalse(self._check(key))

    def test_only_administrators_make_and_revoke(self):
        self.keys._issue(self.source, "x", 30)
        record = self.source.key_ids[0]
        for role in ("clerk", "manager", "compliance", "operations", "integration"):
            user = self._create_user(f"keys.{role}", role)
            with self.subTest(role=role), self.assertRaises(AccessError):
                record.with_user(user).action_revoke()
            with self.subTest(role=role), self.assertRaises(AccessError):
                self.env["hc.integration.key.wizard"].with_user(user).create(
                    {"source_id": self.source.id, "name": "mine"}
                )

    def test_a_key_that_ends_soon_is_work_once(self):
        self.keys._issue(self.source, "soon", 10)
        self.keys._issue(self.source, "later", 60)
        for _run in range(2):
            self.keys._cron_watch_keys()
        items = self.env["hc.work.item"].search([("res_model", "=", "hc.integration.key")])
        self.assertEqual(len(items), 1)
        self.assertIn("soon", items.name)

    def test_the_matrix_says_who_may_what(self):
        html = str(self.env["hc.integration.rights.wizard"].create({}).matrix)
        self.assertIn(self.source.name, html)
        self.assertIn("work_item.open", html)
        matrix = self.env["hc.integration.rights.wizard"]._get_matrix()
        rows = {row["name"]: row["may"] for _title, part in matrix["sections"] for row in part}
        place = list(matrix["sources"]).index(self.source)
        self.assertTrue(rows["work_item.open"][place])
        operations = self.env["hc.operation"].with_user(self.source.user_id)
        callable_codes = {entry.code for entry in operations._get_callable_operations()}
        for code in {entry.code for entry in operations._get_operations()}:
            self.assertEqual(rows[code][place], code in callable_codes, code)
