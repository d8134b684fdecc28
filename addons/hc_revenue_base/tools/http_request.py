# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the guarded HTTP client takes: an address, headers and limits that are checked first."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from ..hc_core.http_errors import OutgoingError
from ..hc_core.network_policy import is_numeric_host

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
DEFAULT_PORTS = {"https": 443, "http": 80}
MAX_URL_CHARACTERS = 4096
MAX_HEADER_CHARACTERS = 8192

_PRINTABLE = re.compile(r"[\x21-\x5b\x5d-\x7e]+")  # no spaces, no control characters, no backslash
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e]*")
# The client itself says these; a caller who could would smuggle a second request.
_OWN_HEADERS = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)


@dataclass(frozen=True)
class Limits:
    """The bounds of one call; all times in seconds."""

    connect_seconds: float = 5
    read_seconds: float = 20
    total_seconds: float = 30
    response_bytes: int = 1024 * 1024
    redirects: int = 0


@dataclass(frozen=True)
class Target:
    """A checked address: where to connect and what to ask for."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self):
        host = f"[{self.host}]" if ":" in self.host else self.host
        if self.port != DEFAULT_PORTS[self.scheme]:
            host = f"{host}:{self.port}"
        return f"{self.scheme}://{host}{self.path}"

    @property
    def origin(self):
        return (self.scheme, self.host, self.port)


def parse_url(url):
    """Return the target that a URL means, without its fragment.

    :raises OutgoingError: ``url_invalid``; the message shows neither path nor credentials
    """

    def refuse(reason):
        return OutgoingError("url_invalid", url=_shown(url), reason=reason)

    if not isinstance(url, str) or len(url) > MAX_URL_CHARACTERS:
        raise refuse(f"it has more than {MAX_URL_CHARACTERS} characters")
    if not _PRINTABLE.fullmatch(url):
        raise refuse("it holds characters that must be percent-encoded")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise refuse("it is malformed") from None
    if parts.scheme not in DEFAULT_PORTS:
        raise refuse("it begins with neither https:// nor http://")
    if "@" in parts.netloc:
        raise refuse("credentials do not belong into an address; use a secret and a header")
    host = (parts.hostname or "").rstrip(".")
    if not host or "%" in host or port == 0:
        raise refuse("it names no host")
    try:
        host = str(ipaddress.ip_address(host))
    except ValueError:
        if is_numeric_host(host) or ":" in host:
            raise refuse("its host is a number that is no plain address") from None
    port = port or DEFAULT_PORTS[parts.scheme]
    return Target(
        parts.scheme, host, port, urlunsplit(("", "", parts.path or "/", parts.query, ""))
    )


def _shown(url):
    """The part of a URL that may stand in a message: nothing that could be a secret."""
    match = re.match(r"[a-z]{1,10}://(?:[^/?#@]*@)?([^/?#@]{1,100})", str(url), re.IGNORECASE)
    return match[1].encode("ascii", "replace").decode() if match else "given"


def check_method(method):
    """Refuse what is not a method of requests and answers.

    :raises OutgoingError: ``method_invalid``
    """
    if method not in METHODS:
        raise OutgoingError("method_invalid", method=str(method)[:20], choices=METHODS)


def check_headers(headers):
    """Return the headers as a dict after checking that they are nothing but headers.

    :raises OutgoingError: ``header_invalid``; the message never repeats a value
    """
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(str(name)):
            reason = "its name holds characters that no name may"
        elif name.lower() in _OWN_HEADERS or name.lower().startswith("proxy-"):
            reason = "the client sets it"
        elif not isinstance(value, str) or not _HEADER_VALUE.fullmatch(value):
            reason = "its value holds line breaks or characters beyond ASCII"
        elif len(value) > MAX_HEADER_CHARACTERS:
            reason = f"its value has more than {MAX_HEADER_CHARACTERS} characters"
        else:
            continue
        shown = str(name).encode("ascii", "replace").decode()[:50]
        raise OutgoingError("header_invalid", name=shown, reason=reason)
    return dict(headers)
