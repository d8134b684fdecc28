# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Advising and learning are killed in the midst: nothing half is left, and the next run goes on."""

import os
import time

import killed_workers
import population
import pytest

ITEMS = 70
KILLS = 6
STEP_SECONDS = 0.01
SECONDS_AT_WORK = (0.0, 1.0)
FIELDS = ("queue_id", "severity")
_QUEUES = {"stalled": "coding", "manual": "billing"}


@pytest.fixture(scope="module")
def policies(own_env):
    """Ids of two policies in shadow, and of the items that they are about, which have settled."""
    with own_env() as env:
        facility = population.group(env)
        groups = ("base.group_user", "hc_revenue_base.group_hc_team_lead")
        lead = (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": "Lead of Advice",
                    "login": "killed.lead",
                    "group_ids": [(6, 0, [env.ref(group).id for group in groups])],
                    "hc_facility_ids": [(6, 0, facility.ids)],
                }
            )
        )
        kinds = sorted(_QUEUES)
        keys = [f"killed-{number}" for number in range(ITEMS)]
        env["hc.work.item"]._open(
            [
                {
                    "kind": kinds[number % 2],
                    "queue_code": _QUEUES[kinds[number % 2]],
                    "name": key,
                    "dedup_key": key,
                    "company_id": facility.company_id.id,
                    "facility_id": facility.id,
                }
                for number, key in enumerate(keys)
            ]
        )
        items = env["hc.work.item"].search([("dedup_key", "in", keys)])
        env["hc.ai.policy"]._offer_missing()
        found = env["hc.ai.policy"].search(
            [
                ("company_id", "=", facility.company_id.id),
                ("res_model", "=", "hc.work.item"),
                ("field_name", "in", FIELDS),
            ]
        )
        found.responsible_id = lead
        found.action_shadow()
        env.flush_all()
        _age(env, "hc_work_item")
        return found.ids, items.ids


def _age(env, table):
    """What was written has settled: it is five days old."""
    env.cr.execute(
        f"UPDATE {table} SET create_date = create_date - interval '5 days',"
        " write_date = write_date - interval '5 days'"
    )


def _run(registry, folder, cron, step):
    """Run a Scheduled Action whose steps take some time and show that it has begun."""
    own = folder / f"{cron}-{os.getpid()}"
    model = registry["hc.ai.policy" if hasattr(registry["hc.ai.policy"], step) else _SUGGESTION]
    quick = getattr(model, step)

    def slow(records, *arguments):
        own.touch()
        time.sleep(STEP_SECONDS)
        return quick(records, *arguments)

    setattr(model, step, slow)
    with registry.cursor() as cursor:
        getattr(killed_workers.open_environment(cursor)["hc.ai.policy"], cron)()


_SUGGESTION = "hc.ai.suggestion"


def _kill_and_finish(database, folder, cron, step, count_sql):
    """Kill the Scheduled Action some times; each time all of a policy's work is there, or none."""
    import odoo

    registry = killed_workers.load(database)
    killed = 0
    for _kill in range(KILLS):
        pid = killed_workers.fork(_run, registry, folder, cron, step)
        begun = (folder / f"{cron}-{pid}").exists
        killed += killed_workers.kill_at_work(pid, begun, SECONDS_AT_WORK, 20)
        with registry.cursor() as cursor:
            cursor.execute(count_sql)
            counts = {count for _policy, count in cursor.fetchall()}
        odoo.sql_db.close_all()
        assert counts <= {0, ITEMS}, f"half of it is there: {counts}"
    assert killed, "no kill hit it at work"
    assert killed_workers.ended_well(killed_workers.fork(_run, registry, folder, cron, step))


_ADVISED = "SELECT policy_id, count(*) FROM hc_ai_suggestion GROUP BY policy_id"
_NOTED = "SELECT policy_id, count(outcome_at) FROM hc_ai_suggestion GROUP BY policy_id"


def test_killed_while_it_advises(own_env, own_database, policies, tmp_path):
    killed_workers.run_apart(
        _kill_and_finish, own_database, tmp_path, "_cron_advise", "_prepare_suggestion", _ADVISED
    )
    policy_ids, item_ids = policies
    with own_env() as env:
        for policy_id in policy_ids:
            suggestions = env[_SUGGESTION].search([("policy_id", "=", policy_id)])
            assert sorted(suggestions.mapped("res_id")) == sorted(item_ids), "each once"
            assert set(suggestions.mapped("state")) <= {"abstained", "shadow"}
        assert not env["hc.transition.seal"]._verify(), "the log is whole"
        _age(env, "hc_ai_suggestion")


def test_killed_while_it_learns(own_env, own_database, policies, tmp_path):
    killed_workers.run_apart(
        _kill_and_finish, own_database, tmp_path, "_cron_learn", "_note_outcome", _NOTED
    )
    policy_ids, item_ids = policies
    with own_env() as env:
        for policy in env["hc.ai.policy"].browse(policy_ids):
            suggestions = env[_SUGGESTION].search([("policy_id", "=", policy.id)])
            assert len(suggestions.filtered("outcome_value")) == len(item_ids)
        by_field = {policy.field_name: policy for policy in env["hc.ai.policy"].browse(policy_ids)}
        learned = by_field["queue_id"]
        assert learned.trained_at and learned.trained_count >= 50
        classifier, calibration = learned._get_learned()
        assert classifier and calibration, "what was learned is whole"
        assert learned.mode == "shadow"
