# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import itertools
import json
from datetime import datetime
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.hc_revenue_base.tests.http_common import (
    HOST,
    LOCALHOST,
    Authority,
    Handler,
    serving,
)

from . import fhir_samples as samples
from .fhir_common import FhirCommon

NOW = datetime(2026, 3, 2, 21)


def _answer_fhir(handler, rest):
    """A FHIR server of the test: one entry a page, filtered by ``_lastUpdated``."""
    query = parse_qs(urlsplit(handler.path).query)
    server = handler.server
    if server.health != 200:
        handler._answer(server.health, b"{}")
        return
    lower, upper = (bound[2:] for bound in query["_lastUpdated"])
    found = [
        resource
        for resource in server.resources
        if resource["resourceType"] == rest.split("/")[-1]
        and lower <= resource.get("meta", samples.meta(1))["lastUpdated"] < upper
    ]
    page = int(query.get("page", ["0"])[0])
    links = []
    if page + 1 < len(found):
        links = [{"relation": "next", "url": server.next_url(handler.path, page + 1)}]
    content = {
        "resourceType": "Bundle",
        "type": "searchset",
        "link": links,
        "entry": [{"resource": resource} for resource in found[page : page + 1]],
    }
    handler._answer(body=json.dumps(content).encode())


@tagged("post_install", "-at_install")
class TestFhirPoll(FhirCommon):
    """A FHIR server is asked what has changed: page by page, nothing left out, nothing twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        authority = Authority()
        cls.server = cls.enterClassContext(serving(authority.context_for(HOST)))
        cls.pem = authority.pem
        key = cls.env["hc.secret"].create({"name": "K", "code": "fhir.key", "value": "the-key"})
        cls.source.write(
            {
                "fhir_base_url": f"https://{HOST}:{cls.server.port}/fhir/r4",
                "fhir_secret_id": key.id,
                "fhir_cursor": "2026-03-02 19:00:00",
                "is_fhir_polled": True,
            }
        )

    def setUp(self):
        super().setUp()
        # Breaker and log work in transactions of their own: here, in the one of the test.
        self.enterContext(self.enter_registry_test_mode())
        self.enterContext(patch.object(Handler, "_answer_fhir", _answer_fhir, create=True))
        http = type(self.env["hc.http"])
        self.enterContext(patch.object(http, "_resolver", staticmethod(lambda *_: [LOCALHOST])))
        self._allow()
        self.server.resources = [*samples.master_data(), *samples.visit()]
        self.server.seen.clear()
        self.server.health = 200
        self.server.next_url = lambda path, page: (
            f"https://{HOST}:{self.server.port}{path.partition('&page=')[0]}&page={page}"
        )

    def _allow(self):
        proposer, approver = (
            new_test_user(self.env, login, "hc_revenue_base.group_hc_administrator")
            for login in ("fhir.proposer", "fhir.approver")
        )
        allowance = (
            self.env["hc.http.allowance"]
            .with_user(proposer)
            .create(
                {
                    "target": HOST,
                    "port": self.server.port,
                    "ca_certificates": self.pem,
                    "reason": "The test's clinical system",
                    "expires_on": "2099-12-31",
                }
            )
        )
        allowance.with_user(approver).action_approve()

    def _documents(self):
        return self.env["hc.exchange"].search([("source", "=", "clinic-ehr")], order="id")

    def test_what_has_changed_becomes_one_document_and_a_visit(self):
        self.assertFalse(self.source._poll_fhir(NOW))
        exchange = self._documents()
        self.assertEqual(len(exchange), 1)
        self.assertEqual(exchange.create_uid, self.feed)
        self._process(exchange)
        self.assertEqual((exchange.failed_count, exchange.state), (0, "done"), exchange.error)
        self.assertEqual(self._visit().state, "completed")
        self.assertEqual(self._visit().service_line_ids.code_id, self.visit_code)
        self.assertEqual(self.source.fhir_cursor, NOW)
        keys = {headers.get("Authorization") for _method, _path, headers in self.server.seen}
        self.assertEqual(keys, {"Bearer the-key"})

    def test_all_pages_are_asked_for(self):
        self.server.resources += [item for n in ("2", "3") for item in samples.visit(n)]
        self.source._poll_fhir(NOW)
        self._process(self._documents())
        visits = self._visit("1") | self._visit("2") | self._visit("3")
        self.assertEqual(len(visits.service_line_ids), 3)

    def test_a_page_on_another_server_is_never_asked_for(self):
        self.server.resources += samples.visit("2")
        self.server.next_url = lambda path, page: f"https://evil.example/{page}"
        failed = []
        self.assertFalse(self.source._poll_safely(NOW, failed))
        self.assertEqual(failed, ["clinic-ehr"])
        self.assertIn("another server", self.source.fhir_poll_error)
        self.assertFalse(self._documents())
        self.assertEqual(str(self.source.fhir_cursor), "2026-03-02 19:00:00")

    def test_an_outage_is_caught_up_with_a_day_at_a_time(self):
        self.source.fhir_cursor = "2026-02-27 12:00:00"
        self.server.health = 503
        failed = []
        self.assertFalse(self.source._poll_safely(NOW, failed))
        items = self.env["hc.work.item"].search([("res_model", "=", "hc.integration.source")])
        self.assertEqual((len(items), items.state), (1, "open"))
        self.assertEqual(self.source.health, "red")
        self.server.health = 200
        rounds = 1
        while self.source._poll_safely(NOW, failed):
            rounds += 1
        self.assertEqual(rounds, 4)
        self.assertEqual(items.state, "resolved")
        self.assertEqual(self.source.fhir_cursor, NOW)
        self.assertFalse(self.source.fhir_poll_error)
        self.assertEqual(len(self._documents()), 1)

    def test_too_much_is_asked_about_in_parts(self):
        self.server.resources += samples.visit("2")
        with patch("odoo.addons.hc_integration.models.hc_fhir_poll_source.PAGES_MAX", 8):
            self.assertTrue(self.source._poll_fhir(NOW))
            self.assertLess(self.source.fhir_cursor, NOW)

    def test_a_server_that_answers_in_circles_keeps_nobody_waiting(self):
        """Each answer takes half a minute of a clock of the test, and leads to itself."""
        self.server.resources += samples.visit("2")
        self.server.next_url = lambda path, _page: f"https://{HOST}:{self.server.port}{path}"
        failed = []
        clock = "odoo.addons.hc_integration.models.hc_fhir_poll_source.monotonic"
        with patch(clock, side_effect=itertools.count(0, 30)):
            # Each try is committed, and asks for less: none takes longer than a few answers.
            while self.source._poll_safely(NOW, failed):
                self.assertLess(len(self.server.seen), 4)
                self.server.seen.clear()
            self.assertIn("too slowly", self.source.fhir_poll_error)
            self.assertEqual(self.source.fhir_stretch_minutes, 2)
            self.assertEqual(self.source.fhir_tried_at, NOW)
            self.assertFalse(self.source.fhir_polled_at)
            self.assertEqual(str(self.source.fhir_cursor), "2026-03-02 19:00:00")
            # The next run does not begin anew with all that it could not answer.
            self.server.seen.clear()
            self.assertFalse(self.source._poll_safely(NOW, failed))
            self.assertLess(len(self.server.seen), 4)

    def test_who_was_tried_longest_ago_is_asked_first(self):
        """A server that takes all the time of a run takes that of one run, not of every one."""
        other = self.source.copy({"code": "a-later-ehr", "name": "Zzz", "fhir_cursor": NOW})
        key = self.env["hc.secret"].create({"name": "S", "code": "later.ehr", "value": "x" * 20})
        other.secret_id = key
        other.action_activate()
        self.source.fhir_tried_at = NOW
        asked = []

        def note(source, *_arguments):
            asked.append(source.code)

        go_on = patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_, **__: True)
        with go_on, patch.object(type(self.source), "_poll_safely", note):
            self.env["hc.integration.source"]._cron_poll_fhir()
            other.fhir_tried_at = NOW.replace(hour=22)
            self.env["hc.integration.source"]._cron_poll_fhir()
        self.assertEqual(asked, ["a-later-ehr", "clinic-ehr", "clinic-ehr", "a-later-ehr"])

    def test_nobody_is_asked_in_the_name_of_an_archived_user(self):
        self.feed.active = False
        failed = []
        self.assertFalse(self.source._poll_safely(NOW, failed))
        self.assertIn("archived", self.source.fhir_poll_error)
        self.assertFalse(self.server.seen)
        self.assertFalse(self._documents())

    def test_without_address_or_beginning_nothing_is_asked(self):
        for values in ({"fhir_base_url": False}, {"fhir_cursor": False}):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.source.write(values)
        with self.assertRaisesRegex(ValidationError, "https://"):
            self.source.fhir_base_url = "http://plain.example"
