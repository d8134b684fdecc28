# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Another reader of the 835 as judge: oxedi (MIT, written in Rust, Python 3.11 or newer)."""

from collections import Counter

import pytest
import remittance_files as files
from corpus import CORPUS, expected_remittances, needs_corpus
from hc_x12.summary import FileSummary
from hypothesis import given
from hypothesis import strategies as st

oxedi = pytest.importorskip("oxedi", reason="oxedi is not installed: none for Python 3.10")

LEVELS = ("service_balance", "claim_balance", "transaction_balance")


def judged(content):
    """Claims, sum of payments and the failed balances by level, as oxedi sees them."""
    result = oxedi.parse(content)
    rules = [each.rule for each in result.diagnostics if each.kind == "BalanceMismatch"]
    failed = Counter(level for level in LEVELS for rule in rules if f'"{level}"' in rule)
    return result.count_claims(), result.sum_payments(), [failed[level] for level in LEVELS]


def ours(content):
    figures = FileSummary([content]).remittances
    counts = figures.counts
    failed = [
        counts["service_lines_unbalanced"],
        counts["claims_unbalanced"],
        counts["transactions_unbalanced"],
    ]
    return counts["claims"], figures.paid - figures.adjusted, failed


amounts = st.integers(-50_000, 50_000).map(lambda cents: f"{cents / 100:.2f}".encode())
places = st.sampled_from([b"CLP", b"SVC", b"CAS", b"PLB"])


@given(st.integers(0, 10**6), st.lists(st.tuples(places, amounts, st.floats(0, 1)), max_size=4))
def test_balances_fail_at_the_same_levels(seed, changes):
    claims = list(files.many_claims(4, seed))
    transaction = files.transaction_segments(claims, [("WO", "X", 5), ("L6", "Y", -3)])
    segments = [[text.encode() for text in segment] for segment in transaction]
    element = {b"CLP": 4, b"SVC": 3, b"CAS": 3, b"PLB": 4}
    for tag, amount, where in changes:
        found = [segment for segment in segments if segment[0] == tag]
        found[int(where * (len(found) - 1))][element[tag]] = amount
    decoded = [[text.decode() for text in segment] for segment in segments]
    content = files.interchange([decoded])
    count, _payments, failed = judged(content)
    assert (count, failed) == (ours(content)[0], ours(content)[2])


@needs_corpus
@pytest.mark.parametrize("path", [each["path"] for each in expected_remittances()])
def test_the_sample_files_have_the_same_claims_payments_and_balances(path):
    content = (CORPUS / path).read_bytes()
    assert ours(content) == judged(content)
