# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The log of the copies: every record's own chain, and the seals of the one over all."""

import hashlib
import io
import json
import re
from datetime import timedelta

from odoo.addons.hc_revenue_base.hc_core import chain

# Facts of a log entry that name a record which may be a copy; others are copied as they are.
_FACT_TABLES = {
    "action": "hc_controlled_action",
    "case": "hc_billing_case",
    "encounter": "hc_encounter",
    "evaluation": "hc_readiness_evaluation",
    "invoice": "account_move",
    "move": "account_move",
    "rebill_of": "hc_billing_case",
    "rule_set": "hc_readiness_rule_set",
    "service_line": "hc_service_line",
}
# Facts that are numbers of their own.
_NUMBERS = {"payer_order", "version"}
_ENTRY_COLUMNS = (
    *("id", "res_model", "res_id", "sequence", "kind", "field_name", "from_state", "to_state"),
    *("actor_id", "on_behalf_of_id", "reason", "facts", "occurred_at", "company_id"),
    *("facility_id", "previous_hash", "hash", "hash_version"),
)
_SEAL_COLUMNS = ("position", "transition_id", "row_hash", "previous_hash", "hash", "sealed_at")
# Numbers that stand for an id in a template; far above any id of a database.
_MARK = 10**17
_MARKED_TIME = "@time@"
_MARKS = re.compile(f"{_MARK // 10**8}[0-9]{{8}}|{_MARKED_TIME}")


class _Entry:
    """One entry of the original log, as templates for its copies.

    Args:
        row: the entry by column.
        payload: what its hash covers.
        footprint: spans of the mould by table.
        table: of the record that the entry is about.
    """

    def __init__(self, row, payload, footprint, table):
        self.id = row["id"]
        self.key = row["res_model"], row["res_id"]
        self.occurred_at = row["occurred_at"]
        self._ids = []

        def mark(span, record_id):
            self._ids.append((span, record_id))
            return _MARK + len(self._ids) - 1

        def marked(name, value):
            if isinstance(value, list):
                return [marked(name, each) for each in value]
            if name in _NUMBERS or isinstance(value, bool) or not isinstance(value, int):
                return value
            if name not in _FACT_TABLES:
                raise ValueError(
                    f"log fact '{name}': say in _FACT_TABLES which record it names,"
                    " or in _NUMBERS that it names none"
                )
            span = footprint.get(_FACT_TABLES[name])
            is_copied = span and span.first <= value <= span.last
            return mark(span, value) if is_copied else value

        facts = {name: marked(name, value) for name, value in row["facts"].items()}
        res_id = mark(footprint[table], row["res_id"])
        payload = payload | {"res_id": res_id, "facts": facts, "occurred_at": _MARKED_TIME}
        self._payload, self._payload_slots = self._template(chain.canonical_json(payload))
        line = row | {"res_id": res_id, "facts": json.dumps(facts), "occurred_at": _MARKED_TIME}
        fields = (_copy_text(line[name]) for name in _ENTRY_COLUMNS[1:-3])
        self._line, self._line_slots = self._template("\t".join(fields))

    def _template(self, text):
        """Text with a place for each id and time, and which of them goes where."""
        marks = _MARKS.findall(text)
        slots = [None if mark == _MARKED_TIME else int(mark) - _MARK for mark in marks]
        return _MARKS.sub("%s", text.replace("%", "%%")), slots

    def render(self, copy, times):
        """Return the hashed text and the fields of a copy."""
        ids = [record_id + span.offset(copy) for span, record_id in self._ids]
        time = times[self.occurred_at]
        return (
            self._payload % tuple(time if s is None else ids[s] for s in self._payload_slots),
            self._line % tuple(time if s is None else ids[s] for s in self._line_slots),
        )


def _copy_text(value):
    if value is None:
        return "\\N"
    text = str(value).replace("\\", "\\\\")
    return text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


class LogWriter:
    """Appends the log of copies, and seals it.

    Hashing is what ``hc.transition`` and ``hc.transition.seal`` do, with the text of each entry
    prepared once; the first copy of every entry is compared with the suite's own hash function.

    Args:
        env: environment of the superuser on a cursor of the writer's own.
        footprint: spans of the mould by table, ``hc_transition`` among them.
    """

    def __init__(self, env, footprint):
        self.env = env
        self._span = footprint["hc_transition"]
        self._entries = self._load(footprint)
        self._position, self._head = env["hc.transition.seal"]._get_head()
        self._sealed_at = env.cr.now().replace(microsecond=0)

    def write(self, first_copy: int, last_copy: int, age_days) -> int:
        """Append the log of a batch of copies and return its rows.

        Args:
            first_copy: number of the first copy.
            last_copy: number of the last copy.
            age_days: by how many days a copy is older than the originals.
        """
        entries, seals = io.StringIO(), io.StringIO()
        for copy in range(first_copy, last_copy + 1):
            self._append(copy, timedelta(days=age_days(copy)), entries, seals)
        self._store("hc_transition", _ENTRY_COLUMNS, entries)
        self._store("hc_transition_seal", _SEAL_COLUMNS, seals)
        return 2 * len(self._entries) * (last_copy - first_copy + 1)

    def _load(self, footprint):
        transitions = self.env["hc.transition"]
        self.env.cr.execute(
            f"SELECT {', '.join(_ENTRY_COLUMNS)} FROM hc_transition"
            " WHERE id BETWEEN %s AND %s ORDER BY id",
            [self._span.first, self._span.last],
        )
        entries = []
        for values in self.env.cr.fetchall():
            row = dict(zip(_ENTRY_COLUMNS, values, strict=True))
            table = self.env[row["res_model"]]._table
            if table in footprint and row["res_id"] >= footprint[table].first:
                payload = transitions._hash_payload(row)
                entries.append(_Entry(row, payload, footprint, table))
        return entries

    def _append(self, copy, age, entries, seals):
        heads = {}
        times = {each: str(each - age) for each in {entry.occurred_at for entry in self._entries}}
        offset = self._span.offset(copy)
        for entry in self._entries:
            previous = heads.get(entry.key, chain.GENESIS)
            payload, line = entry.render(copy, times)
            hash_ = heads[entry.key] = _hash(previous, payload)
            sealed = f'{{"position":{self._position + 1},"row":"{hash_}"}}'
            seal_hash = _hash(self._head, sealed)
            if copy == 1:
                _compare(payload, previous, hash_)
                _compare(sealed, self._head, seal_hash)
            self._position += 1
            entry_id = entry.id + offset
            entries.write(f"{entry_id}\t{line}\t{previous}\t{hash_}\t{chain.CURRENT_VERSION}\n")
            seals.write(
                f"{self._position}\t{entry_id}\t{hash_}\t{self._head}\t{seal_hash}"
                f"\t{self._sealed_at}\n"
            )
            self._head = seal_hash

    def _store(self, table, columns, lines):
        lines.seek(0)
        self.env.cr.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", lines)


def _hash(previous, text):
    return "$1$" + hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def _compare(text, previous, hash_):
    if chain.row_hash(json.loads(text), previous) != hash_:
        raise ValueError(f"this is not how the suite hashes {text}")
