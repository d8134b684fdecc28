# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Subscriptions and events in any number, for tests of the outbox that commit."""

import multiprocessing
import os

EVENT = "custom.tested"


def subscribe(env, url, name, types=(EVENT,)):
    """A subscription that is sending to a receiver of this machine.

    Args:
        env: of the superuser.
        url: of the receiver.
        name: of the subscription, used once.
        types: codes of event types; those that are missing are added to the catalogue.
    """
    _allow_loopback(env)
    catalogue = env["hc.event.type"]
    for code in types:
        if not catalogue.search([("code", "=", code)]):
            catalogue.create({"code": code, "name": code, "kind": "custom"})
    secret = env["hc.secret"].create({"name": name, "code": f"test.{name}", "value": "a secret"})
    subscription = env["hc.event.subscription"].create(
        {
            "name": name,
            "url": url,
            "secret_id": secret.id,
            "type_ids": catalogue.search([("code", "in", types)]).ids,
        }
    )
    subscription.action_activate()
    return subscription


def _allow_loopback(env):
    allowances = env["hc.http.allowance"]
    if allowances.search([("target", "=", "127.0.0.1/32"), ("state", "=", "approved")]):
        return
    group = env.ref("hc_revenue_base.group_hc_administrator")
    asks, agrees = env["res.users"].create(
        [
            {"name": login, "login": login, "group_ids": [(4, group.id)]}
            for login in ("outbound.asks", "outbound.agrees")
        ]
    )
    allowance = allowances.with_user(asks).create(
        {
            "target": "127.0.0.1",
            "allows_plain": True,
            "reason": "The receiver of the tests",
            "expires_on": "2099-12-31",
        }
    )
    allowance.with_user(agrees).action_approve()


def tell(env, partners, rounds=1):
    """Log an event about each partner, and again for each round."""
    for _round in range(rounds):
        env["hc.transition"]._append(
            [
                {
                    "record": partner,
                    "kind": "event",
                    "facts": {"event": EVENT},
                    "company_id": env.company.id,
                }
                for partner in partners
            ]
        )


def drain(config, database, number, ready=None, go=None):
    """Send until nothing is left for the subscriptions that send; a process of its own."""
    import odoo
    from odoo.modules.registry import Registry
    from odoo.tools import config as odoo_config

    odoo_config.parse_config([f"--config={config}", "--max-cron-threads=0", "--log-level=warn"])
    registry = Registry(database)
    if ready:
        ready.release()
        go.wait()
    left = [
        ("state", "in", ("pending", "sending")),
        ("subscription_id.state", "=", "active"),
    ]
    while True:
        with registry.cursor() as cursor:
            env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
            if not env["hc.event.delivery"].search_count(left, limit=1):
                return
            env.ref(f"hc_integration.ir_cron_drain_events_{number}").method_direct_trigger()


def start_drains(database, numbers):
    """Start a process for each Scheduled Action that sends, all ready to begin.

    Returns:
        (processes, the event that lets them go)
    """
    context = multiprocessing.get_context("spawn")
    ready, go = context.Semaphore(0), context.Event()
    drains = [
        context.Process(
            target=drain, args=(os.environ["HC_TEST_CONFIG"], database, number, ready, go)
        )
        for number in numbers
    ]
    for process in drains:
        process.start()
    for _process in drains:
        ready.acquire()
    return drains, go


def assert_each_once_and_in_order(arrivals, expected):
    """Every message arrived, and of each record the first arrivals are in order."""
    first = list({arrival.message: arrival for arrival in arrivals}.values())
    assert len(first) == expected, f"{len(first)} of {expected} arrived"
    seen = {}
    for arrival in first:
        assert arrival.sequence > seen.get(arrival.subject, 0), f"{arrival} came too early"
        seen[arrival.subject] = arrival.sequence
