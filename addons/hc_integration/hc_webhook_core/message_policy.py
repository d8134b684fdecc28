# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What becomes of a message after a gateway was asked to send it.

A message to a person is not sent twice: where nobody knows whether the gateway took it, it is sent
again only to a gateway that recognises a repetition (Idempotency-Key), and otherwise left to a
person.
"""

from dataclasses import dataclass

from .delivery_policy import MAX_WAIT_SECONDS, wait_seconds

SENT = "sent"
FAILED = "failed"
RETRY = "retry"
UNCERTAIN = "uncertain"

# Nothing was taken: asked again, with or without the same key, no message goes out twice.
_NOT_TAKEN = frozenset({425, 429, 503})
# The gateway refuses us, not the message: somebody mends address or secret meanwhile.
_REFUSES_US = frozenset({401, 402, 403, 404, 405, 407, 410})
# Still at it, or too slow to say.
_UNDER_WAY = frozenset({408, 409})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with a message.

    Attributes:
        outcome: one of the constants of this file.
        wait_seconds: until the next attempt, for ``RETRY``.
        refuses_us: the gateway turns us away, whatever the message.
        blames_host: the attempt says something about the health of the host.
    """

    outcome: str
    wait_seconds: int = 0
    refuses_us: bool = False
    blames_host: bool = False


def judge(
    attempts: int,
    seed: str,
    status: int,
    *,
    knows_repetitions: bool,
    is_unsent: bool = False,
    is_refused: bool = False,
    blames_host: bool = False,
    retry_after_seconds: int | None = None,
) -> Verdict:
    """What to do after an attempt.

    Args:
        attempts: made so far, this one included.
        seed: names the message, for its jitter.
        status: HTTP status; 0 for no answer.
        knows_repetitions: the gateway takes a message once, however often it is asked.
        is_unsent: without an answer, whether surely nothing was sent.
        is_refused: our own policy refused the address.
        blames_host: without an answer, whether the host is at fault.
        retry_after_seconds: what the gateway asked for, or None.

    >>> [judge(1, "a", status, knows_repetitions=True).outcome for status in (201, 400, 429, 500)]
    ['sent', 'failed', 'retry', 'retry']
    >>> judge(1, "a", 500, knows_repetitions=False).outcome
    'uncertain'
    >>> judge(1, "a", 0, knows_repetitions=False, is_unsent=True).outcome
    'retry'
    """
    if 200 <= status < 300:
        return Verdict(SENT)
    blames = blames_host if not status else status == 429 or status >= 500
    refuses_us = is_refused or status in _REFUSES_US or 300 <= status < 400
    is_safe = knows_repetitions or is_unsent or refuses_us or status in _NOT_TAKEN
    is_final = 400 <= status < 500 and not refuses_us and status not in _NOT_TAKEN | _UNDER_WAY
    if is_final:
        return Verdict(FAILED)
    if not is_safe:
        return Verdict(UNCERTAIN, 0, False, blames)
    wait = wait_seconds(attempts, seed)
    if retry_after_seconds is not None:
        wait = max(wait, min(retry_after_seconds, MAX_WAIT_SECONDS))
    return Verdict(RETRY, wait, refuses_us, blames)
