# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .event_common import START, EventCase
from .test_event_encounter import COMPLETED, VISIT, charges


@tagged("post_install", "-at_install")
class TestEventManual(EventCase):
    """A system is down: people enter its events, and the late ones are matched with them."""

    def _enter(self, type_name, values, user=None, **vals):
        """Fill in the form and press the button.

        :param dict values: ``{path: text}``
        :return: the exchange
        """
        entry = (
            self.env["hc.event.entry"]
            .with_user(user or self.clerk)
            .create(
                {
                    "source_id": self.source.id,
                    "event_type": type_name,
                    "occurred_at": START,
                    **vals,
                }
            )
        )
        by_path = {line.path: line for line in entry.line_ids}
        for path, value in values.items():
            by_path[path].value = value
        action = entry.action_enter()
        return self.env["hc.exchange"].browse(action["res_id"])

    def test_entered_by_hand_then_late_has_one_effect(self):
        manual = self._enter("encounter.completed.v1", COMPLETED)
        self.assertEqual((manual.state, manual.event_outcome), ("done", "applied"))
        self.assertTrue(manual.is_manual)
        self.assertEqual(manual.create_uid, self.clerk)
        visit = self.env["hc.encounter"].search([("number", "=", "V-1")])
        count = visit.transition_count
        late = self._send("encounter.completed", COMPLETED, 60)
        self.assertEqual((late.state, late.event_outcome), ("done", "matched"))
        self.assertEqual(late.matched_id, manual)
        self.assertEqual(visit.transition_count, count)
        self.assertFalse(self._items("event", late))

    def test_a_charge_by_hand_is_not_doubled(self):
        told = charges("C1")
        values = {name: value for name, value in told.items() if name != "charges"}
        charge = told["charges"][0]
        values |= {
            f"charges/0/{name}": " ".join(value) if isinstance(value, list) else value
            for name, value in charge.items()
        }
        self._enter("charge.posted.v1", values)
        late = self._send("charge.posted", told, 60)
        self.assertEqual(late.event_outcome, "matched")
        visit = self.env["hc.encounter"].search([("number", "=", "V-1")])
        self.assertEqual(len(visit.service_line_ids), 1)

    def test_a_late_event_that_says_otherwise_is_matched_and_asked_about(self):
        self._enter("encounter.completed.v1", COMPLETED)
        late = self._send(
            "encounter.completed", {**COMPLETED, "completed_at": "2026-03-02T17:00:00Z"}, 60
        )
        self.assertEqual(late.event_outcome, "matched")
        self.assertIn("completed_at", self._items("event", late).description)
        visit = self.env["hc.encounter"].search([("number", "=", "V-1")])
        self.assertEqual(visit.ended_at.hour, 15)

    def test_an_event_matches_one_entry_only(self):
        self._enter("encounter.completed.v1", COMPLETED)
        self._send("encounter.completed", COMPLETED, 60)
        correction = {**COMPLETED, "completed_at": "2026-03-02T17:00:00Z"}
        second = self._send("encounter.completed", correction, 90)
        self.assertEqual(second.event_outcome, "applied")

    def test_entering_what_came_already_is_matched(self):
        self._send("encounter.completed", COMPLETED, 1)
        manual = self._enter("encounter.completed.v1", COMPLETED)
        self.assertEqual(manual.event_outcome, "matched")

    def test_nobody_gains_a_right_by_the_form(self):
        """Approving codes is the coder's, by hand as by button."""
        self._create_encounter("V-1")
        with self.assertRaises(UserError):
            self._enter("coding.approved.v1", VISIT)
        visit = self.env["hc.encounter"].search([("number", "=", "V-1")])
        self.assertEqual(visit.coding_state, "open")

    def test_mistakes_are_told_with_their_path_and_nothing_is_kept(self):
        before = self.env["hc.exchange"].search_count([])
        with self.assertRaisesRegex(UserError, "/completed_at"):
            self._enter("encounter.completed.v1", {**COMPLETED, "completed_at": "noon"})
        self.assertEqual(self.env["hc.exchange"].search_count([]), before)

    def test_what_is_entered_has_happened(self):
        with self.assertRaisesRegex(UserError, "ahead"):
            self._enter("encounter.completed.v1", COMPLETED, occurred_at="2099-01-01 00:00:00")

    def test_others_do_not_read_what_somebody_is_entering(self):
        entry = (
            self.env["hc.event.entry"]
            .with_user(self.clerk)
            .create({"source_id": self.source.id, "event_type": "coding.approved.v1"})
        )
        other = self._create_user("event.other", "clerk", "phi")
        with self.assertRaises(AccessError):
            entry.with_user(other).read(["event_type"])
