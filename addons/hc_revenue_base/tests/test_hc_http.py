# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.sql_db import Cursor
from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tests.test_cursor import TestCursor

from ..models.hc_http import HttpCallError
from .http_common import HOST, LOCALHOST, Authority, serving


@tagged("post_install", "-at_install")
class TestHcHttp(TransactionCase):
    """Calls of the suite: allowances of two people, a breaker for all processes, a log."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = cls.enterClassContext(serving())

    def setUp(self):
        super().setUp()
        # Breaker and log work in transactions of their own: here, in the one of the test.
        self.enterContext(self.enter_registry_test_mode())
        self.proposer, self.approver = (
            new_test_user(self.env, login, "hc_revenue_base.group_hc_administrator")
            for login in ("http.proposer", "http.approver")
        )
        self.http = self.env["hc.http"]
        self.enterContext(
            patch.object(type(self.http), "_resolver", staticmethod(lambda *_: [LOCALHOST]))
        )
        self.server.health = 200
        self.url = f"http://{HOST}:{self.server.port}"

    def _propose(self, **vals):
        vals = {
            "target": HOST,
            "port": self.server.port,
            "allows_plain": True,
            "reason": "The payer's test server",
            "expires_on": "2099-12-31",
            **vals,
        }
        return self.env["hc.http.allowance"].with_user(self.proposer).create(vals)

    def _allow(self, **vals):
        allowance = self._propose(**vals)
        allowance.with_user(self.approver).action_approve()
        return allowance

    def _send(self, path="ok", method="GET", **options):
        return self.http._send(method, f"{self.url}/{path}", purpose="test", **options)

    def _refused(self, code, *arguments, **options):
        """Not by assertRaises: its savepoint would undo what is committed besides."""
        try:
            answer = self._send(*arguments, **options)
        except HttpCallError as error:
            self.assertEqual(error.code, code, error)
            return error
        return self.fail(f"answered with {answer.status}")

    def _get_calls(self):
        return self.env["hc.http.call"].search([("purpose", "=", "test")])

    def _get_host(self):
        self.env.invalidate_all()
        return self.env["hc.http.host"].search([("host", "=", HOST)])

    def _let_pass(self, **duration):
        """Go on at a later moment, for everybody who asks a cursor."""
        now = self.env.cr.now() + timedelta(**duration)
        for cursor_class in (Cursor, TestCursor):
            self.enterContext(patch.object(cursor_class, "now", lambda _cursor: now))

    def test_a_private_host_is_called_only_after_a_second_person_agreed(self):
        self._refused("address_refused")
        allowance = self._propose()
        self._refused("address_refused")
        with self.assertRaisesRegex(UserError, "cannot approve it"):
            allowance.action_approve()
        self._refused("address_refused")
        allowance.with_user(self.approver).action_approve()
        self.assertEqual(self._send().body, b"fine")
        allowance.action_revoke()
        self._refused("address_refused")

    def test_an_expired_allowance_allows_nothing(self):
        with self.assertRaisesRegex(UserError, "has expired"):
            self._allow(expires_on="2020-01-01")
        allowance = self._allow()
        self.env.cr.execute(
            "UPDATE hc_http_allowance SET expires_on = '2020-01-01' WHERE id = %s", [allowance.id]
        )
        self.env.invalidate_all()
        self.assertTrue(allowance.is_expired)
        self._refused("address_refused")

    def test_what_was_proposed_stays_as_it_was_agreed_to(self):
        allowance = self._allow()
        for vals in ({"target": "10.0.0.1"}, {"port": 0}, {"expires_on": "2199-01-01"}):
            with self.assertRaises(AccessError):
                allowance.write(vals)
        facts = self.env["hc.transition"].search(
            [("res_model", "=", "hc.http.allowance"), ("res_id", "=", allowance.id)]
        )
        self.assertEqual({entry.facts["target"] for entry in facts}, {HOST})

    def test_allowances_are_narrow_and_readable(self):
        for vals, words in (
            ({"target": "10.0.0.0/8"}, "too broad"),
            ({"target": "169.254.169.254"}, "can never be called"),
            ({"target": "http://x/"}, "neither a host name"),
            ({"ca_certificates": "no certificate"}, "cannot be read"),
            ({"target": "10.1.0.0/24", "ca_certificates": Authority().pem}, "is a range"),
        ):
            with self.subTest(vals), self.assertRaisesRegex(ValidationError, words):
                self._propose(**vals)
        self.assertEqual(self._propose(target=" 10.1.2.3 ").target, "10.1.2.3/32")

    def test_an_authority_of_one_s_own_is_trusted_once_approved(self):
        authority = Authority()
        with serving(authority.context_for(HOST)) as server:
            self.url = f"https://{HOST}:{server.port}"
            self._allow(port=server.port, allows_plain=False)
            self._refused("certificate_invalid")
            self._allow(port=server.port, allows_plain=False, ca_certificates=authority.pem)
            self.assertEqual(self._send().body, b"fine")

    def test_each_call_leaves_digests_and_no_content(self):
        self._allow()
        self._send("status/404/?patient=Doe", "POST", body=b"secret payload")
        call = self._get_calls()
        self.assertEqual((call.host, call.method, call.status), (HOST, "POST", 404))
        self.assertEqual((call.outcome, call.request_bytes), ("refused", 14))
        self.assertEqual(len(call.request_digest), 64)
        self.assertEqual(call.user_id, self.env.user)
        self.assertFalse({"Doe", "secret payload"} & set(map(str, call.read()[0].values())))
        self.assertNotIn("Doe", str(call.read()))

    def test_calls_that_were_refused_are_logged_too(self):
        self._refused("address_refused")
        self.url = "https://user:pass@x"
        self._refused("url_invalid")
        calls = self._get_calls()
        self.assertEqual(set(calls.mapped("error")), {"address_refused", "url_invalid"})
        self.assertNotIn("pass", str(calls.read()))

    def test_the_breaker_opens_tries_once_and_closes(self):
        self._allow()
        self.server.health = 500
        for _call in range(5):
            self.assertEqual(self._send("health").status, 500)
        self.assertEqual((self._get_host().state, self._get_host().last_error), ("open", "500"))
        served = len(self.server.seen)
        self.assertTrue(self._refused("circuit_open", "health").may_retry)
        self.assertEqual(len(self.server.seen), served)
        self._let_pass(minutes=5)
        self.assertEqual(self._send("health").status, 500)
        self.assertEqual((self._get_host().state, self._get_host().openings), ("open", 2))
        self._refused("circuit_open", "health")
        self.server.health = 200
        self._let_pass(minutes=10)
        self.assertEqual(self._send("health").status, 200)
        self.assertEqual((self._get_host().state, self._get_host().failures), ("closed", 0))

    def test_while_one_call_tries_others_wait(self):
        self._allow()
        for _call in range(5):
            self._send("status/503")
        self._let_pass(minutes=5)
        hosts = self.env["hc.http.host"]
        self.assertFalse(hosts._in_own_transaction("_admit", HOST, self.server.port))
        self.assertEqual(self._get_host().state, "half_open")
        self._refused("circuit_open")

    def test_a_host_that_asks_for_time_gets_it(self):
        self._allow()
        self._send("status/429/120")
        host = self._get_host()
        self.assertEqual(host.state, "open")
        self.assertGreaterEqual(host.until, self.env.cr.now() + timedelta(seconds=119))

    def test_operations_end_a_pause(self):
        self._allow()
        self._send("status/429/120")
        operator = new_test_user(self.env, "http.operator", "hc_revenue_base.group_hc_operations")
        host = self._get_host().with_user(operator)
        with self.assertRaises(AccessError):
            host.write({"state": "closed"})
        host.action_end_pause()
        self.env.flush_all()
        self.assertEqual(self._send().status, 200)
        entry = self.env["hc.transition"].search(
            [("res_model", "=", "hc.http.host"), ("res_id", "=", host.id)]
        )
        self.assertEqual((entry.kind, entry.actor_id), ("override", operator))

    def test_a_refused_address_says_nothing_about_the_host(self):
        for _call in range(6):
            self._refused("address_refused")
        self.assertFalse(self._get_host().filtered(lambda host: host.state != "closed"))

    def test_a_neutralized_copy_calls_nobody(self):
        self._allow()
        self.env["ir.config_parameter"].sudo().set_param("database.is_neutralized", True)
        served = len(self.server.seen)
        self._refused("calls_disabled")
        self.assertEqual(len(self.server.seen), served)

    def test_an_observed_run_calls_nobody_and_leaves_no_row(self):
        self._allow()
        served, logged = len(self.server.seen), self.env["hc.http.call"].search_count([])
        automations = type(self.env["hc.automation"])
        with patch.object(automations, "_is_observing", lambda self: True):
            self._refused("calls_observed")
        self.assertEqual(len(self.server.seen), served)
        self.assertEqual(self.env["hc.http.call"].search_count([]), logged)

    def test_who_may_see_and_do_what(self):
        clerk = new_test_user(self.env, "http.clerk", "hc_revenue_base.group_hc_manager")
        operator = new_test_user(self.env, "http.operator", "hc_revenue_base.group_hc_operations")
        allowance = self._propose()
        self._refused("address_refused")
        for model in ("hc.http.call", "hc.http.host", "hc.http.allowance"):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(clerk).search([("id", ">", 0)])
        call = self._get_calls().with_user(self.approver)
        attempts = (
            lambda: call.write({"error": ""}),
            call.unlink,
            allowance.with_user(operator).action_approve,
        )
        for attempt in attempts:
            with self.assertRaises(AccessError):
                attempt()


@tagged("post_install", "-at_install")
class TestUsageLog(TransactionCase):
    """What was used stays on record whatever becomes of the caller."""

    def test_a_row_is_there_before_the_caller_is_done(self):
        purpose = "test of the usage log"
        self.addCleanup(self._delete, purpose)
        self.env["hc.http.call"]._record({"purpose": purpose})
        with self.registry.cursor() as cr:
            cr.execute("SELECT count(*) FROM hc_http_call WHERE purpose = %s", [purpose])
            self.assertEqual(cr.fetchone(), (1,))

    def _delete(self, purpose):
        with self.registry.cursor() as cr:
            cr.execute("DELETE FROM hc_http_call WHERE purpose = %s", [purpose])

    def test_old_calls_are_deleted_after_the_days_that_the_office_sets(self):
        calls = self.env["hc.http.call"]
        for days in (29, 31):
            calls.create(
                {"purpose": f"age {days}", "occurred_at": self.env.cr.now() - timedelta(days=days)}
            )
        self.env["ir.config_parameter"].sudo().set_param("hc_revenue_base.http_call_days", "30")
        calls._gc_old_rows()
        left = calls.search([("purpose", "=like", "age %")])
        self.assertEqual(left.mapped("purpose"), ["age 29"])
