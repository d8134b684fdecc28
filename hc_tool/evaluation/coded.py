# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Coded denials: the shipped table of reason codes gives the category, or nothing."""

import csv

from hc_ai_core.meanings import look_up

from ..paths import REPOSITORY
from .figures import Figure, Samples

TASK = "coded"
SHIPPED = REPOSITORY / "addons" / "hc_revenue_base" / "data" / "hc.adjustment.code.csv"
# Codes that no table holds: retired ones, other tables' codes, slips.
UNMAPPED = ("", "0", "17", "999", "CO", "45X", "N-30")


def samples(at: Samples) -> list:
    """The files that it needs."""
    return [at.codes]


def measure(at: Samples) -> list[Figure]:
    """Compare the shipped table with the reference, and ask it for codes that are none."""
    with SHIPPED.open(newline="") as file:
        table = {
            row["code"]: row["category"]
            for row in csv.DictReader(file)
            if row["code_type"] == "carc" and row["category"]
        }
    with at.codes.open(newline="") as file:
        truth = {
            row["code"]: row["category"]
            for row in csv.DictReader(file)
            if row["code_type"] == "CARC" and row["category"]
        }
    choices = set(table.values())

    def classify(code: str) -> str | None:
        # As advice does: the table's value of the code, looked up among the choices.
        known = look_up([(code, table.get(code, ""))], choices)
        return known.value if known else None

    right = sum(classify(code) == category for code, category in truth.items())
    silent = sum(classify(code) is None for code in UNMAPPED)
    return [
        Figure(TASK, "category of mapped codes", right / max(1, len(truth)), 1.0, len(truth)),
        Figure(TASK, "no answer for unmapped codes", silent / len(UNMAPPED), 1.0, len(UNMAPPED)),
    ]
