# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Judges of X12 files that others wrote; the tests skip where they are not installed."""

import functools
import io
import json
import re

import pytest


def pyx12_errors(data: bytes) -> list[str]:
    """What pyx12 objects to in a file, with the segment it means."""
    pytest.importorskip("pyx12", reason="pyx12 is not installed; it needs Python 3.11")
    import pyx12.map_if
    import pyx12.params
    import pyx12.x12n_document

    if pyx12.map_if.load_map_file.__module__.startswith("pyx12"):
        load = pyx12.map_if.load_map_file
        maps = functools.cache(lambda name: load(name, pyx12.params.ParamsBase()))
        # A map is 400 KB of XML: it is parsed once.
        pyx12.map_if.load_map_file = lambda name, _parameters, _path=None: maps(name)
    report = io.StringIO()
    is_valid = pyx12.x12n_document.x12n_document(
        pyx12.params.ParamsBase(),
        io.StringIO(data.decode("ascii")),
        None,
        None,
        fd_json=report,
    )
    found = list(_texts(json.loads(report.getvalue())))
    return found if found or is_valid else ["not valid, for no stated reason"]


def _texts(node):
    if isinstance(node, dict):
        if node.get("errors"):
            for error in node["errors"]:
                yield f"line {node.get('cur_line')} {node.get('seg_id', '')}: {error}"
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)


def x12sdk_transactions(data: bytes) -> list[str]:
    """The transactions of a file as x12sdk writes them again from its own models.

    A file that its models do not admit is an error.
    """
    pytest.importorskip("x12sdk")
    from x12sdk.io import X12ModelReader

    with X12ModelReader(data.decode("ascii").replace("\n", "")) as reader:
        return [model.x12().replace("\n", "") for model in reader.models()]


def own_transactions(data: bytes) -> list[str]:
    """The transactions of a file as they stand in it."""
    text = data.decode("ascii").replace("\n", "")
    return re.findall(r"(?<=~)ST\*.*?~SE\*[^~]*~", text)
