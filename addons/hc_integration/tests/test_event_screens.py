# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .event_common import EventCase

_WATCHERS = ("operations", "compliance", "administrator")
_ROLES = ("clerk", "coder", "collector", "manager", *_WATCHERS)


@tagged("post_install", "-at_install")
class TestEventScreens(EventCase):
    """Who sees what of connected systems and of what they say."""

    def _event_about_a_visit(self):
        data = {
            "facility_code": "RIV",
            "encounter_number": "SCREEN-1",
            "patient_mrn": self.patient.mrn,
            "started_at": "2026-03-03T07:00:00",
            "completed_at": "2026-03-03T07:30:00",
        }
        event = self._send("encounter.completed", data)
        self.assertEqual(event.state, "done", event.error)
        return event

    def test_every_role_opens_a_connected_system(self):
        for role in _ROLES:
            with self.subTest(role=role):
                user = self._create_user(f"screen.{role}", role)
                form = Form(self.source.with_user(user))
                self.assertEqual(form.name, self.source.name)
                arch = self.source.with_user(user).get_view(view_type="form")["arch"]
                self.assertEqual("refusal_ids" in arch, role in _WATCHERS)

    def test_only_who_may_write_sees_the_buttons(self):
        for role, seen in (("clerk", False), ("operations", True)):
            user = self._create_user(f"button.{role}", role)
            view = self.source.with_user(user).get_view(view_type="form")
            buttons = etree.fromstring(view["arch"]).xpath("//button[@name='action_pause']")
            self.assertEqual(bool(buttons), seen, role)

    def test_clerks_see_events_of_their_visits(self):
        event = self._event_about_a_visit()
        self.assertEqual(event.encounter_id.facility_id, self.facility)
        self.assertEqual(event.patient_id, event.encounter_id.patient_id)
        own = self._create_user("events.own", "clerk", facilities=self.facility)
        self.assertEqual(event.with_user(own).event_outcome, "applied")
        self.assertEqual(event.encounter_id.with_user(own).event_count, 1)
        action = event.encounter_id.with_user(own).action_open_events()
        self.assertEqual(self.env["hc.exchange"].with_user(own).search(action["domain"]), event)

    def test_others_do_not(self):
        event = self._event_about_a_visit()
        elsewhere = self._create_facility("Elsewhere", "ELSE", "1679576722")
        for user in (
            self._create_user("events.elsewhere", "clerk", facilities=elsewhere),
            self._create_user("events.coder", "coder", facilities=self.facility),
            self._create_user("events.system", "integration", facilities=self.facility),
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                event.with_user(user).read(["event_outcome"])

    def test_reasons_of_refusals_have_words(self):
        refusals = self.env["hc.integration.refusal"]
        refusals._add_counts({(self.source.id, "signature_wrong"): 2, (None, "new_code"): 1})
        rows = refusals.search([("reason", "in", ("signature_wrong", "new_code"))])
        advice = {row.reason: row.advice for row in rows}
        self.assertIn("secret", advice["signature_wrong"])
        self.assertFalse(advice["new_code"], "an unknown code shows itself")
