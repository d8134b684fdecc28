# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .outbox_common import EventCase
from .sample_records import create_source


@tagged("post_install", "-at_install")
class TestHostileRoles(EventCase):
    """Who watches connections can stop them, and can neither redirect nor open them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = create_source(cls, "watched-system")

    def test_operations_cannot_have_a_key_sent_elsewhere(self):
        subscription = self._subscribe()
        subscription.action_pause()
        key = self.env["hc.secret"].create(
            {"name": "k", "code": "outbound.key", "value": "a-key-that-opens"}
        )
        header = {"name": "Authorization", "prefix": "Bearer", "secret_id": key.id}
        subscription.header_ids = [(0, 0, header)]
        watched = subscription.with_user(self.operator)
        for vals in (
            {"url": f"{subscription.url}/elsewhere"},
            {"secret_id": key.id},
            {"type_ids": [(5,)]},
            {"facility_ids": [(6, 0, self.facility.ids)]},
            {"header_ids": [(5,)]},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                watched.write(vals)
        watched.action_ping()
        self.assertFalse([path for path in self.server.seen if "elsewhere" in str(path)])
        watched.action_activate()
        watched.action_pause()
        with self.assertRaises(AccessError):
            watched.action_disable()
        subscription.action_disable()
        with self.assertRaises(AccessError):
            watched.action_activate()

    def test_operations_cannot_change_who_a_system_is(self):
        other = self._create_user("watched.other", "integration")
        watched = self.source.with_user(self.operator)
        for vals in (
            {"user_id": other.id},
            {"secret_id": False},
            {"scheme": "bearer"},
            {"facility_ids": [(6, 0, self.facility.ids)]},
            {"allowed_event_types": False},
            {"fhir_base_url": "https://elsewhere.example"},
            {"max_body_kilobytes": 51200},
        ):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                watched.write(vals)
        watched.write({"playbook": "<p>Call them</p>", "contact": "555-0100"})

    def test_operations_pause_and_neither_connect_nor_disconnect(self):
        watched = self.source.with_user(self.operator)
        watched.action_pause()
        watched.action_activate()
        with self.assertRaises(AccessError):
            watched.action_retire()
        draft = self.source.copy({"code": "watched-draft"})
        with self.assertRaises(AccessError):
            draft.with_user(self.operator).action_activate()
        self.assertEqual((self.source.state, draft.state), ("active", "draft"))
        self.source.with_user(self.administrator).action_retire()
        self.assertEqual(self.source.state, "retired")

    def test_their_forms_show_what_they_cannot_change(self):
        for user, expected in ((self.operator, True), (self.administrator, False)):
            with self.subTest(user=user.login):
                described = self.env["hc.event.subscription"].with_user(user).fields_get(["url"])
                self.assertEqual(described["url"]["readonly"], expected)

    def test_what_a_system_acts_as_is_no_administrator(self):
        """The border acts as the user: who may configure could be told to."""
        for role in ("administrator", "compliance"):
            user = self._create_user(f"mighty.{role}", "integration", role)
            with self.subTest(role=role), self.assertRaisesRegex(ValidationError, "least"):
                self.source.user_id = user
        with self.assertRaisesRegex(ValidationError, "least"):
            system = self._create_user("mighty.system", "integration")
            system.group_ids += self.env.ref("base.group_system")
            self.source.user_id = system

    def test_a_forged_context_changes_nothing(self):
        forged = self.source.with_user(self.operator).with_context(
            su=True, install_mode=True, tracking_disable=True, force_write=True
        )
        with self.assertRaises(AccessError):
            forged.write({"scheme": "bearer"})

    def test_two_systems_share_no_secret(self):
        """A signature covers no address: sent to the other one it would be good there."""
        twin = self.source.copy({"code": "watched-twin", "user_id": self.source.user_id.id})
        with self.assertRaisesRegex(ValidationError, "secret already"):
            twin.action_activate()
        self.source.action_retire()
        twin.action_activate()
        self.assertEqual(twin.state, "active")
