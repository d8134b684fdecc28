# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""One HTTP call whose every connection is checked at the moment it is made.

The check stands where the socket is opened: the name is resolved once, the addresses are judged,
and the socket goes to a judged address. Nothing resolves the name again in between, so a name
server that answers differently the second time (DNS rebinding) gains nothing. The host's name
stays in TLS (SNI and certificate check) and in the Host header.
"""

import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from urllib.parse import urljoin

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from ..hc_core.http_errors import OutgoingError
from ..hc_core.network_policy import Allowance, NetworkError, permitted_addresses
from ..hc_core.retry_after import parse_retry_after
from .http_request import Limits, Target, check_headers, check_method, parse_url

_CHUNK_BYTES = 64 * 1024
_REDIRECTS = (301, 302, 303, 307, 308)
_CREDENTIAL_HEADERS = ("authorization", "cookie")
_USER_AGENT = "hc-revenue/19.0"


@dataclass(frozen=True)
class Trust:
    """What may be called besides public hosts whose certificates the usual authorities issued.

    :param allowances: of ``network_policy``
    :param ca_certificates: PEM texts by host, of authorities to trust for that host
    """

    allowances: tuple[Allowance, ...] = ()
    ca_certificates: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What another system answered, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    address: str

    @property
    def is_success(self):
        return 200 <= self.status < 300

    @property
    def is_overloaded(self):
        """The host works, but wants to be left alone, or it failed."""
        return self.status == 429 or self.status >= 500

    def retry_after_seconds(self, now: datetime):
        """Seconds that the host asks to wait, or None."""
        return parse_retry_after(self.headers.get("Retry-After"), now)


def resolve(host, port):
    """Return the addresses of a host, in the system's order of preference."""
    infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(info[4][0] for info in infos))


@lru_cache(maxsize=32)
def _tls_context(ca_certificates):
    """The trust in the usual authorities and, besides, in the given ones."""
    context = ssl.create_default_context(cafile=requests.certs.where())
    if ca_certificates:
        context.load_verify_locations(cadata=ca_certificates)
    return context


class Call:
    """The connections of one call, its deadline, and the guard that both stand under."""

    def __init__(self, limits, trust, resolver):
        self.limits = limits
        self.address = ""
        self.trust = trust
        self._resolver = resolver
        self._lifelines = []

    def __enter__(self):
        self.start_clock()
        return self

    def __exit__(self, *_exception):
        self.stop_clock()
        self.forget()

    def start_clock(self):
        """Begin to count the time that the call has."""
        self.deadline = time.monotonic() + self.limits.total_seconds
        self.is_expired = False
        self._timer = threading.Timer(self.limits.total_seconds, self._expire)
        self._timer.daemon = True
        self._timer.start()

    def stop_clock(self):
        """The call is over; its connections may serve another one."""
        self._timer.cancel()

    def forget(self):
        """Give up the hold on the connections; whoever owns them closes them."""
        for lifeline in self._lifelines:
            lifeline.close()
        self._lifelines.clear()

    def _expire(self):
        """End all connections, whatever they wait for: a handshake, a header, a slow body."""
        self.is_expired = True
        for lifeline in self._lifelines:
            try:
                lifeline.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def connect(self, host, port, is_encrypted):
        """Open a socket to a permitted address of a host.

        :raises OutgoingError: the name has no address, or plain text is not allowed
        :raises NetworkError: an address is not permitted
        """
        addresses = permitted_addresses(
            host, port, self._resolve(host, port), self.trust.allowances
        )
        if not is_encrypted and not all(each and each.plain for _text, each in addresses):
            raise OutgoingError("tls_required", host=host)
        failure = None
        for address, _allowance in addresses:
            seconds = min(self.limits.connect_seconds, self.deadline - time.monotonic())
            if seconds <= 0:
                break
            try:
                connection = socket.create_connection((address, port), seconds)
            except OSError as error:
                failure = error
                continue
            self.address = address
            # The connection's own object is swallowed by TLS; a duplicate still ends it.
            self._lifelines.append(connection.dup())
            if self.is_expired:
                self._expire()
            return connection
        raise failure or TimeoutError()

    def _resolve(self, host, port):
        try:
            addresses = self._resolver(host, port)
        except (OSError, UnicodeError):
            addresses = []
        if not addresses:
            raise OutgoingError("host_unknown", host=host)
        return addresses


class _GuardedAdapter(HTTPAdapter):
    """Requests' transport, with connections that only the guard opens."""

    def __init__(self, call, tls_context):
        self._call = call
        self._tls_context = tls_context
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments, **keywords):
        call = self._call

        class GuardedConnection(HTTPConnection):
            def _new_conn(self):
                return call.connect(self.host, self.port, is_encrypted=False)

        class GuardedTlsConnection(HTTPSConnection):
            def _new_conn(self):
                return call.connect(self.host, self.port, is_encrypted=True)

        class Pool(HTTPConnectionPool):
            ConnectionCls = GuardedConnection

        class TlsPool(HTTPSConnectionPool):
            ConnectionCls = GuardedTlsConnection

        result = super().init_poolmanager(*arguments, ssl_context=self._tls_context, **keywords)
        self.poolmanager.pool_classes_by_scheme = {"http": Pool, "https": TlsPool}
        return result

    def cert_verify(self, conn, url, verify, cert):
        """The context holds the authorities already; always check, whatever was asked for."""
        conn.cert_reqs = "CERT_REQUIRED"
        conn.ca_certs = conn.ca_cert_dir = None


def send(method, url, *, headers=None, body=b"", limits=None, trust=None, resolver=resolve):
    """Make one call.

    :param str method: one of ``METHODS``
    :param str url: https, or http where an allowance says so
    :param dict headers: texts by name
    :param bytes body: what to send
    :param Limits limits: times, size of the answer, redirects to follow (GET and HEAD only)
    :param Trust trust: what is allowed besides public hosts with usual certificates
    :param resolver: ``(host, port) -> addresses``
    :return: the :class:`Answer`, whatever its status; a redirect that is not to be followed too
    :raises OutgoingError: there is no answer
    :raises NetworkError: the address may not be called
    """
    check_method(method)
    headers = check_headers(headers or {})
    target = parse_url(url)
    limits = limits or Limits()
    follows_redirects = limits.redirects and method in ("GET", "HEAD")
    hops = 0
    with Call(limits, trust or Trust(), resolver) as call:
        while True:
            answer = _send_once(call, method, target, headers, body)
            location = answer.headers.get("Location")
            if not (follows_redirects and location and answer.status in _REDIRECTS):
                return answer
            hops += 1
            following = _redirect(target, location, hops, limits)
            if following.origin != target.origin:
                headers = _without_credentials(headers)
            target = following


def _without_credentials(headers):
    return {
        name: value for name, value in headers.items() if name.lower() not in _CREDENTIAL_HEADERS
    }


def _redirect(target, location, hops, limits):
    following = parse_url(urljoin(target.url, location))
    reason = ""
    if hops > limits.redirects:
        reason = f"more than {limits.redirects} redirects are not followed"
    elif target.scheme == "https" and following.scheme != "https":
        reason = "it would leave the encryption"
    if reason:
        raise OutgoingError(
            "redirect_refused", host=target.host, target=following.host, reason=reason
        )
    return following


def _send_once(call, method, target: Target, headers, body):
    adapter = _open_adapter(call, target)
    try:
        return _exchange(adapter, call, method, target, {"Connection": "close", **headers}, body)
    finally:
        adapter.close()


def _open_adapter(call, target):
    return _GuardedAdapter(call, _tls_context(call.trust.ca_certificates.get(target.host, "")))


def _exchange(adapter, call, method, target: Target, headers, body, *, reads_all=True):
    """Send a request and read its answer: all of it, or its beginning only."""
    host, limits = target.host, call.limits
    fixed = {"User-Agent": _USER_AGENT, "Accept-Encoding": "identity"}
    request = requests.Request(method, target.url, headers={**fixed, **headers}, data=body)
    timeouts = (limits.connect_seconds, limits.read_seconds)
    try:
        response = adapter.send(request.prepare(), stream=True, timeout=timeouts, proxies={})
        try:
            return (_read if reads_all else _read_beginning)(call, host, response)
        finally:
            response.close()
    except (OutgoingError, NetworkError):
        raise
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise _explain(call, host, error) from error


class Session:
    """Calls one after another over connections that are kept meanwhile.

    For many calls within seconds: a connection is judged when it is made and not again, so a
    session ends with the batch that it serves. Redirects are not followed. Of an answer its
    beginning is read, ``limits.response_bytes``; a connection with more on it is closed. A
    session belongs to one thread.

    :param Limits limits: of each call
    :param Trust trust: as for :func:`send`
    :param resolver: as for :func:`send`
    """

    def __init__(self, *, limits=None, trust=None, resolver=resolve):
        self._settings = (limits or Limits(), trust or Trust(), resolver)
        self._lines = {}

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        for origin in list(self._lines):
            self._drop(origin)

    def _drop(self, origin):
        call, adapter = self._lines.pop(origin)
        adapter.close()
        call.forget()

    def send(self, method, url, *, headers=None, body=b""):
        """Make one call; arguments, result and errors are those of :func:`send`."""
        check_method(method)
        headers = check_headers(headers or {})
        target = parse_url(url)
        is_kept = target.origin in self._lines
        try:
            return self._send(method, target, headers, body)
        except OutgoingError as error:
            # A host may close a connection that it kept at the moment it is used again.
            if not is_kept or error.code != "connection_failed":
                raise
        return self._send(method, target, headers, body)

    def _send(self, method, target, headers, body):
        if target.origin not in self._lines:
            call = Call(*self._settings)
            self._lines[target.origin] = (call, _open_adapter(call, target))
        call, adapter = self._lines[target.origin]
        call.start_clock()
        try:
            return _exchange(adapter, call, method, target, headers, body, reads_all=False)
        except (OutgoingError, NetworkError):
            self._drop(target.origin)
            raise
        finally:
            call.stop_clock()


def _read(call, host, response):
    limit = call.limits.response_bytes
    encoding = response.headers.get("Content-Encoding", "identity")
    if encoding.lower() != "identity":
        raise OutgoingError("answer_encoded", host=host, encoding=encoding[:30])
    length = response.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) > limit and response.request.method != "HEAD":
        raise OutgoingError("answer_too_large", host=host, limit=limit)
    chunks, size = [], 0
    while chunk := response.raw.read(min(_CHUNK_BYTES, limit + 1 - size), decode_content=False):
        size += len(chunk)
        if size > limit:
            raise OutgoingError("answer_too_large", host=host, limit=limit)
        chunks.append(chunk)
    if call.is_expired:
        raise OutgoingError("timed_out", host=host, seconds=f"{call.limits.total_seconds:g}")
    return Answer(response.status_code, dict(response.headers), b"".join(chunks), call.address)


def _read_beginning(call, host, response):
    """As much of an answer as is wanted, as bytes on the wire: it is not decompressed."""
    limit, chunks, size = call.limits.response_bytes, [], 0
    while size < limit and (chunk := response.raw.read(limit - size, decode_content=False)):
        size += len(chunk)
        chunks.append(chunk)
    if call.is_expired:
        raise OutgoingError("timed_out", host=host, seconds=f"{call.limits.total_seconds:g}")
    return Answer(response.status_code, dict(response.headers), b"".join(chunks), call.address)


def _explain(call, host, error):
    """The one error that a failure of the libraries means."""
    limits = call.limits
    if call.is_expired or time.monotonic() >= call.deadline:
        return OutgoingError("timed_out", host=host, seconds=f"{limits.total_seconds:g}")
    if isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError)):
        is_connect = isinstance(error, requests.ConnectTimeout) or not call.address
        seconds = limits.connect_seconds if is_connect else limits.read_seconds
        return OutgoingError("timed_out", host=host, seconds=f"{seconds:g}")
    if isinstance(error, (requests.exceptions.SSLError, ssl.SSLError)):
        return OutgoingError("certificate_invalid", host=host, reason=_reason(error))
    if isinstance(error, requests.exceptions.InvalidHeader):
        return OutgoingError("answer_invalid", host=host, reason="malformed headers")
    return OutgoingError("connection_failed", host=host, reason=_reason(error))


def _reason(error):
    """The innermost cause in few words, without the URL that the libraries repeat."""
    seen = error
    while True:
        inner = getattr(seen, "reason", None) or (seen.args[0] if seen.args else None)
        if not isinstance(inner, BaseException):
            inner = seen.__cause__ or seen.__context__
        if not isinstance(inner, BaseException) or inner is seen:
            break
        seen = inner
    if isinstance(seen, ssl.SSLCertVerificationError):
        return seen.verify_message
    return getattr(seen, "strerror", None) or type(seen).__name__
