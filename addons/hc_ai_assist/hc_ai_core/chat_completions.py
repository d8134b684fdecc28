# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""OpenAI-compatible chat completions: the format that most servers speak, local ones included."""

from collections.abc import Mapping
from typing import Any

from .providers import ProviderError, Question, Reply, WireRequest, check_status, read_count


def build(question: Question) -> WireRequest:
    """The request for a question; the answer is bound to the schema, and sampled without chance."""
    return WireRequest(
        "/chat/completions",
        {"Content-Type": "application/json"},
        {
            "model": question.model,
            "messages": [
                {"role": "system", "content": question.instructions},
                {"role": "user", "content": question.material},
            ],
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "answer", "strict": True, "schema": dict(question.schema)},
            },
            "max_tokens": question.max_output_tokens,
            "temperature": 0,
            "stream": False,
        },
    )


def key_header(key: str) -> dict[str, str]:
    """The header that carries the key."""
    return {"Authorization": f"Bearer {key}"}


def read(status: int, body: Any) -> Reply:
    """The answer.

    :param body: parsed JSON, or anything else that came
    :raise ProviderError: there is none
    """
    check_status(status)
    try:
        choice = body["choices"][0]
        text = choice["message"]["content"]
        finished = choice.get("finish_reason")
    except (KeyError, IndexError, TypeError, AttributeError):
        raise ProviderError("unreadable", is_passing=True) from None
    if not isinstance(text, str):
        raise ProviderError("unreadable", is_passing=True)
    usage: Mapping = body.get("usage") or {}
    return Reply(
        text,
        read_count(usage, "prompt_tokens"),
        read_count(usage, "completion_tokens"),
        finished == "stop",
    )
