# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Charge import: rows a second and memory, from the stored file to the moved encounters."""

import resource
import time
from pathlib import Path

from charge_files import create_master_data, write_rows


def resident_mib():
    """Memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def test_import(odoo_env, size, tmp_path, figures, stopwatch):
    """Charges a second, CPU and memory growth; aim: 300 a second, flat memory at 20,000."""
    path = tmp_path / f"charges_{size}.csv"
    write_rows(path, size)
    with odoo_env() as env:
        create_master_data(env)
        env.cr.commit()
        memory, started = resident_mib(), time.monotonic()
        cpu, report = stopwatch(lambda: env["hc.exchange"]._run_charge_import(path, "bench"))
        seconds, growth = time.monotonic() - started, resident_mib() - memory
    assert (report["state"], report["imported"]) == ("done", size), report
    figures.add(f"import, {size} charges", size / seconds, "charges/s")
    figures.add(f"import, {size} charges", cpu / size * 1000, "ms CPU each")
    figures.add(f"import, {size} charges, memory growth", growth, "MiB")


def test_second_import(odoo_env, size, tmp_path, figures):
    """Charges a second when every row is known already."""
    path = tmp_path / f"charges_{size}.csv"
    write_rows(path, size)
    with odoo_env() as env:
        create_master_data(env)
        env.cr.commit()
        env["hc.exchange"]._run_charge_import(path, "bench")
        path.write_bytes(path.read_bytes() + b"\r\n")
        started = time.monotonic()
        report = env["hc.exchange"]._run_charge_import(path, "bench")
        seconds = time.monotonic() - started
    assert report["repeated"] == size, report
    figures.add(f"second import, {size} charges", size / seconds, "charges/s")
