# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A module of the suite is used and then uninstalled: nothing of it is left but the log."""

from contextlib import contextmanager
from datetime import timedelta

import population
import pytest

MODULE = "test_hc_contracts"
MODEL = "hc.transport.request"
# What must still open on the screen, and must show what is left.
TRAILS = (
    "hc.transition",
    "hc.config.version",
    "hc.config.change",
    "hc.phi.read",
    "hc.refused.attempt",
    "hc.job",
    "hc.work.item",
    "hc.controlled.action",
    "hc.exchange",
    "hc.automation",
    "hc.automation.run",
)


@contextmanager
def _administration():
    """A cursor on the database server, outside of any transaction."""
    import odoo

    with odoo.sql_db.db_connect("postgres").cursor() as cursor:
        cursor._cnx.rollback()
        cursor._cnx.autocommit = True
        yield cursor


@pytest.fixture
def database(odoo_env, database_name):
    """A copy of the layer's database, for this test alone."""
    import odoo
    from odoo.modules.registry import Registry

    name = f"{database_name}_uninstall"
    with odoo_env():
        pass  # Odoo is configured.
    odoo.sql_db.close_db(database_name)
    with _administration() as cursor:
        odoo.service.db._drop_conn(cursor, database_name)
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{database_name}"')
    yield name
    Registry.delete(name)
    odoo.sql_db.close_db(name)
    with _administration() as cursor:
        odoo.service.db._drop_conn(cursor, name)
        cursor.execute(f'DROP DATABASE "{name}"')


@contextmanager
def _environment(name):
    import odoo
    from odoo.modules.registry import Registry

    with Registry(name).cursor() as cursor:
        yield odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})


def _use(env):
    """Leave traces by every contract of base; the number of rows in the log about requests."""
    encounter = population.encounters(env, 1, "uninstall-")
    encounter.action_complete()
    encounter._prepare_billing()
    tariff = env["hc.transport.tariff"].create({"name": "Van", "ride_fee": 40.0})
    vals = {
        "name": "Ride",
        "case_id": encounter.case_ids.id,
        "tariff_id": tariff.id,
        "pickup_at": env.cr.now() - timedelta(hours=1),
        "carrier": "Swift Vans",
    }
    waived, held, booked = env[MODEL]._request_transport([vals, vals, vals])
    waived.with_user(_hire(env, "waives", "supervisor", "all_facilities"))._request_waiver(
        "hardship"
    )
    env[MODEL]._cron_open_overdue()
    env["hc.work.item"].search([("res_id", "=", held.id), ("res_model", "=", MODEL)])._transition(
        "on_hold"
    )
    booked._transition("booked")
    held._enqueue_job("_job_book", {"carrier": "Swift"})
    exchange, _verdict = env["hc.exchange"]._receive(
        "transport_answer", "Swift Vans", "A-1", b'{"accepted": []}', "answer.json"
    )
    exchange._process(lambda done, left: True)
    automation = env.ref(f"{MODULE}.hc_automation_open_overdue_transports")
    automation.cron_id.method_direct_trigger()
    env["hc.config.version"]._take_missing()
    _change_tariff(env, tariff)
    env["hc.kpi.target"].create({"code": "transports_requested", "target_value": 3.0})
    env["hc.transition.seal"]._cron_seal()
    return env["hc.transition"].search_count([("res_model", "=", MODEL)])


def _hire(env, login, *roles):
    groups = [env.ref(f"hc_revenue_base.group_hc_{role}").id for role in roles]
    return env["res.users"].create(
        {"name": login, "login": login, "group_ids": [(4, group_id) for group_id in groups]}
    )


def _change_tariff(env, tariff):
    people = [_hire(env, login, "administrator") for login in ("asks", "agrees")]
    change = env["hc.config.change"].with_user(people[0])._propose(tariff, {"waiver_limit": 5.0})
    change.reason = "for this story"
    change.action_submit()
    change.with_user(people[1]).action_approve()
    assert tariff.waiver_limit == 5.0


def _shipped(env):
    """Every record that the module brings, as ``{(model, id)}``."""
    rows = env["ir.model.data"].search([("module", "=", MODULE)])
    return {(row.model, row.res_id) for row in rows}


def _shared(env, shipped):
    """Those of the records that another module brings too, such as base's models and fields."""
    rows = env["ir.model.data"].search([("model", "in", [name for name, _id in shipped])])
    return shipped & {(row.model, row.res_id) for row in rows}


def _uninstall(database):
    with _environment(database) as env:
        env["ir.module.module"].search([("name", "=", MODULE)]).button_immediate_uninstall()


def test_nothing_is_left_but_the_log(database):
    with _environment(database) as env:
        logged = _use(env)
        shipped = _shipped(env)
        refused = env["hc.refused.attempt"].search_count([("id", ">", 0)])
    assert logged >= 4
    assert {"ir.cron", "ir.rule", "ir.ui.view", "hc.automation"} <= {name for name, _id in shipped}
    _uninstall(database)
    with _environment(database) as env:
        assert env["ir.module.module"].search([("name", "=", MODULE)]).state == "uninstalled"
        assert not _shipped(env)
        left = {
            (name, res_id)
            for name, res_id in shipped - _shared(env, shipped)
            if name in env and env[name].browse(res_id).exists()
        }
        assert not left
        assert env["hc.refused.attempt"].search_count([("id", ">", 0)]) == refused
        _check_tables(env)
        _check_values(env)
        assert env["hc.transition"].search_count([("res_model", "=", MODEL)]) == logged
        assert env["hc.transition.seal"]._verify() is None
        _check_screens(env)


def _check_tables(env):
    env.cr.execute(
        """SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'hc_transport%'
            UNION SELECT model FROM ir_model WHERE model LIKE 'hc.transport%'
            UNION SELECT name FROM ir_model_fields WHERE relation LIKE 'hc.transport%'
            UNION SELECT key FROM ir_ui_view WHERE key LIKE 'test_hc_contracts.%'
            UNION SELECT name FROM ir_attachment WHERE res_model LIKE 'hc.transport%'"""
    )
    assert not env.cr.fetchall()


def _check_values(env):
    """No record of base is in a state or of a kind that nobody knows any more."""
    for model in (env[name] for name in sorted(env.registry) if name.startswith("hc.")):
        if not model._auto or model._abstract:
            continue
        for name, field in model._fields.items():
            if field.type == "selection" and field.store and not field.company_dependent:
                known = {*field.get_values(env), None}
                env.flush_all()
                env.cr.execute(f'SELECT DISTINCT "{name}" FROM "{model._table}"')
                unknown = {value for (value,) in env.cr.fetchall()} - known
                assert not unknown, f"{model._name}.{name}: {unknown}"
    assert not env["hc.job"].search([("res_model", "=", MODEL), ("state", "=", "pending")])


def _check_screens(env):
    for name in TRAILS:
        records = env[name].search([("id", ">", 0)], limit=100)
        names = [n for n, field in records._fields.items() if field.type not in ("binary", "json")]
        assert len(records.read(names)) == len(records), name
    log = env["hc.transition"].search([("res_model", "=", MODEL)], limit=1)
    assert "transport" in log.record_name
