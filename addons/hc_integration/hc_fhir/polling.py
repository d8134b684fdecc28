# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Asking a FHIR server what has changed: addresses, pages, and the pages as one document."""

from dataclasses import dataclass
from datetime import datetime

from .findings import DocumentError
from .json_reader import JsonLimits, load_json

# In this order a page's resources find what they point to in the pages before.
POLLED_TYPES = ("Organization", "Practitioner", "Patient", "Coverage", "Encounter")
CHARGE_TYPES = ("ChargeItem", "Claim")
PAGE_BYTES_MAX = 8 * 1024 * 1024
_PAGE_COUNT = 200
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class Window:
    """What changed from ``start`` on and before ``end``; both in UTC, without zone."""

    start: datetime
    end: datetime

    @property
    def name(self):
        """What tells it from other windows."""
        return f"{self.start:{_MOMENT}}--{self.end:{_MOMENT}}"


def next_window(cursor, as_of, overlap, longest):
    """The next stretch of time to ask about.

    :param datetime cursor: end of the stretch that was asked about last
    :param datetime as_of: now; the present second is left to the next time
    :param timedelta overlap: how far back, for clocks that differ; what came twice changes nothing
    :param timedelta longest: most that is asked at once, after an outage too
    :return: a :class:`Window`, or None where there is nothing to ask about yet

    >>> from datetime import timedelta
    >>> asked = next_window(
    ...     datetime(2026, 3, 2), datetime(2026, 3, 5), timedelta(minutes=5), timedelta(days=1)
    ... )
    >>> asked.name
    '2026-03-01T23:55:00Z--2026-03-03T00:00:00Z'
    """
    end = min(as_of.replace(microsecond=0), cursor + longest)
    return Window(cursor - overlap, end) if end > cursor else None


def first_url(base_url, resource_type, window):
    """Address of the first page of what changed of a type in a window."""
    return (
        f"{base_url.rstrip('/')}/{resource_type}"
        f"?_lastUpdated=ge{window.start:{_MOMENT}}&_lastUpdated=lt{window.end:{_MOMENT}}"
        f"&_count={_PAGE_COUNT}"
    )


def read_page(content, base_url):
    """Check a page and find the address of the one behind it.

    :param bytes content: what the server answered
    :param str base_url: address of the server; the next page must lie there too, for the key is
        sent with the question
    :return: (number of entries, address of the next page or an empty text)
    :raises DocumentError: it is no searchset, or leads elsewhere
    """
    page = load_json(content, JsonLimits(size_bytes=PAGE_BYTES_MAX))
    if (
        not isinstance(page, dict)
        or page.get("resourceType") != "Bundle"
        or page.get("type") != "searchset"
    ):
        raise DocumentError("no_page", "The server answered with no searchset Bundle.")
    entries = page.get("entry", [])
    links = page.get("link", [])
    if not isinstance(entries, list) or not isinstance(links, list):
        raise DocumentError("no_page", "Bundle.entry and Bundle.link must be lists.")
    for link in links:
        if isinstance(link, dict) and link.get("relation") == "next":
            return len(entries), _same_server(link.get("url"), base_url)
    return len(entries), ""


def _same_server(url, base_url):
    origin = "/".join(base_url.split("/")[:3])
    if not isinstance(url, str) or any(ord(char) <= 32 or char in "\\@" for char in url):
        raise DocumentError("bad_link", "Bundle.link.url of the next page is no address.")
    if url.startswith("?"):
        return base_url.rstrip("/") + url
    if url.startswith("/") and not url.startswith("//"):
        return origin + url
    if not url.startswith((f"{origin}/", f"{origin}?")):
        raise DocumentError("bad_link", "The next page lies on another server: it is not asked.")
    return url


def join_pages(pages):
    """The pages of a window as one collection Bundle, each as it came.

    :param pages: contents that :func:`read_page` has accepted
    """
    bare = (page.removeprefix(b"\xef\xbb\xbf") for page in pages)
    entries = b",".join(b'{"resource":' + page + b"}" for page in bare)
    return b'{"resourceType":"Bundle","type":"collection","entry":[' + entries + b"]}"
