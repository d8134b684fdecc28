# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Events that leave: who reaches subscriptions, where they can be pointed, what can be forged."""

import itertools
import uuid

import outbound
import pytest
from probes import FORGED, forge, reads
from webhook_receiver import receiving

SUBSCRIPTION, DELIVERY = "hc.event.subscription", "hc.event.delivery"
OUTSIDERS = ("clerk", "specialist", "collector", "manager", "cfo", "executive", "integration")
INSIDE = (
    "https://169.254.169.254/latest/meta-data",
    "https://10.0.0.1/",
    "https://[::1]:8069/",
    "https://[::ffff:127.0.0.1]/",
    "https://localhost/",
    "http://example.com/",
)


@pytest.fixture(scope="module")
def sent(world, tmp_path_factory):
    """Ids of a subscription and of a delivery that waits, and the receiver."""
    with receiving(tmp_path_factory.mktemp("receiver")) as receiver:
        with world.env() as env:
            subscription = outbound.subscribe(env, receiver.url, f"attacked {uuid.uuid4()}")
            partner = env["res.partner"].create({"name": "Told about"})
            outbound.tell(env, partner)
            delivery = env[DELIVERY].search([("subscription_id", "=", subscription.id)])
            ids = {SUBSCRIPTION: subscription.id, DELIVERY: delivery.id}
        yield ids, receiver


@pytest.mark.parametrize("name", OUTSIDERS)
def test_others_see_and_touch_nothing(world, rpc_error, sent, name):
    ids, receiver = sent
    client = world.login(name)
    for model, record_id in ids.items():
        for way, ask in reads(client, model, [record_id]):
            if (model, way) == (DELIVERY, "metadata"):
                # It has no author and no date of change: Odoo repeats the id that was asked for.
                continue
            try:
                found = ask()
            except rpc_error:
                continue
            assert not found, f"{name} finds {model} by {way}"
    for model, method in (
        (SUBSCRIPTION, "action_ping"),
        (SUBSCRIPTION, "action_pause"),
        (SUBSCRIPTION, "action_disable"),
        (SUBSCRIPTION, "action_cancel_waiting"),
        (DELIVERY, "action_cancel"),
    ):
        with pytest.raises(rpc_error):
            client.call(model, method, [ids[model]], context=FORGED)
    assert receiver.arrivals() == []
    with world.env() as env:
        assert env[SUBSCRIPTION].browse(ids[SUBSCRIPTION]).state == "active"
        assert env[DELIVERY].browse(ids[DELIVERY]).state == "pending"


@pytest.mark.parametrize("name", ["operations", "administrator", "system", "compliance"])
def test_nobody_writes_what_the_drains_write(world, rpc_error, sent, name):
    ids, _receiver = sent
    client = world.login(name)
    with world.env() as env:
        forged = [(model, *each) for model in ids for each in forge(env, model, ids[model])]
        before = env[DELIVERY].browse(ids[DELIVERY]).read()
    for (model, field, value), context in itertools.product(forged, ({}, FORGED)):
        with pytest.raises(rpc_error):
            client.call(model, "write", [ids[model]], {field: value}, context=context)
    with pytest.raises(rpc_error):
        client.call(DELIVERY, "create", [{"subscription_id": ids[SUBSCRIPTION]}])
    with pytest.raises(rpc_error):
        client.call(DELIVERY, "unlink", [ids[DELIVERY]])
    with world.env() as env:
        assert env[DELIVERY].browse(ids[DELIVERY]).read() == before


def test_private_methods_are_out_of_reach(world, rpc_error, sent):
    ids, receiver = sent
    client = world.login("administrator")
    for method in ("_put", "_drain", "_deliver", "_cron_drain", "_settle", "_hand_back"):
        with pytest.raises(rpc_error):
            client.call(DELIVERY, method, [ids[DELIVERY]])
    for method in ("_get_credentials", "_get_matcher", "_ping", "_end_because_gone"):
        with pytest.raises(rpc_error):
            client.call(SUBSCRIPTION, method, [ids[SUBSCRIPTION]])
    assert receiver.arrivals() == []


@pytest.mark.parametrize("url", INSIDE)
def test_an_administrator_cannot_point_it_inside(world, rpc_error, sent, url):
    ids, _receiver = sent
    client = world.login("administrator")
    with world.env() as env:
        secret_id = env[SUBSCRIPTION].browse(ids[SUBSCRIPTION]).secret_id.id
    vals = {"name": f"inside {url}", "url": url, "secret_id": secret_id}
    try:
        made = client.call(SUBSCRIPTION, "create", [vals])
    except rpc_error:
        return
    shown = client.call(SUBSCRIPTION, "action_ping", made)
    assert shown["params"]["type"] == "danger", shown
    with world.env() as env:
        calls = env["hc.http.call"].search([("purpose", "=", "event_ping")], limit=1)
        assert (calls.status, bool(calls.error)) == (0, True)


def test_where_it_sends_is_fixed_while_it_sends(world, rpc_error, sent):
    ids, _receiver = sent
    client = world.login("administrator")
    for vals in ({"url": "https://elsewhere.example"}, {"type_ids": [[5, 0, 0]]}):
        with pytest.raises(rpc_error, match="Pause it"):
            client.call(SUBSCRIPTION, "write", [ids[SUBSCRIPTION]], vals, context=FORGED)
    with pytest.raises(rpc_error, match="Pause it"):
        client.call(
            "hc.event.subscription.condition",
            "create",
            [{"subscription_id": ids[SUBSCRIPTION], "field": "to", "operator": "is_set"}],
        )
