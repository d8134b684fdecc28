# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Reading X12 files from the command line; needs neither Odoo nor a set-up."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from .console import say
from .paths import REPOSITORY, Home

PACKAGE_FOLDER = REPOSITORY / "addons" / "hc_claims"

PROVEN = 0
NOT_PROVEN = 1
UNREADABLE = 2


def x12(home: Home, options: argparse.Namespace) -> int:
    """Print what X12 files hold and whether their amounts are proven.

    Args:
        home: the home folder, which is not used.
        options: `files` and `json`.

    Returns:
        0 where every file is proven, 1 where one is not, 2 where one cannot be read.
    """
    outcomes, contents = [], []
    for name in options.files:
        outcome, content = _read(name)
        outcomes.append(outcome)
        if options.json:
            contents.append(content)
        else:
            for line in _lines(content):
                say(line)
    if options.json:
        say(json.dumps({"files": contents}, indent=1))
    return max(outcomes)


def _read(name: str) -> tuple[int, dict[str, Any]]:
    if str(PACKAGE_FOLDER) not in sys.path:
        sys.path.insert(0, str(PACKAGE_FOLDER))
    from hc_x12.summary import FileSummary

    try:
        with Path(name).open("rb") as source:
            summary = FileSummary(source, name, as_of=date.today())
    except OSError as error:
        return UNREADABLE, {"path": name, "proven": False, "error": error.strerror}
    if not summary.is_readable:
        return UNREADABLE, summary.as_dict()
    return (PROVEN if summary.is_proven else NOT_PROVEN), summary.as_dict()


def _lines(content: dict[str, Any]) -> list[str]:
    """Return a file's figures for a person."""
    if "error" in content:
        return [f"{content['path']}: cannot be read: {content['error']}"]
    is_remittance = any(kind.startswith("835") for kind in content["types"])
    verdict = ("NOT PROVEN", "proven") if is_remittance else ("errors found", "no errors")
    types = ", ".join(f"{count} x {kind}" for kind, count in content["types"].items())
    lines = [
        f"{content['path']}: {verdict[content['proven']]}",
        f"  {content['interchanges']} interchanges, {content['transactions']} transactions"
        f" ({types or 'none'})",
    ]
    if is_remittance:
        lines += _remittance_lines(content)
    lines += [f"  {name}: {count}" for name, count in content["answers"].items() if count]
    lines += [_finding_line(finding) for finding in content["findings"]]
    if content["findings_left_off"]:
        lines.append(f"  and {content['findings_left_off']} more findings")
    return [_printable(line) for line in lines]


def _remittance_lines(content: dict[str, Any]) -> list[str]:
    unproven = [balance for balance in content["balances"] if not balance["proven"]]
    return [
        f"  {content['claims']} claims, {content['service_lines']} service lines",
        f"  paid {content['sum_CLP04']} less adjustments {content['sum_PLB']}",
        f"  unbalanced: {content['service_lines_unbalanced']} service lines, "
        f"{content['claims_unbalanced']} claims, "
        f"{sum(balance['level'] == 'transaction' for balance in unproven)} transactions",
        *(f"    {_subject(balance)}: {_difference(balance)}" for balance in unproven),
    ]


def _subject(balance: dict[str, Any]) -> str:
    parts = [f"transaction {balance['transaction']}"]
    if balance["claim"]:
        parts.append(f"claim {balance['claim']}")
    if balance["line"]:
        parts.append(f"line {balance['line']}")
    return ", ".join(parts)


def _difference(balance: dict[str, Any]) -> str:
    if balance["difference"] is None:
        return "an amount is missing or cannot be read"
    return (
        f"expected {balance['expected']}, found {balance['found']},"
        f" difference {balance['difference']}"
    )


def _finding_line(finding: dict[str, Any]) -> str:
    place = f"segment {finding['segment_number']}" if finding["segment_number"] else "file"
    if finding["tag"]:
        place += f" {finding['tag']}" + (f"{finding['element']:02d}" if finding["element"] else "")
    claim = f", claim {finding['claim']}" if finding["claim"] else ""
    return f"  {finding['severity']} at {place}{claim}: {finding['message']} ({finding['code']})"


def _printable(text: str) -> str:
    """Return text that cannot steer the terminal."""
    return "".join(character if character.isprintable() else "?" for character in text)
