# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo.tests import tagged

from .event_common import EventCase
from .sample_records import create_source
from .test_event_encounter import COMPLETED


@tagged("post_install", "-at_install")
class TestSourceHealth(EventCase):
    """The colour of a system and its reasons; trouble is its owner's work until it ends."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = cls._create_user("health.operator", "operations")
        cls.source.owner_id = cls.operator
        cls.now = cls.env.cr.now().replace(microsecond=0)

    def _watch(self):
        self.env.invalidate_all()
        with self.enter_registry_test_mode():
            self.env.ref("hc_integration.ir_cron_watch_sources").method_direct_trigger()
        self.env.invalidate_all()

    def _get_item(self):
        return self.env["hc.work.item"].search(
            [("dedup_key", "=", f"source_down:{self.source.id}")], order="id desc", limit=1
        )

    def _age(self, exchanges, **ago):
        """As if they had come some time ago."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hc_exchange SET create_date = %s WHERE id = ANY(%s)",
            [self.now - timedelta(**ago), exchanges.ids],
        )
        self.env.invalidate_all()

    def test_a_system_that_works_is_green(self):
        exchange = self._send("encounter.completed", COMPLETED)
        self.assertEqual((self.source.health, self.source.health_reasons), ("green", ""))
        self.assertEqual(self.source.last_success_in_at, exchange.finished_at)
        self.assertEqual(self.source.backlog_count, 0)

    def test_a_system_that_is_not_connected_has_no_colour(self):
        draft = self.env["hc.integration.source"].create({"name": "D", "code": "draft-one"})
        self.assertEqual(draft.health, "none")

    def test_silence_is_red_and_ends_with_the_next_message(self):
        self.source.expected_every_hours = 2
        self.source._write_guarded({"connected_at": self.now - timedelta(hours=1)})
        self.assertEqual(self.source.health, "green")
        self.assertEqual(self.source.next_expected_at, self.now + timedelta(hours=1))
        self.source._write_guarded({"connected_at": self.now - timedelta(hours=3)})
        self.env.invalidate_all()
        self.assertEqual(self.source.health, "red")
        self.assertIn("silent", self.source.health_reasons)
        self._watch()
        item = self._get_item()
        self.assertEqual((item.state, item.severity), ("open", "critical"))
        self.assertEqual(item.activity_ids.user_id, self.operator)
        self.assertTrue(self.source.red_since)
        self._watch()
        self.assertEqual((self._get_item(), len(item.activity_ids)), (item, 1))
        self._send("encounter.completed", COMPLETED)
        self._watch()
        self.assertEqual((self.source.health, item.state), ("green", "resolved"))
        self.assertFalse(item.activity_ids)
        self.assertFalse(self.source.red_since)

    def test_only_the_hours_of_a_calendar_count(self):
        calendar = self.env["resource.calendar"].create({"name": "Closed", "attendance_ids": False})
        self.source.expected_every_hours = 2
        self.source._write_guarded({"connected_at": self.now - timedelta(days=9)})
        self.assertEqual(self.source.health, "red")
        self.source.expected_calendar_id = calendar
        self.env.invalidate_all()
        self.assertEqual(self.source.health, "green")

    def test_what_a_person_enters_does_not_end_the_silence(self):
        self.source.expected_every_hours = 1
        self.source._write_guarded({"connected_at": self.now - timedelta(hours=3)})
        self._send("encounter.completed", COMPLETED, is_manual=True)
        self.env.invalidate_all()
        self.assertEqual(self.source.health, "red")

    def test_what_lies_about_for_hours_is_red(self):
        exchange = self._store("encounter.completed", COMPLETED)
        self.assertEqual((self.source.health, self.source.backlog_count), ("green", 1))
        self._age(exchange, hours=1)
        self.assertEqual(self.source.health, "amber")
        self._age(exchange, hours=5)
        self.assertEqual(self.source.health, "red")
        self.assertEqual(self.source.oldest_unresolved_at, self.now - timedelta(hours=5))
        self.assertIn(self.source, self.source.search([("health", "=", "red")]))
        self.assertNotIn(self.source, self.source.search([("health", "=", "green")]))

    def test_a_paused_system_is_not_expected_to_speak(self):
        self.source.expected_every_hours = 1
        self.source._write_guarded({"connected_at": self.now - timedelta(hours=3)})
        self.source.action_pause()
        self.assertEqual(self.source.health, "amber")
        self.source.action_activate()
        self.assertEqual(self.source.health, "green", "it may be silent for an hour from now on")

    def test_documents_of_the_system_count_as_its_messages(self):
        self.source.expected_every_hours = 1
        self.source._write_guarded({"connected_at": self.now - timedelta(hours=3)})
        self.env["hc.exchange"].with_user(self.source.user_id)._receive(
            "source_totals", self.source.code, "d1", b"x", "d1"
        )
        self.env.invalidate_all()
        self.assertEqual((self.source.health, self.source.backlog_count), ("green", 1))

    def test_the_figures_of_many_cost_no_more_queries(self):
        sources = self.source
        for number in range(3):
            sources += create_source(self, f"further-{number}")
        self._send("encounter.completed", COMPLETED)
        counts = []
        for chosen in (sources[:1], sources):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            chosen.mapped("health")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_the_play_book_is_the_systems_own_or_that_of_its_kind(self):
        self.source.kind = "clearinghouse"
        self.assertIn("timely filing", self.source.shown_playbook)
        self.source.playbook = "<p>Call Ann</p>"
        self.assertIn("Call Ann", self.source.shown_playbook)
        kinds = dict(self.source._fields["kind"].selection)
        books = self.env["hc.integration.playbook"].search([("kind", "in", list(kinds))])
        self.assertEqual(set(books.mapped("kind")), set(kinds))

    def test_nobody_sets_since_when_it_is_in_trouble(self):
        administrator = self._create_user("health.admin", "administrator")
        with self.assertRaisesRegex(Exception, "cannot be set directly"):
            self.source.with_user(administrator).write({"red_since": False})
