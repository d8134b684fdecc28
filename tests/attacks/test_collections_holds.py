# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A hold that the law demands is lifted by nobody but a supervisor."""

import pytest
from probes import FORGED, REFUSED

WHY = "They said on the telephone that it is over."
PEOPLE = ("collector3", "lead3")
# What somebody may send along who hopes that a context opens the door.
CONTEXT = {
    **FORGED,
    "default_kind": "manual",
    "default_state": "released",
    "hc_release": True,
    "active_test": False,
    "default_source_model": False,
}


@pytest.fixture(scope="module", params=["bankruptcy", "cease", "deceased"])
def hold(world, collection_desk, request):
    """A hold of law on an account of its own: its id and kind."""
    number = ("bankruptcy", "cease", "deceased").index(request.param)
    with world.env() as env:
        account = env["hc.collection.account"].browse(collection_desk["account"][-1 - number])
        placed = env["hc.collection.hold"]._place(account, request.param, "as the paper says")
        return placed.id, request.param


def _read(world, hold_id):
    with world.env() as env:
        placed = env["hc.collection.hold"].browse(hold_id)
        return placed.state, placed.kind, placed.released_on, placed.release_reason


def _attempts(world, person, kind):
    with world.env() as env:
        return env["hc.refused.attempt"].search_count(
            [("user_id.login", "=", f"at.{person}"), ("reason", "=", f"release_{kind}")]
        )


@pytest.mark.parametrize("person", PEOPLE)
def test_a_legal_hold_is_not_released(world, rpc_error, hold, person):
    hold_id, kind = hold
    key, client = world.key(person), world.login(person)
    before, tried = _read(world, hold_id), _attempts(world, person, kind)
    answer = key.post("hc.collection.hold", "action_open_release", ids=[hold_id], context=CONTEXT)
    assert answer.status_code in REFUSED, answer.text[:200]
    for method in ("_release", "_release_by_person", "_expire", "_transition"):
        answer = key.post("hc.collection.hold", method, ids=[hold_id], context=CONTEXT)
        assert answer.status_code in REFUSED, method
    for vals in (
        {"state": "released"},
        {"kind": "manual"},
        {"date_to": "2020-01-01"},
        {"source_model": "hc.payment.plan", "source_id": 1},
    ):
        answer = key.post("hc.collection.hold", "write", ids=[hold_id], vals=vals, context=CONTEXT)
        assert answer.status_code in REFUSED, vals
    answer = key.post("hc.collection.hold", "unlink", ids=[hold_id], context=CONTEXT)
    assert answer.status_code in REFUSED
    for context in ({}, CONTEXT):
        with pytest.raises(rpc_error):
            _press_release(client, hold_id, context)
    assert _read(world, hold_id) == before
    if person == "collector3":
        assert _attempts(world, person, kind) > tried, "the attempt is on record"


def _press_release(client, hold_id, context):
    """Fill the wizard in and press its button, whatever the screen shows."""
    wizard = "hc.hold.release.wizard"
    values = {"hold_id": hold_id, "reason": WHY}
    wizard_id = client.call(wizard, "create", [values], context=context)
    client.call(wizard, "action_confirm", wizard_id, context=context)


def test_a_supervisor_releases_it_and_the_log_says_so(world, hold):
    hold_id, _kind = hold
    _press_release(world.login("supervisor"), hold_id, {})
    state, _kind, released_on, reason = _read(world, hold_id)
    assert (state, bool(released_on), reason) == ("released", True, WHY)
    with world.env() as env:
        [move] = env["hc.transition"].search(
            [
                ("res_model", "=", "hc.collection.hold"),
                ("res_id", "=", hold_id),
                ("to_state", "=", "released"),
            ]
        )
        assert move.actor_id.login == "at.supervisor"
