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
_PREFIX = "$1$"
_GENESIS = _PREFIX + "0" * 64


def find_breaks(rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """Recompute every chain of an export from its rows alone.

    :param rows: the rows of all parts of the export, in their order, as ``csv.DictReader`` gives
        them
    :return: what does not hold, in words; nothing where everything does
    """
    heads: dict[tuple[str, str], tuple[int, str]] = {}
    for row in rows:
        if row["row_type"] != "log":
            continue
        key = (row["log_model"], row["log_record"])
        number, previous = heads.get(key, (0, _GENESIS))
        for problem in _row_problems(row, number + 1, previous):
            yield f"{row['log_model']},{row['log_record']} entry {row['log_number']}: {problem}"
        heads[key] = (int(row["log_number"]), row["log_hash"])


def _row_problems(row: Mapping[str, str], number: int, previous: str) -> Iterator[str]:
    if row["log_number"] != str(number):
        yield f"entry {number} is missing"
    if row["log_previous_hash"] != previous:
        yield "it does not follow the entry before"
    if _hash(row["log_previous_hash"], row["log_content"]) != row["log_hash"]:
        yield "its content does not match its hash"
    content = json.loads(row["log_content"])
    named = (content["res_model"], str(content["res_id"]), str(content["sequence"]))
    if named != (row["log_model"], row["log_record"], row["log_number"]):
        yield "its content is about another record"
    if row["seal_position"]:
        sealed = f'{{"position":{row["seal_position"]},"row":"{row["log_hash"]}"}}'
        if _hash(row["seal_previous_hash"], sealed) != row["seal_hash"]:
            yield "its seal does not match"


def _hash(previous: str, content: str) -> str:
    return _PREFIX + hashlib.sha256(f"{previous}\n{content}".encode()).hexdigest()
