# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Advice that is decided twice, too late, by a key, and while it is switched off."""

import ai_desk
import pytest
from probes import REFUSED
from simultaneous import at_once

SUGGESTION, POLICY, ITEM = "hc.ai.suggestion", "hc.ai.policy", "hc.work.item"


@pytest.fixture(scope="module")
def ai(world):
    """Ids of advice; see :mod:`ai_desk`."""
    with world.env() as env:
        return ai_desk.build(env)


def _state(world, suggestion_id):
    """State of a suggestion, who decided, the queue of its item and how often that moved."""
    with world.env() as env:
        suggestion = env[SUGGESTION].browse(suggestion_id)
        item = env[ITEM].browse(suggestion.res_id)
        moves = env["hc.transition"].search_count(
            [
                ("res_model", "=", ITEM),
                ("res_id", "=", item.id),
                ("kind", "=", "decision"),
                ("facts", "ilike", "accepted"),
            ]
        )
        return suggestion.state, suggestion.reviewer_id.login, item.queue_id.code, moves


@pytest.mark.parametrize("number", range(3))
def test_two_reviewers_at_once_write_once(world, ai, number):
    suggestion = ai["pending"][number]
    people = [world.login(name) for name in ("lead", "lead2")]
    results = at_once(
        *(lambda p=p: p.call(SUGGESTION, "action_accept", [suggestion]) for p in people)
    )
    errors = [each for each in results if isinstance(each, Exception)]
    assert len(errors) == 1, results
    assert errors[0].name.rpartition(".")[2] in ("UserError", "LockError"), errors
    state, login, queue, moves = _state(world, suggestion)
    winner = "lead" if not isinstance(results[0], Exception) else "lead2"
    assert (state, login, queue, moves) == ("accepted", f"at.{winner}", "billing", 1)


@pytest.mark.parametrize("number", range(3, 6))
def test_accepted_and_rejected_at_once_is_one_of_them(world, ai, number):
    suggestion = ai["pending"][number]
    one, other = world.login("lead"), world.login("lead2")
    results = at_once(
        lambda: one.call(SUGGESTION, "action_accept", [suggestion]),
        lambda: other.call(SUGGESTION, "action_reject", [suggestion], "no"),
    )
    assert sum(isinstance(each, Exception) for each in results) == 1, results
    assert _state(world, suggestion) in (
        ("accepted", "at.lead", "billing", 1),
        ("rejected", "at.lead2", "coding", 0),
    )


def test_stale_advice_is_not_accepted_and_stays_to_be_asked_again(world, ai):
    suggestion, item = ai["pending"][6], ai["item"][6]
    with world.env() as env:
        env[ITEM].browse(item)._write_guarded({"queue_id": ai["queue"]["prior_auth"]})
    answer = world.key("lead").post(SUGGESTION, "action_accept", ids=[suggestion])
    assert (answer.status_code, "has changed since" in answer.text) == (422, True), answer.text
    assert _state(world, suggestion) == ("pending", False, "prior_auth", 0)
    panel = world.login("lead").call(SUGGESTION, "get_panel", ITEM, item)
    assert [each["is_stale"] for each in panel["suggestions"]] == [True]


def test_a_key_decides_as_its_owner_and_once(world, ai):
    suggestion = ai["pending"][7]
    key = world.key("lead")
    assert key.post(SUGGESTION, "action_accept", ids=[suggestion]).status_code == 200
    for method in ("action_accept", "action_reject"):
        again = key.post(SUGGESTION, method, ids=[suggestion])
        assert again.status_code in REFUSED, again.text
    assert _state(world, suggestion) == ("accepted", "at.lead", "billing", 1)


def test_many_accepted_with_one_that_is_not_the_own_are_none(world, ai):
    ids = [ai["pending"][8], *ai["elsewhere"]]
    answer = world.key("lead").post(SUGGESTION, "action_accept", ids=ids)
    assert answer.status_code in REFUSED, answer.text
    assert _state(world, ids[0])[0] == "pending"
    assert _state(world, ids[1])[0] == "pending"


def test_asked_twice_at_once_is_one_suggestion(world, ai):
    item = ai["item"][9]
    people = [world.login(name) for name in ("lead", "lead2", "clerk")]
    results = at_once(*(lambda p=p: p.call(SUGGESTION, "ask", ITEM, item) for p in people))
    errors = [each for each in results if isinstance(each, Exception)]
    assert {each.name.rpartition(".")[2] for each in errors} <= {"UserError", "LockError"}, errors
    assert len(errors) < len(results), errors
    with world.env() as env:
        assert (
            env[SUGGESTION].search_count(
                [("res_model", "=", ITEM), ("res_id", "=", item), ("state", "=", "pending")]
            )
            <= 1
        )


def test_back_in_shadow_nothing_is_shown_or_accepted(world, ai):
    """What was watched again is no longer advice; the last test here, as it ends the rest."""
    suggestion, item = ai["pending"][10], ai["item"][10]
    key = world.key("administrator")
    assert key.post(POLICY, "action_shadow", ids=[ai["policy"]]).status_code == 200
    panel = world.login("lead").call(SUGGESTION, "get_panel", ITEM, item)
    assert panel == {"suggestions": [], "can_ask": False}
    answer = world.key("lead").post(SUGGESTION, "action_accept", ids=[suggestion])
    assert answer.status_code in REFUSED, answer.text
    assert _state(world, suggestion)[::2] == ("superseded", "coding")
