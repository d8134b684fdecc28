# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Files that nobody of this project wrote."""

import json

import pytest
from corpus import CORPUS, expected_remittances, needs_corpus, x12_files
from hc_x12.summary import FileSummary

pytestmark = needs_corpus

# The reference lists the payments of the first ten transactions.
LISTED_PAYMENTS = 10
# Neither of these can be divided into segments.
UNREADABLE = {"x12.no.line.break.no.delim.txt", "x12.wrong.ISA.txt", "LICENSE.txt"}


def summary_of(path):
    with (CORPUS / path).open("rb") as source:
        return FileSummary(source, str(path))


@pytest.mark.parametrize("expected", expected_remittances(), ids=lambda each: each["path"])
def test_remittances_have_the_counts_and_totals_of_an_independent_checker(expected):
    figures = summary_of(expected["path"]).as_dict()
    figures["BPR02"] = figures["BPR02"][:LISTED_PAYMENTS]
    assert {name: figures[name] for name in expected} == expected


@pytest.mark.parametrize("path", x12_files(), ids=str)
def test_every_file_is_read_with_data_or_findings(path):
    summary = summary_of(path)
    figures = summary.as_dict()
    assert json.loads(json.dumps(figures)) == figures
    assert summary.is_readable == (path.name not in UNREADABLE)
    assert summary.is_readable or summary.reader.findings.has_errors
