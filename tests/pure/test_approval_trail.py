# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The check that a third party runs over an exported trail agrees with the log's own hashes."""

import json

from hc_approval_core.trail import COLUMNS, find_breaks
from hc_core import chain


def _trail(records=2, entries=3):
    """Log rows of some records, sealed in their order, as an export holds them."""
    rows, sealed, position = [], chain.GENESIS, 0
    for record in range(1, records + 1):
        previous = chain.GENESIS
        for number in range(1, entries + 1):
            payload = {
                "res_model": "hc.example",
                "res_id": record,
                "sequence": number,
                "reason": "für gut befunden\n",
            }
            hash_ = chain.row_hash(payload, previous)
            position += 1
            seal = chain.row_hash({"position": position, "row": hash_}, sealed)
            rows.append(
                dict.fromkeys(COLUMNS, "")
                | {
                    "row_type": "log",
                    "log_model": "hc.example",
                    "log_record": str(record),
                    "log_number": str(number),
                    "log_content": chain.canonical_json(payload),
                    "log_previous_hash": previous,
                    "log_hash": hash_,
                    "seal_position": str(position),
                    "seal_previous_hash": sealed,
                    "seal_hash": seal,
                }
            )
            previous, sealed = hash_, seal
    return rows


def _problems(rows):
    return "; ".join(find_breaks(rows))


def test_an_untouched_trail_holds():
    assert _problems(_trail()) == ""


def test_rows_that_are_no_log_entries_are_left_alone():
    assert _problems([{"row_type": "evidence"}, *_trail()]) == ""


def test_entries_that_are_not_sealed_yet_hold():
    rows = [row | {"seal_position": "", "seal_hash": ""} for row in _trail()]
    assert _problems(rows) == ""


def test_every_changed_cell_shows():
    for name in ("log_content", "log_hash", "log_previous_hash", "seal_hash", "seal_previous_hash"):
        rows = _trail()
        value = rows[1][name]
        rows[1][name] = value.replace("gut", "schlecht") if name == "log_content" else "$1$0"
        assert _problems(rows), name


def test_a_missing_entry_shows_at_the_start_and_in_the_middle():
    for position in (0, 1):
        rows = _trail(records=1)
        del rows[position]
        assert "missing" in _problems(rows)


def test_an_entry_moved_to_another_record_shows():
    rows = _trail()
    rows[0]["log_record"] = "2"
    assert "another record" in _problems(rows)


def test_a_rewritten_chain_does_not_fit_its_seals():
    """Whoever rewrites content and hashes of a record still has the seals against them."""
    rows = _trail(records=1)
    content = json.loads(rows[2]["log_content"]) | {"reason": "forged"}
    rows[2]["log_content"] = chain.canonical_json(content)
    rows[2]["log_hash"] = chain.row_hash(content, rows[2]["log_previous_hash"])
    assert _problems(rows) == "hc.example,1 entry 3: its seal does not match"
