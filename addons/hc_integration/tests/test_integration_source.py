# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.tests.common import HcCommon

from .sample_records import create_source


@tagged("post_install", "-at_install")
class TestIntegrationSource(HcCommon):
    """A connected system fails closed: no secret, no user, no entry."""

    def test_without_secret_or_user_nothing_is_connected(self):
        source = self.env["hc.integration.source"].create({"name": "X", "code": "no-secret"})
        with self.assertRaisesRegex(UserError, "integration user") as refusal:
            source.action_activate()
        self.assertIn("secret", str(refusal.exception))
        self.assertEqual(source.state, "draft")

    def test_a_secret_without_value_does_not_count(self):
        user = self._create_user("empty.secret", "integration")
        secret = self.env["hc.secret"].create({"name": "Empty", "code": "inbound.empty"})
        source = self.env["hc.integration.source"].create(
            {"name": "X", "code": "empty-one", "user_id": user.id, "secret_id": secret.id}
        )
        with self.assertRaisesRegex(UserError, "secret that has a value"):
            source.action_activate()

    def test_a_source_acts_as_an_integration_user_only(self):
        clerk = self._create_user("source.clerk", "clerk")
        with self.assertRaisesRegex(ValidationError, "least privilege"):
            self.env["hc.integration.source"].create(
                {"name": "X", "code": "as-clerk", "user_id": clerk.id}
            )

    def test_its_code_is_part_of_an_address(self):
        for code in ("A", "ab", "with space", "../x", "x" * 65, "-abc", "abc-"):
            with self.subTest(code=code), self.assertRaises(ValidationError):
                self.env["hc.integration.source"].create({"name": "X", "code": code})

    def test_pausing_and_going_on(self):
        source = create_source(self, "pausing-one")
        source.action_pause()
        self.assertEqual(source.state, "paused")
        source.action_activate()
        source.action_retire()
        with self.assertRaises(UserError):
            source.action_activate()

    def test_operations_pause_and_administrators_connect(self):
        operations = self._create_user("source.operations", "operations")
        source = create_source(self, "two-roles")
        watched = source.with_user(operations)
        watched.action_pause()
        watched.action_activate()
        with self.assertRaisesRegex(AccessError, "billing administrator"):
            watched.action_retire()
        self.assertEqual(source.state, "active")
        secret = self.env["hc.secret"].create(
            {
                "name": "Draft",
                "code": "inbound.still-draft",
                "value": "whsec_c2VjcmV0LW9mLWEtZHJhZnQ=",
            }
        )
        draft = self.env["hc.integration.source"].create(
            {
                "name": "Draft",
                "code": "still-draft",
                "user_id": source.user_id.id,
                "secret_id": secret.id,
            }
        )
        with self.assertRaisesRegex(AccessError, "billing administrator"):
            draft.with_user(operations).action_activate()
        administrator = self._create_user("source.administrator", "administrator")
        draft.with_user(administrator).action_activate()
        self.assertEqual(draft.state, "active")
