# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Writes docs/events/ from the registry of canonical events and the tables of statuses.

Run: ``python tests/pure/event_documents.py``.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "events"
INTRODUCTION = """# Canonical events

Generated from `hc_webhook_core` by `tests/pure/event_documents.py`; a test keeps it current.

Another system sends one of these as the `data` of a CloudEvents 1.0 envelope whose `type` is
the name in the first column. Objects are closed: a field that the schema does not name is
refused with its path. Money and numbers are decimal text, days `YYYY-MM-DD`, moments RFC 3339.

Events about one subject may come late, twice and in any order: the sender's `sequence`, or
where it gives none the `time`, decides which one counts; an older one is kept and marked
*superseded*. A source numbers all events of a subject, or none.

| type | meaning | about | done by | schema |
| --- | --- | --- | --- | --- |
"""
MAPS_INTRODUCTION = """
## Statuses of other standards

Where an event has a `native_…` field, the sender may write the code of one of these tables
instead of ours. A code that no table names is refused, never guessed. “–” changes nothing here.
"""


def schema_document(event):
    """The schema of an event as other systems read it."""
    from hc_core.schema import published

    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:hc-revenue:event:{event.type_name}",
        "title": event.type_name,
        "description": event.summary,
        **published(event.schema),
        "examples": [event.example],
    }


def documents():
    """Every file of the folder: ``{name: text}``."""
    from hc_webhook_core.events import EVENTS
    from hc_webhook_core.status_maps import MAPS

    files = {
        f"{event.type_name}.json": json.dumps(schema_document(event), indent=2, ensure_ascii=False)
        + "\n"
        for event in EVENTS
    }
    lines = [INTRODUCTION.rstrip("\n")]
    for event in EVENTS:
        about = ", ".join(f"`{name}`" for name in (*event.subject_scope, event.subject_path))
        operation = f"`{event.operation}`" if event.operation else "this module"
        done_by = f"{operation} ({event.module})" if event.module else operation
        name = event.type_name
        lines.append(
            f"| `{name}` | {event.summary} | {about} | {done_by} | [{name}]({name}.json) |"
        )
    lines.append(MAPS_INTRODUCTION)
    for table in MAPS:
        lines += [
            f"### `{table.system}`: {table.subject}\n",
            f"Source: {table.source}.\n",
            "| code | ours |\n| --- | --- |",
        ]
        lines += [f"| `{code}` | {ours or '–'} |" for code, ours in table.codes.items()]
        lines.append("")
    return files | {"README.md": "\n".join(lines)}


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "addons" / name) for name in ("hc_revenue_base", "hc_integration")]
    FOLDER.mkdir(parents=True, exist_ok=True)
    for file_name, content in documents().items():
        (FOLDER / file_name).write_text(content, encoding="utf-8")
