# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A server killed in the middle of an import: nothing is lost, nothing is doubled."""

import multiprocessing
import os
import signal
import time

import pytest
from charge_files import create_master_data, write_rows

ROW_COUNT = 2500
PATIENCE_SECONDS = 180


def _import_file(config, database, path):
    """Import in a process of its own, as a server command does."""
    import odoo
    from odoo.modules.registry import Registry
    from odoo.tools import config as odoo_config

    odoo_config.parse_config([f"--config={config}", "--max-cron-threads=0"])
    with Registry(database).cursor() as cursor:
        env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
        env["hc.exchange"]._run_charge_import(path, "killed")


def _progress(odoo_env):
    with odoo_env() as env:
        exchange = env["hc.exchange"].search([("source", "=", "killed")])
        return exchange.processed_count, exchange.state


def _wait_for_rows(odoo_env, process):
    """Wait until the first rows are committed, while most of the file is still to come."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        done, _state = _progress(odoo_env)
        if done:
            return done
        assert process.is_alive(), "the import ended before it could be killed"
        time.sleep(0.05)
    return pytest.fail("no row was committed in time")


def test_killed_import_goes_on_behind_the_last_commit(odoo_env, database_name, tmp_path):
    path = tmp_path / "charges.csv"
    write_rows(path, ROW_COUNT)
    with odoo_env() as env:
        create_master_data(env)
    process = multiprocessing.get_context("spawn").Process(
        target=_import_file, args=(os.environ["HC_TEST_CONFIG"], database_name, str(path))
    )
    process.start()
    done = _wait_for_rows(odoo_env, process)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert process.exitcode == -signal.SIGKILL
    done, state = _progress(odoo_env)
    assert 0 < done < ROW_COUNT
    assert state == "processing"
    with odoo_env() as env:
        services = env["hc.service.line"].search_count([("source", "=", "killed")])
        assert services == done, "rows and their count are committed together"
        report = env["hc.exchange"]._run_charge_import(str(path), "killed")
    assert (report["verdict"], report["state"]) == ("duplicate", "done")
    assert (report["imported"], report["repeated"], report["refused"]) == (ROW_COUNT, 0, 0)
    with odoo_env() as env:
        encounters = env["hc.encounter"].search([("source", "=", "killed")])
        assert len(encounters.service_line_ids) == ROW_COUNT
        assert set(encounters.mapped("state")) == {"completed"}
        assert set(encounters.mapped("coding_state")) == {"approved"}
