# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import io
import json
import logging
import sys

from odoo.tests import HttpCase, TransactionCase, tagged

from ..tools import json_logs

TRACE = "0af7651916cd43dd8448eb211c80319c"


def _make_record(name, message, *arguments, error=None):
    return logging.LogRecord(name, logging.ERROR, "x.py", 1, message, arguments, error)


@tagged("post_install", "-at_install")
class TestJsonLogs(TransactionCase):
    """Lines for machines: what happened where, and nobody's name."""

    def _format(self, *arguments, **options):
        record = _make_record(*arguments, **options)
        text = json_logs.JsonFormatter().format(record)
        self.assertNotIn("\n", text)
        return json.loads(text)

    def test_own_messages_are_written_out_and_others_as_their_template(self):
        own = self._format("odoo.addons.hc_claims.models.x", "claim %s is late", 7)
        self.assertEqual(own["message"], "claim 7 is late")
        other = self._format("odoo.sql_db", "bad query: %s\nERROR: %s", "SELECT 'Jane Roe'", "x")
        self.assertNotIn("Jane", json.dumps(other))
        joined = self._format("odoo.http", "Bad query: SELECT 'Jane Roe'\nmore of Jane Roe")
        self.assertNotIn("Jane", json.dumps(joined))

    def test_an_error_is_told_by_type_and_place(self):
        try:
            raise ValueError("Jane Roe has no coverage")
        except ValueError:
            line = self._format("odoo.http", "failed", error=sys.exc_info())
        self.assertEqual(line["error"], "ValueError")
        self.assertIn("test_json_logs.py", line["places"][-1])
        self.assertNotIn("Jane", json.dumps(line))

    def test_a_trace_id_is_taken_over_where_it_is_one(self):
        self.assertEqual(json_logs.begin_trace(f"00-{TRACE}-b7ad6b7169203331-01"), TRACE)
        self.assertEqual(self._format("odoo", "x")["trace_id"], TRACE)
        for nonsense in ("", None, "x", f"00-{'0' * 32}-b7ad6b7169203331-01", f"00-{TRACE}-x-01\n"):
            trace = json_logs.begin_trace(nonsense)
            self.assertRegex(trace, r"^[0-9a-f]{32}$")
            self.assertNotEqual(trace, TRACE)

    def test_switched_on_by_the_variable_only(self):
        logger = logging.getLogger()
        handler = logging.StreamHandler(io.StringIO())
        logger.addHandler(handler)
        self.addCleanup(logger.removeHandler, handler)
        others = {each: each.formatter for each in logger.handlers}
        json_logs.install()
        self.assertEqual({each: each.formatter for each in logger.handlers}, others)


@tagged("post_install", "-at_install")
class TestTrace(HttpCase):
    def test_every_request_has_a_trace_id(self):
        seen = []
        begin = json_logs.begin_trace
        self.patch(
            sys.modules["odoo.addons.hc_revenue_insights.models.ir_http"],
            "begin_trace",
            lambda header: seen.append(begin(header)),
        )
        headers = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}
        self.url_open("/hc/v1/health/live", headers=headers)
        self.assertEqual(seen, [TRACE])
