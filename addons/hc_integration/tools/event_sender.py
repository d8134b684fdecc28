# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Sends a batch of prepared messages by several threads, which know nothing of the database.

Each thread keeps its own connections, judged when they are made (see base's guarded client), for
as long as the batch lasts.
"""

import hashlib
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Condition

from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from odoo.addons.hc_revenue_base.hc_core.errors import HcError
from odoo.addons.hc_revenue_base.hc_core.http_errors import OutgoingError
from odoo.addons.hc_revenue_base.tools.guarded_http import Session, resolve
from odoo.addons.hc_revenue_base.tools.http_request import Limits, parse_url

THREADS = 8
# A batch begins no further message after so long; those are handed back.
BATCH_SECONDS = 3.0
LIMITS = Limits(connect_seconds=5, read_seconds=15, total_seconds=15, response_bytes=1024)
# After so many failures in a row nothing more is sent to an endpoint in this batch.
FAILURES_IN_A_ROW = 5


@dataclass(frozen=True, slots=True)
class Message:
    """What is to be sent: ``endpoint`` names who gets it, ``headers`` hold secrets."""

    id: int
    endpoint: int
    url: str
    headers: dict = field(repr=False)
    body: bytes = field(repr=False)
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a message.

    Attributes:
        status: HTTP status; 0 for no answer.
        latency_ms: from the beginning of the call to its end.
        head: first bytes of the answer.
        error: code of what went wrong.
        blames_host: without an answer, whether the host is at fault.
        is_refused: our own policy refused the address.
        is_unsent: without an answer, whether surely nothing was sent.
        retry_after: the header of that name.
        address: that was connected to.
    """

    status: int = 0
    latency_ms: int = 0
    head: bytes = b""
    error: str = ""
    blames_host: bool = False
    is_refused: bool = False
    is_unsent: bool = False
    retry_after: str | None = None
    address: str = ""

    @property
    def is_success(self):
        return 200 <= self.status < 300


class _Queue:
    """Hands out messages to threads: endpoints take turns, and none takes all threads."""

    def __init__(self, messages, threads, seconds):
        self._waiting = {}
        for message in messages:
            self._waiting.setdefault(message.endpoint, deque()).append(message)
        self._turns = deque(self._waiting)
        self._share = threads if len(self._waiting) == 1 else max(threads // 2, 1)
        self._busy = dict.fromkeys(self._waiting, 0)
        self._failures = dict.fromkeys(self._waiting, 0)
        self._changed = Condition()
        self._deadline = time.monotonic() + seconds

    def take(self):
        """The next message, or None when there is no more to begin."""
        with self._changed:
            while self._turns:
                seconds = self._deadline - time.monotonic()
                if seconds <= 0:
                    return None
                for _turn in range(len(self._turns)):
                    endpoint = self._turns.popleft()
                    if self._busy[endpoint] < self._share:
                        return self._hand_out(endpoint)
                    self._turns.append(endpoint)
                self._changed.wait(seconds)
        return None

    def _hand_out(self, endpoint):
        message = self._waiting[endpoint].popleft()
        self._busy[endpoint] += 1
        if self._waiting[endpoint]:
            self._turns.append(endpoint)
        return message

    def report(self, endpoint, outcome):
        """A message has been sent, or not."""
        with self._changed:
            self._busy[endpoint] -= 1
            self._failures[endpoint] = 0 if outcome.is_success else self._failures[endpoint] + 1
            if self._failures[endpoint] >= FAILURES_IN_A_ROW and endpoint in self._turns:
                self._turns.remove(endpoint)
            self._changed.notify_all()


def send_all(messages, *, trust, resolver=resolve, limits=LIMITS, seconds=BATCH_SECONDS):
    """Send messages.

    Args:
        messages: in the order in which they are begun for each endpoint.
        trust: of base's guarded client.
        resolver: ``(host, port) -> addresses``.
        limits: of each message.
        seconds: after which none is begun any more.

    Returns:
        ``{message id: Outcome}``; a message that is missing was not begun.
    """
    if not messages:
        return {}
    threads = min(THREADS, len(messages))
    queue, outcomes = _Queue(messages, threads, seconds), {}

    def work():
        with Session(limits=limits, trust=trust, resolver=resolver) as session:
            while message := queue.take():
                outcome = outcomes[message.id] = _send(session, message)
                queue.report(message.endpoint, outcome)

    with ThreadPoolExecutor(threads, thread_name_prefix="hc-event") as pool:
        for future in [pool.submit(work) for _thread in range(threads)]:
            future.result()
    return outcomes


def _send(session, message):
    started = time.monotonic()
    try:
        answer = session.send(
            message.method, message.url, headers=message.headers, body=message.body
        )
    except HcError as error:
        return Outcome(
            latency_ms=_elapsed_ms(started),
            error=error.code,
            blames_host=getattr(error, "blames_host", False),
            is_refused=not getattr(error, "may_retry", False)
            and not getattr(error, "blames_host", False),
            is_unsent=_is_unsent(error),
        )
    except Exception as error:  # noqa: BLE001 - one message must not stop the others
        return Outcome(latency_ms=_elapsed_ms(started), error=type(error).__name__)
    return Outcome(
        status=answer.status,
        latency_ms=_elapsed_ms(started),
        head=answer.body,
        error="" if answer.is_success else f"status_{answer.status}",
        retry_after=answer.headers.get("Retry-After"),
        address=answer.address,
    )


# Codes of errors that stand before the first byte of a request.
_BEFORE_SENDING = frozenset({"host_unknown", "tls_required", "certificate_invalid", "url_invalid"})
_BEFORE_CONNECTING = (NewConnectionError, ConnectTimeoutError, ConnectionRefusedError)


def _is_unsent(error):
    """Whether an error shows that nothing was sent: no line was open yet."""
    if error.code in _BEFORE_SENDING or not isinstance(error, OutgoingError):
        return True
    seen, causes = set(), [error]
    while causes:
        cause = causes.pop()
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        if isinstance(cause, _BEFORE_CONNECTING):
            return True
        causes += [cause.__cause__, getattr(cause, "reason", None), *cause.args]
    return False


def call_rows(messages, outcomes, *, purpose, companies, user_id, moment):
    """Rows of digests for the log of calls, as base's client leaves one for each call.

    Args:
        messages: ``{id: Message}``, those that were sent.
        outcomes: ``{id: Outcome}``.
        purpose: code of the calling program.
        companies: ``{endpoint: company id}``.
        user_id: who calls.
        moment: of the calls, in UTC.
    """
    targets = {url: parse_url(url) for url in {each.url for each in messages.values()}}
    return [
        {
            "user_number": user_id,
            "occurred_at": moment,
            "company_number": companies[message.endpoint],
            "purpose": purpose,
            "method": message.method,
            "host": targets[message.url].host,
            "port": targets[message.url].port,
            "address": outcomes[key].address,
            "path_digest": _digest(targets[message.url].path.encode()),
            "status": outcomes[key].status,
            "duration_ms": outcomes[key].latency_ms,
            "request_bytes": len(message.body),
            "request_digest": _digest(message.body),
            "response_bytes": len(outcomes[key].head),
            "response_digest": _digest(outcomes[key].head),
            "error": "" if outcomes[key].status else outcomes[key].error,
        }
        for key, message in messages.items()
    ]


def _digest(content):
    return hashlib.sha256(content).hexdigest()


def _elapsed_ms(started):
    return round((time.monotonic() - started) * 1000)
