# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The server's log as one JSON object a line, with a trace id and without patient data.

Switched on by the variable HC_LOG_FORMAT=json of the server. The suite's own messages name ids and
codes only and are written out. Of all other loggers the template of a message is written and not
what was put into it: an address with a token, a statement with a name, would be in there. For the
same reason an error is told by its type and by the places where it passed, not by its words.
"""

import json
import logging
import os
import re
import secrets
import traceback
from contextvars import ContextVar
from datetime import datetime, timezone

FORMAT_VARIABLE = "HC_LOG_FORMAT"
# Loggers whose messages are the suite's own.
_OWN = re.compile(r"odoo\.addons\.(test_)?hc_")
# W3C Trace Context, version 00: version, trace id, parent id, flags.
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-(?P<trace>[0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_NO_TRACE = "0" * 32
_MESSAGE_CHARACTERS = 4000
_PLACES_MAX = 20

_trace_id: ContextVar[str] = ContextVar("hc_trace_id", default="")


def begin_trace(header=""):
    """A trace id for what this thread does now: the caller's, where it sent one, else a new one.

    Args:
        header: the caller's ``traceparent``, as it came.
    """
    match = _TRACEPARENT.fullmatch(header or "")
    trace = match["trace"] if match and match["trace"] != _NO_TRACE else secrets.token_hex(16)
    _trace_id.set(trace)
    return trace


def get_trace_id():
    """The trace id of what this thread does, empty where none was begun."""
    return _trace_id.get()


class JsonFormatter(logging.Formatter):
    """One line of JSON per record."""

    def format(self, record):
        moment = datetime.fromtimestamp(record.created, timezone.utc)
        line = {
            "time": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": self._get_message(record),
            "database": getattr(record, "dbname", None) or None,
            "process": record.process,
            "trace_id": get_trace_id() or None,
        }
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__qualname__
            line["places"] = self._get_places(record.exc_info[2])
        return json.dumps({name: value for name, value in line.items() if value is not None})

    def _get_message(self, record):
        if _OWN.match(record.name):
            return record.getMessage()[:_MESSAGE_CHARACTERS]
        # Without arguments it may have been put together before: its first line says enough.
        text = str(record.msg)
        return (text if record.args else text.partition("\n")[0].partition(": ")[0])[
            :_MESSAGE_CHARACTERS
        ]

    def _get_places(self, trace):
        frames = traceback.extract_tb(trace)[-_PLACES_MAX:]
        return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]


def install():
    """Have every handler of the server write JSON, where the server's variable says so."""
    if os.environ.get(FORMAT_VARIABLE, "").lower() != "json":
        return
    formatter = JsonFormatter()
    for handler in logging.getLogger().handlers:
        handler.setFormatter(formatter)
