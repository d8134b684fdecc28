# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import BaseCase, tagged

from ..hc_core.http_errors import OutgoingError
from ..hc_core.network_policy import Allowance, NetworkError
from ..tools.guarded_http import Session, Trust
from ..tools.http_request import Limits
from .http_common import HOST, LOCALHOST, Authority, serving

PLAIN = Trust((Allowance(HOST, 0, plain=True),))
LIMITS = Limits(connect_seconds=1, read_seconds=1, total_seconds=0.8, response_bytes=100)


@tagged("post_install", "-at_install")
class TestGuardedSession(BaseCase):
    """Connections that are kept keep every promise of the guarded client."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.authority = Authority()

    def setUp(self):
        super().setUp()
        self.server = self.enterContext(serving())
        self.connections = self._count_connections(self.server)

    def _count_connections(self, server):
        accepted, accept = [], server.get_request

        def get_request():
            accepted.append(accept())
            return accepted[-1]

        server.get_request = get_request
        return accepted

    def _open(self, **options):
        options = {
            "limits": LIMITS,
            "trust": PLAIN,
            "resolver": lambda *_: [LOCALHOST],
            **options,
        }
        return self.enterContext(Session(**options))

    def _post(self, session, path="ok", server=None, scheme="http"):
        url = f"{scheme}://{HOST}:{(server or self.server).port}/{path}"
        return session.send("POST", url, headers={"X-Key": "7"}, body=b"event")

    def _refused(self, code, *arguments, **options):
        with self.assertRaises((OutgoingError, NetworkError)) as caught:
            self._post(*arguments, **options)
        self.assertEqual(caught.exception.code, code, caught.exception.message)

    def test_one_connection_serves_many_calls(self):
        session = self._open()
        answers = [self._post(session) for _call in range(20)]
        self.assertEqual({answer.body for answer in answers}, {b"fine"})
        self.assertEqual({answer.address for answer in answers}, {LOCALHOST})
        self.assertEqual(self.server.bodies, [b"event"] * 20)
        self.assertEqual(len(self.connections), 1)

    def test_error_statuses_keep_the_connection(self):
        session = self._open()
        statuses = [self._post(session, f"status/{code}").status for code in (500, 404, 410)]
        self.assertEqual((statuses, len(self.connections)), ([500, 404, 410], 1))

    def test_private_addresses_are_refused_before_a_connection_is_made(self):
        self._refused("address_refused", self._open(trust=Trust()))
        for address in ("10.0.0.1", "169.254.169.254", "::1"):
            session = self._open(resolver=lambda *_, found=address: [found], trust=Trust())
            with self.assertRaises(NetworkError):
                self._post(session)
        self.assertEqual(self.connections, [])

    def test_a_name_server_that_changes_its_mind_is_judged_again(self):
        """The kept connection goes where it was judged to; a new one is judged anew."""
        answers = [LOCALHOST]
        session = self._open(resolver=lambda *_: list(answers))
        self._post(session)
        answers[:] = ["169.254.169.254"]
        self.assertEqual(self._post(session).address, LOCALHOST)
        self._refused("timed_out", session, "drip")
        self._refused("address_forbidden", session)

    def test_redirects_are_answers_and_lead_nowhere(self):
        self.server.locations["inside"] = "http://169.254.169.254/latest/meta-data"
        answer = self._post(self._open(), "redirect/inside")
        self.assertEqual((answer.status, len(self.server.seen)), (302, 1))

    def test_of_a_long_answer_the_beginning_is_read_and_the_connection_closed(self):
        session = self._open()
        for path in ("endless", "gzip"):
            answer = self._post(session, path)
            self.assertEqual((answer.status, len(answer.body)), (200, LIMITS.response_bytes))
        self.assertEqual(self._post(session).body, b"fine")
        self.assertEqual(len(self.connections), 3)

    def test_time_is_counted_for_each_call_and_ends_slow_ones(self):
        session = self._open()
        self._refused("timed_out", session, "dripping")
        self._refused("timed_out", session, "drip")
        self.assertEqual(self._post(session).status, 200)

    def test_a_connection_that_the_host_closed_meanwhile_is_made_again(self):
        session = self._open()
        self._post(session)
        self.connections[0][0].shutdown(2)
        self.assertEqual(self._post(session).status, 200)
        self.assertEqual(len(self.connections), 2)

    def test_a_host_that_is_gone_is_no_riddle(self):
        session = self._open()
        with serving() as server:
            connections = self._count_connections(server)
            self._post(session, server=server)
        connections[0][0].shutdown(2)
        self._refused("connection_failed", session, server=server)

    def test_a_certificate_that_changed_is_refused_by_the_next_connection(self):
        trust = Trust((Allowance(HOST),), {HOST: self.authority.pem})
        with serving(self.authority.context_for(HOST)) as server:
            session = self._open(trust=trust)
            self.assertEqual(self._post(session, server=server, scheme="https").status, 200)
            stranger = Authority().context_for(HOST)
            with serving(stranger) as other:
                other_session = self._open(trust=trust)
                self._refused("certificate_invalid", other_session, server=other, scheme="https")
                self.assertEqual(other.seen, [])
        with serving(self.authority.context_for("elsewhere.test")) as server:
            session = self._open(trust=trust)
            self._refused("certificate_invalid", session, server=server, scheme="https")

    def test_headers_that_smuggle_are_refused(self):
        session = self._open()
        url = f"http://{HOST}:{self.server.port}/ok"
        for headers in ({"X-A": "b\r\nX-C: d"}, {"Host": "x"}, {"Connection": "keep-alive"}):
            with self.subTest(headers), self.assertRaises(OutgoingError):
                session.send("POST", url, headers=headers)
        self.assertEqual(self.connections, [])
