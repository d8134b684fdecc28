# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from types import SimpleNamespace
from unittest.mock import patch

from odoo import http
from odoo.tests import HttpCase, tagged

from ..controllers import standby


@tagged("post_install", "-at_install")
class TestStandby(HttpCase):
    """Without a database a sender is asked to come again; with one nothing changes."""

    def test_every_address_of_the_border_is_known_without_a_database(self):
        addresses = http.root.nodb_routing_map.bind("here")
        for method, path in (
            ("POST", "/hc/v1/inbound/clinic"),
            ("POST", "/hc/v1/operations/work_item.open"),
            ("GET", "/hc/v1/openapi.json"),
        ):
            rule, arguments = addresses.match(path, method=method, return_rule=True)
            with patch.object(standby, "request", SimpleNamespace(db=None)):
                answer = rule.endpoint(**arguments)
            self.assertEqual(answer.status_code, 503, path)
            self.assertEqual(answer.headers["Retry-After"], "30")
            self.assertEqual(answer.content_type, "application/problem+json")
            self.assertEqual(answer.json["code"], "unavailable")

    def test_with_a_database_it_answers_nothing(self):
        for method, path, status in (
            ("GET", "/hc/v1/inbound/clinic", 405),
            ("POST", "/hc/v1/nothing", 404),
        ):
            data = b"{}" if method == "POST" else None
            answer = self.url_open(path, data=data, method=method)
            self.assertEqual(answer.status_code, status, path)
