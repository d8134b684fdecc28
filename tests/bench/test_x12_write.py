# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Writing 837P batches, no database: claims a second, linear in time, flat in memory."""

import sys
import tracemalloc
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from hc_x12.parties import Name
from hc_x12.transaction_file import Outcome
from hc_x12.write_837p import write_837p

sys.path.insert(0, str(Path(__file__).parents[1] / "pure"))
from x12_claims import (
    CHILD,
    CLAIM,
    CLINIC,
    ENVELOPE,
    LINE,
    RECEIVER,
    SUBMITTER,
    SUBSCRIBER,
    secondary,
)

SIZES = (2_000, 20_000)
LINES = 3
ROUNDS = 3
# Memory is traced at a fifth of the speed.
TRACED_SIZES = (2_000, 8_000)
PEER_CLAIMS = 300


def claims(count):
    """Claims of many people at four clinics; a quarter for children, a tenth for a second payer."""
    for number in range(count):
        clinic = replace(CLINIC, name=Name(f"CLINIC {number * 4 // count}", is_organization=True))
        holder = replace(SUBSCRIBER, member_id=f"M{number:08d}")
        lines = tuple(replace(LINE, control_number=f"L{place}") for place in range(LINES))
        claim = replace(
            CLAIM,
            claim_id=f"PC{number:08d}",
            charge=Decimal(120) * LINES,
            billing_provider=clinic,
            coverage=replace(CLAIM.coverage, subscriber=holder),
            patient=CHILD if number % 4 == 0 else None,
            lines=lines,
        )
        yield secondary(claim) if number % 10 == 0 else claim


def write(documents):
    """Write a batch; the size of the file and the outcome."""
    outcome = Outcome()
    size = sum(map(len, write_837p(ENVELOPE, SUBMITTER, RECEIVER, documents, outcome)))
    return size, outcome


def test_batches_of_claims(figures, stopwatch):
    for count in SIZES:
        prepared = list(claims(count))
        seconds = []
        for _round in range(ROUNDS):
            spent, (size, outcome) = stopwatch(partial(write, prepared))
            assert outcome.documents == count
            assert outcome.charge == Decimal(120) * LINES * count
            seconds.append(spent)
        figures.add_median(
            f"837P written, {count:,} claims of {LINES} lines",
            [count / spent for spent in seconds],
            "claims/s",
            f"{size / count:,.0f} bytes each",
        )


def test_memory_of_a_batch(figures):
    peaks = []
    for count in TRACED_SIZES:
        tracemalloc.start()
        assert write(claims(count))[1].documents == count
        peaks.append(tracemalloc.get_traced_memory()[1] / 2**20)
        tracemalloc.stop()
        figures.add(f"837P written, memory at {count:,} claims", peaks[-1], "MB")
    # Four times the claims take no more memory.
    assert peaks[-1] < peaks[0] * 1.3


def test_beside_a_library(figures, stopwatch):
    io = pytest.importorskip("x12sdk.io")
    prepared = list(claims(PEER_CLAIMS))
    ours, (_size, outcome) = stopwatch(partial(write, prepared))
    assert outcome.documents == PEER_CLAIMS
    data = b"".join(write_837p(ENVELOPE, SUBMITTER, RECEIVER, prepared, Outcome()))
    text = data.decode().replace("\n", "").replace("005010X222A1", "005010X222A2")
    with io.X12ModelReader(text) as reader:
        models = list(reader.models())
    theirs, written = stopwatch(lambda: sum(len(model.x12()) for model in models))
    assert written
    figures.add("837P: time of x12sdk's writing of models, in ours", theirs / ours, "x")
