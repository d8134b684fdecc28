# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The exported approval trail: its columns, and how anybody checks it without this software.

Only the standard library is used, so that an auditor can run this file against an export::

    rows = csv.DictReader(open("approval-trail-7-1.csv", encoding="utf-8", newline=""))
    print(list(find_breaks(rows)) or "every chain holds")

What is hashed: the text of ``log_previous_hash``, a line feed, the text of ``log_content``, in
UTF-8, by SHA-256; ``log_hash`` is ``$1$`` and the digest in hexadecimal. The first entry of a
record follows ``$1$`` and 64 zeros. A seal chains all entries of all records: its hash covers
``seal_previous_hash``, a line feed and ``{"position":<seal_position>,"row":"<log_hash>"}``.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

COLUMNS = (
    "row_type",
    "request",
    "kind",
    "state",
    "amount",
    "currency",
    "case_number",
    "patient_record_number",
    "facility",
    "who",
    "on_behalf_of",
    "at_utc",
    "at_local",
    "verdict",
    "reason_code",
    "reason",
    "policy",
    "policy_version",
    "route",
    "round",
    "step",
    "is_void",
    "break_glass",
    "content_digest",
    "document_type",
    "document_sha1",
    "entry",
    "log_model",
    "log_record",
    "log_number",
    "log_content",
    "log_previous_hash",
    "log_hash",
    "seal_position",
    "seal_previous_hash",
    "seal_hash",
    "proof",
)
# What a request's row says and its log as well.
_LOGGED_COLUMNS = ("kind", "state", "amount", "currency")
_REQUEST_MODEL = "hc.approval.request"
_PREFIX = "$1$"
_GENESIS = _PREFIX + "0" * 64


def find_breaks(rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """Recompute every chain of an export, and compare requests and decisions with their log.

    Whoever cuts whole requests out is found by the SHA-256 of the files, and the counts in the PDF.


    :param rows: the rows of all parts of the export, in their order, as ``csv.DictReader`` gives
        them
    :return: what does not hold, in words; nothing where everything does
    """
    heads: dict[tuple[str, str], tuple[int, str]] = {}
    told, logged = {}, {}
    for row in rows:
        if None in row.values():
            yield f"a row of request {row.get('request')} is cut off"
            continue
        if row["row_type"] in ("request", "decision"):
            _note_told(row, told)
        if row["row_type"] != "log":
            continue
        _note_logged(row, logged)
        key = (row["log_model"], row["log_record"])
        number, previous = heads.get(key, (0, _GENESIS))
        for problem in _row_problems(row, number + 1, previous):
            yield f"{row['log_model']},{row['log_record']} entry {row['log_number']}: {problem}"
        heads[key] = (int(row["log_number"]), row["log_hash"])
    for request in sorted(told.keys() | logged.keys()):
        for problem in _difference(told.get(request), logged.get(request)):
            yield f"request {request}: {problem}"


def _note_told(row: Mapping[str, str], told: dict[str, dict]) -> None:
    """Keep what the rows of a request and its decisions say about it."""
    seen = told.setdefault(row["request"], {"decisions": Counter()})
    if row["row_type"] == "request":
        seen.update({name: row[name] for name in _LOGGED_COLUMNS})
    elif row["verdict"] in ("approve", "reject"):
        seen["decisions"][row["verdict"], row["round"], row["content_digest"]] += 1


def _note_logged(row: Mapping[str, str], logged: dict[str, dict]) -> None:
    """Keep what the log of a request says about the same."""
    if row["log_model"] != _REQUEST_MODEL:
        return
    content = _read_content(row)
    seen = logged.setdefault(row["log_record"], {"decisions": Counter()})
    facts = content.get("facts") or {}
    if content.get("kind") == "creation":
        seen.update({name: facts.get(name) for name in ("kind", "amount", "currency")})
    if content.get("to_state"):
        seen["state"] = content["to_state"]
    if content.get("kind") == "decision":
        decision = (facts.get("verdict"), str(facts.get("round")), facts.get("content"))
        seen["decisions"][decision] += 1


def _difference(told: dict | None, logged: dict | None) -> Iterator[str]:
    if told is None:
        yield "its row is missing"
    elif logged is None:
        yield "its log is missing"
    else:
        for name in _LOGGED_COLUMNS:
            if told.get(name) != logged.get(name):
                yield f"{name} is {told.get(name)}, and {logged.get(name)} in the log"
        if told["decisions"] != logged["decisions"]:
            yield "its decisions are not those of the log"


def _row_problems(row: Mapping[str, str], number: int, previous: str) -> Iterator[str]:
    if row["log_number"] != str(number):
        yield f"entry {number} is missing"
    if row["log_previous_hash"] != previous:
        yield "it does not follow the entry before"
    if _hash(row["log_previous_hash"], row["log_content"]) != row["log_hash"]:
        yield "its content does not match its hash"
    content = _read_content(row)
    named = (content.get("res_model"), str(content.get("res_id")), str(content.get("sequence")))
    if named != (row["log_model"], row["log_record"], row["log_number"]):
        yield "its content is about another record"
    if row["seal_position"]:
        sealed = f'{{"position":{row["seal_position"]},"row":"{row["log_hash"]}"}}'
        if _hash(row["seal_previous_hash"], sealed) != row["seal_hash"]:
            yield "its seal does not match"


def _read_content(row: Mapping[str, str]) -> dict:
    try:
        content = json.loads(row["log_content"])
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _hash(previous: str, content: str) -> str:
    return _PREFIX + hashlib.sha256(f"{previous}\n{content}".encode()).hexdigest()
