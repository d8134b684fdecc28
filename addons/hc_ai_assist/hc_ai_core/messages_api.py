# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Anthropic messages."""

from typing import Any

from .providers import ProviderError, Question, Reply, WireRequest, check_status, read_count

_VERSION = "2023-06-01"


def build(question: Question) -> WireRequest:
    """The request for a question; the answer is bound to the schema."""
    return WireRequest(
        "/v1/messages",
        {"Content-Type": "application/json", "anthropic-version": _VERSION},
        {
            "model": question.model,
            "max_tokens": question.max_output_tokens,
            "system": question.instructions,
            "messages": [{"role": "user", "content": question.material}],
            "output_config": {"format": {"type": "json_schema", "schema": dict(question.schema)}},
        },
    )


def key_header(key: str) -> dict[str, str]:
    """The header that carries the key."""
    return {"x-api-key": key}


def read(status: int, body: Any) -> Reply:
    """The answer.

    :param body: parsed JSON, or anything else that came
    :raise ProviderError: there is none
    """
    check_status(status)
    try:
        text = "".join(block["text"] for block in body["content"] if block.get("type") == "text")
        finished = body.get("stop_reason")
    except (KeyError, TypeError, AttributeError):
        raise ProviderError("unreadable", is_passing=True) from None
    if not text:
        raise ProviderError("unreadable", is_passing=True)
    usage = body.get("usage")
    return Reply(
        text,
        read_count(usage, "input_tokens"),
        read_count(usage, "output_tokens"),
        finished == "end_turn",
    )
