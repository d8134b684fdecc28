# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The operations of the installed modules as an OpenAPI 3.1 document."""

from collections.abc import Iterable, Mapping
from typing import Any

# Why a call is refused, by the code of the refusal: the HTTP status (RFC 9110; 400, 409 and 422
# for keys as in the IETF draft "The Idempotency-Key HTTP Header Field").
STATUS = {
    "operation_unknown": 404,
    "access_denied": 403,
    "payload_too_large": 413,
    "payload_invalid": 400,
    "key_missing": 400,
    "key_conflict": 422,
    "in_progress": 409,
    "not_found": 404,
    "rejected": 422,
    "internal_error": 500,
    "unauthorized": 401,
    "media_type": 415,
    "rate_exceeded": 429,
    "source_paused": 503,
}
_MEANING = {
    400: "The input does not fit its schema, or the idempotency key is missing.",
    401: "There is no key, or it has ended.",
    403: "The key's user may not do this.",
    404: "There is no such record that the key's user may see.",
    409: "A call with this idempotency key still runs: repeat shortly.",
    413: "The input is too large.",
    415: "The input is not JSON in UTF-8.",
    422: "A rule forbids it, or the idempotency key was used with other input.",
    429: "Too many calls a minute: call again after `Retry-After` seconds.",
    500: "A mistake of this system; nothing was changed.",
    503: "The office paused the key's system: call again after `Retry-After` seconds.",
}
_WRITE_ONLY = (409, 422)
PREFIX = "/hc/v1/operations"
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Chosen by the caller, one per intended effect.",
    "schema": {"type": "string", "minLength": 8, "maxLength": 128, "pattern": "^[!-~]{8,128}$"},
}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "enum": sorted(STATUS)},
        "detail": {"type": "string"},
    },
}


def problem(code: str, detail: str) -> dict[str, Any]:
    """The body of a refusal (RFC 9457).

    :param code: a key of ``STATUS``
    :param detail: one sentence without content of the input beyond what the schema names
    """
    status = STATUS[code]
    return {
        "type": f"urn:hc-revenue:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "code": code,
        "detail": detail,
    }


def closed(described: Mapping[str, Any]) -> dict[str, Any]:
    """The schema with every object closed, as the operations check it.

    >>> closed({"type": "object", "properties": {"a": {"type": "string"}}})["additionalProperties"]
    False
    """
    found = dict(described)
    if "properties" in found:
        found["properties"] = {name: closed(part) for name, part in found["properties"].items()}
        found["additionalProperties"] = False
    if "items" in found:
        found["items"] = closed(found["items"])
    return found


def build(definitions: Iterable[Any], version: str, server_url: str = "/") -> dict[str, Any]:
    """The document.

    :param definitions: ``OperationDefinition`` of the operations that the reader may call
    :param version: of the module
    :param server_url: where the paths begin
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Healthcare Revenue Operations",
            "version": version,
            "description": "Coarse operations, run with the rights of the key's user. Writes run "
            "once per idempotency key; a repeated call gets the first answer.",
            "license": {"name": "LGPL-3.0", "identifier": "LGPL-3.0-or-later"},
        },
        "servers": [{"url": server_url}],
        "security": [{"key": []}],
        "paths": {f"{PREFIX}/{entry.code}": {"post": _operation(entry)} for entry in definitions},
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": PROBLEM},
        },
    }


def _operation(entry: Any) -> dict[str, Any]:
    answer = {
        "description": "Done, or done before (then with `Idempotency-Replayed: true`).",
        "content": {"application/json": {"schema": closed(entry.schema_out)}},
    }
    refusals = (status for status in _MEANING if entry.is_write or status not in _WRITE_ONLY)
    # A read is refused by a rule of the office, too.
    statuses = sorted({*refusals, 422})
    return {
        "operationId": entry.code.replace(".", "_"),
        "tags": [entry.code.partition(".")[0]],
        "summary": entry.summary,
        "parameters": [_KEY] if entry.is_write else [],
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": closed(entry.schema_in)}},
        },
        "responses": {"200": answer} | {str(status): _refusal(status) for status in statuses},
    }


def _refusal(status: int) -> dict[str, Any]:
    reference = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": _MEANING[status],
        "content": {"application/problem+json": {"schema": reference}},
    }
