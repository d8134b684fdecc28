# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The outbox: what a fact costs more where somebody wants it, and deliveries in a second."""

import time
from collections import Counter

import outbound
import processor_time
import pytest
from webhook_receiver import receiving

ROUNDS = 5
AIMS_PER_SECOND = {0.0: 150, 0.05: 75}


def _partners(env, count):
    return env["res.partner"].create([{"name": f"Partner {number}"} for number in range(count)])


@pytest.mark.parametrize("answer_seconds", AIMS_PER_SECOND)
@pytest.mark.parametrize("drains", [1, 2])
def test_deliveries(odoo_env, database_name, tmp_path, figures, size, answer_seconds, drains):
    with receiving(tmp_path, answer_seconds=answer_seconds) as receiver:
        with odoo_env() as env:
            name = f"bench {answer_seconds} {drains} {size} {time.time_ns()}"
            subscription = outbound.subscribe(env, receiver.url, name)
            outbound.tell(env, _partners(env, size))
            subscription_id = subscription.id
        processes, go = outbound.start_drains(database_name, range(1, drains + 1))
        start = time.perf_counter()
        go.set()
        for process in processes:
            process.join()
        seconds = time.perf_counter() - start
        assert [process.exitcode for process in processes] == [0] * drains
        arrivals = receiver.arrivals()
    assert len(arrivals) == size, "lost or sent twice"
    outbound.assert_each_once_and_in_order(arrivals, size)
    with odoo_env() as env:
        deliveries = env["hc.event.delivery"].search([("subscription_id", "=", subscription_id)])
        assert set(deliveries.mapped("state")) == {"delivered"}
        assert set(deliveries.mapped("attempts")) == {1}
        shares = Counter(owner.rpartition(":")[0] for owner in deliveries.mapped("lease_owner"))
        if drains == 2 and size > 1000:
            assert len(shares) == 2, "one process did all the work"
        env["hc.event.subscription"].browse(subscription_id).action_disable()
    figures.add(
        f"deliver {size}, receiver {answer_seconds * 1e3:.0f} ms, {drains} Scheduled Actions",
        size / seconds,
        "deliveries/s",
        f"aim: {AIMS_PER_SECOND[answer_seconds]}",
    )


def test_what_a_fact_costs_more(odoo_env, figures, size):
    """Appends without a subscription, with one that does not match, with one that does.

    By processor time, the database's included.
    """
    with odoo_env() as env:
        partners = _partners(env, size)
        results = {}
        outbound.tell(env, partners)  # the first of all pays for what is read once
        for label, types in (("none", None), ("other", ("claim.*",)), ("one", (outbound.EVENT,))):
            if types:
                sub = outbound.subscribe(
                    env, "http://127.0.0.1:9/", f"{label} {time.time_ns()}", types
                )
            outbound.tell(env, partners)
            start = time.process_time() + processor_time.database_seconds(env.cr)
            for _round in range(ROUNDS):
                outbound.tell(env, partners)
                env.flush_all()
            end = time.process_time() + processor_time.database_seconds(env.cr)
            results[label] = (end - start) / ROUNDS / size * 1e3
            if types:
                sub.action_disable()
        figures.add(f"append of {size}, no subscription", results["none"], "ms CPU each")
        for label in ("other", "one"):
            more = (results[label] / results["none"] - 1) * 100
            figures.add(f"append of {size}, subscription: {label}", more, "% more")
        env.cr.rollback()
