# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Reading and proving an 835, no database; aims: 20,000 claims/s, 100 MB at 100,000 claims.

The peer in the same run is oxedi, which is written in Rust; it is measured where it is
installed. A reader that only divides the file into elements shows what Python needs at
least.
"""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import remittance_files as files
from hc_x12.proof import prove_claim
from hc_x12.remittance_reader import read_remittances

_AIM_CLAIMS_PER_SECOND = 20_000
_AIM_MEGABYTES = 100
_CLAIMS = 10_000
_MANY_CLAIMS = 100_000
_ROUNDS = 5
_ROOT = Path(__file__).resolve().parents[2]


def _prove(content):
    claims = proven = 0
    for remittance in read_remittances([content]):
        for claim in remittance.claims:
            claims += 1
            proven += prove_claim(claim).is_proven
        assert remittance.trailer.balance.is_proven
    return claims, proven


def _divide(content):
    return sum(len(segment.split("*")) for segment in content.decode("latin-1").split("~"))


def _rates(stopwatch, call):
    return [_CLAIMS / stopwatch(call)[0] for _round in range(_ROUNDS)]


def test_claims_per_second(figures, stopwatch):
    content = b"".join(files.file_pieces(_CLAIMS))
    assert _prove(content) == (_CLAIMS, _CLAIMS)
    note = f"aim {_AIM_CLAIMS_PER_SECOND:,}"
    rates = _rates(stopwatch, lambda: _prove(content))
    figures.add_median("835: read and prove", rates, "claims/s CPU", note)
    figures.add("  segments per claim", content.count(b"~") / _CLAIMS, "segments")
    divided = _rates(stopwatch, lambda: _divide(content))
    figures.add_median("  divide into elements only", divided, "claims/s CPU")
    figures.add("  ratio to dividing only", max(rates) / max(divided), "x")
    if find_spec("oxedi") is None:
        return
    import oxedi

    peer = _rates(stopwatch, lambda: oxedi.parse(content))
    figures.add_median("  oxedi (Rust): parse", peer, "claims/s CPU")
    figures.add("  ratio to oxedi", max(rates) / max(peer), "x")


_MEMORY_PROGRAM = """
import sys
from pathlib import Path
import remittance_files as files
from hc_x12.proof import prove_claim
from hc_x12.remittance_reader import read_remittances
def peak():
    status = Path("/proc/self/status").read_text()
    return next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
before = peak()
for remittance in read_remittances(files.file_pieces(int(sys.argv[1]))):
    count = sum(prove_claim(claim).is_proven for claim in remittance.claims)
    assert remittance.trailer.balance.is_proven and count == int(sys.argv[1])
print(before, peak())
"""


def test_memory_at_100_000_claims(figures):
    path = ":".join(map(str, (_ROOT / "addons" / "hc_claims", _ROOT / "tests")))
    result = subprocess.run(
        [sys.executable, "-c", _MEMORY_PROGRAM, str(_MANY_CLAIMS)],
        env={"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    before, peak = (int(kilobytes) / 1024 for kilobytes in result.stdout.split())
    figures.add("835: peak memory at 100,000 claims", peak, "MB", f"aim {_AIM_MEGABYTES}")
    figures.add("  of which Python and the package", before, "MB")
