# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A server killed in the middle of a billing batch: nothing is lost, nothing is billed twice."""

import multiprocessing
import os
import signal
import time

import population
import pytest

# Two batches of the Scheduled Action and a piece of a third.
ENCOUNTER_COUNT = 220
PATIENCE_SECONDS = 180


def _bill(config, database):
    """Run the Scheduled Action in a process of its own, as a cron worker does."""
    import odoo
    from odoo.modules.registry import Registry
    from odoo.tools import config as odoo_config

    odoo_config.parse_config([f"--config={config}", "--max-cron-threads=0"])
    with Registry(database).cursor() as cursor:
        env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
        env.ref("hc_revenue_base.ir_cron_prepare_billing").method_direct_trigger()


def _prepare(odoo_env):
    """Completed and coded encounters that no transaction has billed yet; their ids."""
    with odoo_env() as env:
        encounters = population.encounters(env, ENCOUNTER_COUNT, "killed-")
        population.group(env).billing_policy = "straight_through"
        encounters.action_complete()
        encounters.action_approve_coding()
    with odoo_env() as env:
        assert not env["hc.encounter"].browse(encounters.ids).case_ids
    return encounters.ids


def _count_posted(env, encounter_ids):
    return env["account.move"].search_count(
        [("hc_case_id.encounter_id", "in", encounter_ids), ("state", "=", "posted")]
    )


def _wait_for_invoices(odoo_env, process, encounter_ids):
    """Wait until the first batch is committed, while most of the others are still to come."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with odoo_env() as env:
            if _count_posted(env, encounter_ids):
                return
        assert process.is_alive(), "the batch ended before it could be killed"
        time.sleep(0.05)
    pytest.fail("no invoice was committed in time")


def test_killed_billing_goes_on_and_bills_each_encounter_once(odoo_env, database_name):
    encounter_ids = _prepare(odoo_env)
    arguments = (os.environ["HC_TEST_CONFIG"], database_name)
    process = multiprocessing.get_context("spawn").Process(target=_bill, args=arguments)
    process.start()
    _wait_for_invoices(odoo_env, process, encounter_ids)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    with odoo_env() as env:
        assert 0 < _count_posted(env, encounter_ids) < ENCOUNTER_COUNT
        env.ref("hc_revenue_base.ir_cron_prepare_billing").method_direct_trigger()
    with odoo_env() as env:
        encounters = env["hc.encounter"].browse(encounter_ids)
        cases = encounters.case_ids
        assert len(cases) == ENCOUNTER_COUNT, "one case per encounter"
        assert set(cases.mapped("stage")) == {"invoiced"}
        assert len(cases.invoice_ids) == ENCOUNTER_COUNT, "one invoice per case"
        assert set(cases.invoice_ids.mapped("state")) == {"posted"}
        charges = sum(encounters.charge_ids.mapped("amount"))
        assert charges == sum(cases.invoice_ids.mapped("amount_total"))
        assert charges == sum(
            env["hc.balance"].search([("case_id", "in", cases.ids)]).mapped("amount_open")
        )
        assert not env["hc.transition.seal"]._verify(), "the log is whole"
