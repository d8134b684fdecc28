# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Servers of this machine that behave well or badly, with and without TLS."""

import contextlib
import datetime
import gzip
import ssl
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LOCALHOST = "127.0.0.1"
HOST = "payer.test"
DRIP_SECONDS = 0.1


class Handler(BaseHTTPRequestHandler):
    """Answers by the path that is asked for."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        name, _, rest = self.path.partition("?")[0].strip("/").partition("/")
        self.server.seen.append((self.command, self.path, dict(self.headers)))
        length = int(self.headers.get("Content-Length") or 0)
        self.server.bodies.append(self.rfile.read(length))
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            getattr(self, f"_answer_{name or 'ok'}")(rest)

    do_POST = do_HEAD = do_GET  # noqa: N815

    def _answer(self, status=200, body=b"fine", **headers):
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _answer_ok(self, _rest):
        self._answer()

    def _answer_status(self, rest):
        code, _, wait = rest.partition("/")
        self._answer(int(code), b"no", **({"Retry_After": wait} if wait else {}))

    def _answer_health(self, _rest):
        self._answer(self.server.health)

    def _answer_json(self, rest):
        self._answer(201, b'{"id": "%s"}' % rest.encode())

    def _answer_refuse(self, rest):
        self._answer(400, b'{"code": %s, "message": "no"}' % rest.encode())

    def _answer_told(self, _rest):
        self._answer(200, b'{"status": "delivered"}')

    def _answer_gzip(self, _rest):
        self._answer(body=gzip.compress(b"0" * 1_000_000), Content_Encoding="gzip")

    def _answer_redirect(self, rest):
        self._answer(302, b"", Location=self.server.locations[rest])

    def _answer_declared(self, rest):
        self.send_response(200)
        self.send_header("Content-Length", rest)
        self.end_headers()

    def _answer_endless(self, _rest):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while not self.server.is_stopping:
            self.wfile.write(b"2000\r\n" + b"x" * 0x2000 + b"\r\n")

    def _answer_drip(self, _rest):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self._drip(b"x")

    def _answer_dripping(self, _rest):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        self._drip(b"x")

    def _drip(self, byte):
        while not self.server.is_stopping:
            self.wfile.write(byte)
            time.sleep(DRIP_SECONDS)

    def _answer_cut(self, _rest):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"only this")
        self.close_connection = True

    def _answer_noise(self, _rest):
        self.wfile.write(b"\x16\x03\x01 this is not HTTP\r\n\r\n")
        self.close_connection = True

    def log_message(self, *_arguments):
        """Keep the log of the tests free of requests."""


@contextlib.contextmanager
def serving(tls=None, port=0):
    """A server in a thread; ``tls`` is a server's TLS context, a port of 0 any that is free."""
    server = ThreadingHTTPServer((LOCALHOST, port), Handler)
    server.daemon_threads = True
    server.is_stopping = False
    server.seen, server.bodies, server.locations, server.health = [], [], {}, 200
    server.handle_error = lambda *_arguments: None
    server.port = server.server_address[1]
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.is_stopping = True
        server.shutdown()
        server.server_close()
        thread.join()


class Authority:
    """A certificate authority of the test, and the servers' contexts that it vouches for."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test Authority")])
        self.certificate = self._sign(self.name, self.key.public_key(), (), is_authority=True)
        self.pem = self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    def _sign(self, subject, public_key, hosts, *, is_authority=False, age_days=0):
        now = datetime.datetime.now(datetime.timezone.utc)
        start = now - datetime.timedelta(days=age_days + 1)
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.name)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(start + datetime.timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        )
        if hosts:
            names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
            builder = builder.add_extension(names, critical=False)
        return builder.sign(self.key, hashes.SHA256())

    def context_for(self, host, age_days=0):
        """A server's TLS context with a certificate for a host."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        certificate = self._sign(subject, key.public_key(), (host,), age_days=age_days)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.NamedTemporaryFile() as file:
            file.write(certificate.public_bytes(serialization.Encoding.PEM))
            file.write(
                key.private_bytes(
                    serialization.Encoding.PEM,
                    serialization.PrivateFormat.PKCS8,
                    serialization.NoEncryption(),
                )
            )
            file.flush()
            context.load_cert_chain(file.name)
        return context
