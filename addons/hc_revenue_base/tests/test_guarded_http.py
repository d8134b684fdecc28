# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import os
import socket
import time
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ..hc_core.http_errors import OutgoingError
from ..hc_core.network_policy import Allowance, NetworkError
from ..tools import guarded_http
from ..tools.guarded_http import Trust
from ..tools.http_request import Limits
from .http_common import HOST, LOCALHOST, Authority, serving

PLAIN = Trust((Allowance(HOST, 0, plain=True),))
QUICK = Limits(connect_seconds=1, read_seconds=1, total_seconds=0.8, response_bytes=10_000)


@tagged("post_install", "-at_install")
class TestGuardedHttp(BaseCase):
    """The transport against servers of this machine: no part of it is replaced."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.authority = Authority()
        cls.server = cls.enterClassContext(serving())
        cls.tls_server = cls.enterClassContext(serving(cls.authority.context_for(HOST)))
        cls.private = Trust((Allowance(HOST),), {HOST: cls.authority.pem})

    def _send(self, path="ok", *, host=HOST, method="GET", trust=PLAIN, **options):
        options.setdefault("resolver", lambda _host, _port: [LOCALHOST])
        url = f"http://{host}:{self.server.port}/{path}"
        return guarded_http.send(method, url, trust=trust, **options)

    def _send_tls(self, path="ok", *, server=None, **options):
        options = {"trust": self.private, "resolver": lambda *_: [LOCALHOST], **options}
        url = f"https://{HOST}:{(server or self.tls_server).port}/{path}"
        return guarded_http.send("GET", url, **options)

    def _refused(self, code, send, *arguments, **options):
        with self.assertRaises((OutgoingError, NetworkError)) as caught:
            send(*arguments, **options)
        self.assertEqual(caught.exception.code, code, caught.exception.message)
        return caught.exception

    def test_an_allowed_host_answers(self):
        answer = self._send("ok")
        self.assertEqual((answer.status, answer.body), (200, b"fine"))
        self.assertEqual(answer.address, LOCALHOST)

    def test_what_is_sent_arrives_and_nothing_else(self):
        self._send("ok", method="POST", body=b"claim", headers={"X-Trace": "7"})
        method, _path, headers = self.server.seen[-1]
        self.assertEqual((method, self.server.bodies[-1]), ("POST", b"claim"))
        self.assertEqual(headers["X-Trace"], "7")
        self.assertEqual(headers["Host"], f"{HOST}:{self.server.port}")
        self.assertNotIn("Cookie", headers)

    def test_a_private_address_is_refused_before_a_connection_is_made(self):
        before = len(self.server.seen)
        self._refused("address_refused", self._send, trust=Trust())
        self._refused("address_refused", self._send, host=LOCALHOST, trust=Trust())
        for address in ("10.0.0.1", "192.168.1.1", "100.64.0.1", "::1", "::ffff:127.0.0.1"):
            self._refused(
                "address_refused",
                self._send,
                trust=Trust(),
                resolver=lambda *_, found=address: [found],
            )
        self.assertEqual(len(self.server.seen), before)

    def test_metadata_of_the_cloud_is_refused_even_where_allowed(self):
        for address in ("169.254.169.254", "::ffff:169.254.169.254", "fe80::1"):
            self._refused(
                "address_forbidden", self._send, resolver=lambda *_, found=address: [found]
            )

    def test_a_name_server_that_changes_its_mind_gains_nothing(self):
        """DNS rebinding: the address that was judged is the one that is connected to."""
        trust = Trust((Allowance("127.0.0.1/32", plain=True),))
        for answers, code in (
            ([LOCALHOST, "127.0.0.2"], ""),
            (["127.0.0.2", LOCALHOST], "address_refused"),
        ):
            asked = []

            def resolver(host, _port, answers=answers, asked=asked):
                asked.append(host)
                return [answers[len(asked) - 1]]

            if code:
                self._refused(code, self._send, trust=trust, resolver=resolver)
            else:
                answer = self._send(trust=trust, resolver=resolver)
                self.assertEqual(answer.address, LOCALHOST)
            self.assertEqual(asked, [HOST])

    def test_one_private_address_among_public_ones_is_refused(self):
        self._refused(
            "address_refused", self._send, trust=Trust(), resolver=lambda *_: ["9.9.9.9", LOCALHOST]
        )

    def test_the_next_address_is_tried_where_the_first_is_dead(self):
        answer = self._send(resolver=lambda *_: ["127.0.0.2", LOCALHOST])
        self.assertEqual(answer.status, 200)

    def test_plain_http_needs_an_allowance_for_it(self):
        self._refused("tls_required", self._send, trust=Trust((Allowance(HOST),)))

    def test_an_unknown_host(self):
        self._refused("host_unknown", self._send, resolver=lambda *_: [])

    def test_a_closed_port(self):
        with serving() as server:
            port = server.port
        url = f"http://{HOST}:{port}/"
        self._refused(
            "connection_failed",
            guarded_http.send,
            "GET",
            url,
            trust=PLAIN,
            resolver=lambda *_: [LOCALHOST],
        )

    def test_slow_drips_end_at_the_deadline(self):
        for path in ("drip", "dripping"):
            started = time.monotonic()
            with self.subTest(path):
                self._refused("timed_out", self._send, path, limits=QUICK)
                self.assertLess(time.monotonic() - started, 1.5)

    def test_a_slow_drip_under_tls_ends_at_the_deadline(self):
        started = time.monotonic()
        self._refused("timed_out", self._send_tls, "drip", limits=QUICK)
        self.assertLess(time.monotonic() - started, 1.5)

    def test_a_server_that_accepts_and_is_silent(self):
        with socket.create_server((LOCALHOST, 0)) as silent:
            url = f"https://{HOST}:{silent.getsockname()[1]}/"
            started = time.monotonic()
            self._refused(
                "timed_out",
                guarded_http.send,
                "GET",
                url,
                trust=self.private,
                resolver=lambda *_: [LOCALHOST],
                limits=Limits(read_seconds=5, total_seconds=0.5),
            )
            self.assertLess(time.monotonic() - started, 1.2)

    def test_large_answers_are_cut_off(self):
        limits = Limits(response_bytes=10_000)
        self._refused("answer_too_large", self._send, "declared/20000", limits=limits)
        self._refused("answer_too_large", self._send, "endless", limits=limits)

    def test_a_compressed_answer_is_refused(self):
        self._refused("answer_encoded", self._send, "gzip")

    def test_an_answer_that_breaks_off_is_no_answer(self):
        self._refused("connection_failed", self._send, "cut")

    def test_noise_is_no_answer(self):
        self._refused("connection_failed", self._send, "noise")

    def test_redirects_are_answers_unless_they_are_to_be_followed(self):
        self.server.locations["here"] = "/ok"
        self.assertEqual(self._send("redirect/here").status, 302)
        self.assertEqual(self._send("redirect/here", limits=Limits(redirects=1)).body, b"fine")

    def test_every_hop_is_judged(self):
        limits = Limits(redirects=3)
        self.server.locations["inside"] = f"http://{LOCALHOST}:{self.server.port}/ok"
        self._refused("address_refused", self._send, "redirect/inside", limits=limits)
        self.server.locations["round"] = "/redirect/round"
        self._refused("redirect_refused", self._send, "redirect/round", limits=limits)
        self.server.locations["file"] = "file:///etc/passwd"
        self._refused("url_invalid", self._send, "redirect/file", limits=limits)
        self.tls_server.locations["plain"] = f"http://{HOST}:{self.server.port}/ok"
        self._refused("redirect_refused", self._send_tls, "redirect/plain", limits=limits)

    def test_credentials_do_not_follow_to_another_host(self):
        other = "other.test"
        self.server.locations["away"] = f"http://{other}:{self.server.port}/ok"
        trust = Trust((Allowance(HOST, plain=True), Allowance(other, plain=True)))
        headers = {"Authorization": "Bearer x", "X-Trace": "7"}
        self._send("redirect/away", trust=trust, headers=headers, limits=Limits(redirects=1))
        _method, _path, seen = self.server.seen[-1]
        self.assertNotIn("Authorization", seen)
        self.assertEqual(seen["X-Trace"], "7")

    def test_a_certificate_of_one_s_own_authority_is_accepted_where_given(self):
        self.assertEqual(self._send_tls().body, b"fine")

    def test_bad_certificates_are_refused(self):
        unknown = Trust((Allowance(HOST),))
        self._refused("certificate_invalid", self._send_tls, trust=unknown)
        for context in (
            self.authority.context_for("other.test"),
            self.authority.context_for(HOST, age_days=60),
            Authority().context_for(HOST),
        ):
            with serving(context) as server:
                error = self._refused("certificate_invalid", self._send_tls, server=server)
                self.assertNotIn("http", error.message)

    def test_an_authority_is_trusted_for_its_host_only(self):
        trust = Trust((Allowance(HOST),), {"other.test": self.authority.pem})
        self._refused("certificate_invalid", self._send_tls, trust=trust)

    def test_proxies_of_the_environment_are_not_asked(self):
        proxy = f"http://{LOCALHOST}:1"
        names = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY")
        with patch.dict(os.environ, dict.fromkeys(names, proxy)):
            self.assertEqual(self._send().status, 200)

    def test_hostile_headers_are_refused(self):
        for headers in (
            {"X-A": "1\r\nX-B: 2"},
            {"X-A\r\nX-B": "1"},
            {"X-A": "1\n"},
            {"X-A": "ü"},
            {"Host": "x"},
            {"Content-Length": "0"},
            {"Transfer-Encoding": "chunked"},
            {"X-A": "x" * 9000},
            {"": "x"},
            {"X-A": b"x"},
        ):
            with self.subTest(headers):
                self._refused("header_invalid", self._send, headers=headers)

    def test_hostile_addresses_are_refused(self):
        for url in (
            "ftp://payer.test/",
            "file:///etc/passwd",
            "//payer.test/",
            "https://user:pass@payer.test/",
            "https://payer.test@127.0.0.1/",
            "https:///path",
            "https://payer.test:0/",
            "https://payer.test:99999/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://127.1/",
            "https://0177.0.0.1/",
            "https://payer.test/\r\nX: y",
            "https://payer.test/a b",
            "https://payer.test\\@127.0.0.1/",
            "https://[::1%25lo]/",
            "https://[::1/",
            "https://pay\u00e9r.test/",
            "https://payer.test/" + "x" * 5000,
            None,
        ):
            with self.subTest(url):
                error = self._refused("url_invalid", guarded_http.send, "GET", url)
                self.assertNotIn("pass", error.message.replace("passwd", ""))

    def test_a_method_is_one_of_the_usual_ones(self):
        self._refused("method_invalid", self._send, method="CONNECT")
        self._refused("method_invalid", self._send, method="GET / HTTP/1.1\r\nX: y")
