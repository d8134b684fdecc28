# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A copy of the database after `odoo neutralize`: it speaks for nobody and takes nothing in."""

import os
import subprocess
import sys
import uuid

import outbound
import own_server
import pytest
import senders
from webhook_receiver import receiving

CODE = "copied-system"


def _connect_everything(env, receiver_url, root):
    """All ways in and out, at work; returns the key of the operations."""
    source = senders.connect_source(env, code=CODE)
    source.write(
        {
            "fhir_base_url": "https://ehr.example/fhir",
            "fhir_cursor": "2026-03-02 00:00:00",
            "is_fhir_polled": True,
        }
    )
    key = env["hc.integration.key"]._issue(source, "copy", 30)
    drop = {"name": CODE, "source_id": source.id, "folder": "charges"}
    env["hc.file.drop"].create({**drop, "document_type": "charge_csv", "completeness": "marker"})
    incoming = root / CODE / "charges" / "in"
    incoming.mkdir(parents=True)
    (incoming / "a.csv").write_text("number\n1\n")
    (incoming / "a.csv.done").touch()
    outbound.subscribe(env, receiver_url, "copied")
    outbound.tell(env, env["res.partner"].create({"name": "P"}))
    provider = env["payment.provider"].search([], limit=1)
    # As a provider that was live: what its own checks ask for is not the subject here.
    env.cr.execute(
        "UPDATE payment_provider SET state = 'test', is_published = true WHERE id = %s",
        [provider.id],
    )
    return key


def _neutralize(database):
    """Run the command that an operator runs."""
    subprocess.run(
        [sys.executable, "-m", "odoo", "neutralize", "-d", database]
        + ["-c", os.environ["HC_TEST_CONFIG"]],
        check=True,
        capture_output=True,
    )


@pytest.fixture(scope="module")
def copy(own_database, tmp_path_factory):
    """A neutralized copy: ``(key of the operations, receiver, folder of file drops)``."""
    import odoo
    from odoo.modules.registry import Registry

    folder = tmp_path_factory.mktemp("copy")
    with receiving(folder) as receiver:
        with Registry(own_database).cursor() as cursor:
            env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
            key = _connect_everything(env, receiver.url, folder / "root")
        odoo.sql_db.close_db(own_database)
        _neutralize(own_database)
        Registry(own_database).clear_all_caches()
        yield key, receiver, folder / "root"


def test_nothing_is_sent(copy, own_env):
    _key, receiver, _root = copy
    with own_env() as env:
        env.cr.execute("SELECT count(*) FROM hc_secret_value")
        assert env.cr.fetchone() == (0,)
        assert set(env["hc.event.delivery"].search([("id", ">", 0)]).mapped("state")) == {
            "cancelled"
        }
        outbound.tell(env, env["res.partner"].create({"name": "Q"}))
        assert not env["hc.event.delivery"].search([("state", "in", ("pending", "sending"))])
        env["hc.event.delivery"]._cron_drain()
        env["hc.integration.source"]._cron_poll_fhir()
        assert not env["hc.integration.source"].search([("is_fhir_polled", "=", True)])
        answers = env["hc.http.call"].search([("id", ">", 0)])
        assert not answers, "no call was even begun"
        assert not env["ir.mail_server"].search([("smtp_host", "!=", "invalid")])
    assert receiver.arrivals() == []


def test_no_scheduled_action_runs(copy, own_env):
    with own_env() as env:
        assert env["ir.cron"].search([]) == env.ref("base.autovacuum_job")


def test_nothing_is_taken_in_over_http(copy, own_database, own_env, tmp_path):
    key, _receiver, _root = copy
    with own_server.own_server(own_database, tmp_path / "server.log", workers=1) as server:
        status, _headers, document = senders.send(server.url, CODE)
        assert (status, document["code"]) == (401, "not_authenticated")
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {key}",
            "Idempotency-Key": uuid.uuid4().hex,
        }
        path = "/hc/v1/operations/work_item.open"
        body = b'{"name": "x", "queue_code": "operations"}'
        assert senders.post(server.url, path, body, headers)[0] == 401
    with own_env() as env:
        assert not env["hc.exchange"].search([("source", "=", CODE)])
        assert env["hc.integration.key"].search([("source_id.code", "=", CODE)]).state == "revoked"


def test_no_file_is_taken_even_when_it_is_connected_again(copy, own_env):
    from odoo.exceptions import UserError
    from odoo.tools import config

    _key, _receiver, root = copy
    before = config["hc_file_drop_root"] if "hc_file_drop_root" in config.options else None
    config["hc_file_drop_root"] = str(root)
    try:
        with own_env() as env:
            source = env["hc.integration.source"].search([("code", "=", CODE)])
            assert source.state == "paused"
            with pytest.raises(UserError):
                source.action_activate()  # its secret is gone
            source.secret_id.value = senders.SECRET
            source.action_activate()
            env["hc.file.drop"]._cron_look()
            assert not env["hc.exchange"].search([("source", "=", CODE)])
    finally:
        config["hc_file_drop_root"] = before
    assert (root / CODE / "charges" / "in" / "a.csv").exists()


def test_no_payment_is_taken(copy, own_env):
    with own_env() as env:
        providers = env["payment.provider"].with_context(active_test=False)
        assert not providers.search([("state", "!=", "disabled")])
        assert not providers.search([("is_published", "=", True)])
